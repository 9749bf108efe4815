import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './json.ts';

/** The definition that every stored digest rests on, as plainly as it can be said. */
const byDefinition = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(byDefinition).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${byDefinition(member)}`);
  return `{${members.join(',')}}`;
};

const key = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('__proto__', 'toJSON', 'constructor', 'length', '', '-1', '01', '1.5'),
  fc.nat(200).map(String),
);
const { value: anyJson } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, fc.option(tie('value'), { nil: undefined }), {
      maxKeys: 60,
      noNullPrototype: true,
    }),
  ),
}));

describe('the canonical text of a value', () => {
  test('is the one that the definition gives', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(canonicalJson(value)).toBe(byDefinition(value));
      }),
      { numRuns: 2_000 },
    );
  });

  test('does not depend on the order in which members were given', () => {
    expect(canonicalJson({ b: 1, a: { d: [true, null], c: 'x' }, e: undefined })).toBe(
      '{"a":{"c":"x","d":[true,null]},"b":1}',
    );
  });

  test('sorts keys that look like indices as the texts that they are', () => {
    expect(canonicalJson({ 9: 'nine', 10: 'ten', a: 0 })).toBe('{"10":"ten","9":"nine","a":0}');
  });

  test('keeps a member called __proto__', () => {
    expect(canonicalJson(JSON.parse('{"z":1,"__proto__":{"b":2}}'))).toBe(
      '{"__proto__":{"b":2},"z":1}',
    );
  });

  test.each([
    ['a bigint', 1n],
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['undefined', undefined],
    ['undefined in a list', [undefined]],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['an instance', new Map()],
    ['a date', new Date(0)],
    ['a null prototype', Object.create(null)],
  ])('refuses %s, wherever it stands', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson([{ a: [value] }])).toThrow(TypeError);
    expect(() => canonicalJson({ 1: 0, a: [value] })).toThrow(TypeError);
  });
});
