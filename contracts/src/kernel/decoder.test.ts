import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { events } from '../catalog.ts';
import { decodeBy, decodeQuickly, undecided } from './decoder.ts';
import type { Json } from './json.ts';
import { moneySchema } from './money.ts';
import { instantSchema } from './time.ts';

const corpus = join(import.meta.dirname, '..', '..', 'corpus');
const stored = readdirSync(corpus).map((file) => {
  const [type = '', version] = file.split('.');
  const { schema, version: current } = events[type as keyof typeof events];
  const data = JSON.parse(readFileSync(join(corpus, file), 'utf8')) as Json;
  return { file, schema: schema as z.ZodType, data, isCurrent: version === `v${current}` };
});
const current = stored.filter(({ isCurrent }) => isCurrent);

/** Where a value can be changed: the way to every member and item, and to the value itself. */
const places = (value: Json, way: readonly string[] = []): readonly (readonly string[])[] => [
  way,
  ...(typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => places(member, [...way, key]))
    : []),
];

type Change = (value: Json) => Json | undefined;

/** The value with a change made at one place; a member that is changed to undefined is gone. */
const changedAt = (value: Json, [key, ...way]: readonly string[], change: Change): Json => {
  if (key === undefined) return change(value) ?? null;
  const copy = structuredClone(value) as Record<string, Json>;
  const member = copy[key] as Json;
  const changed = way.length === 0 ? change(member) : changedAt(member, way, change);
  if (changed === undefined) delete copy[key];
  else copy[key] = changed;
  return copy;
};

/** Texts and numbers that stand near what schemas ask for, and some that stand nowhere near. */
const others = fc.oneof(
  fc.constantFrom<Json>(null, '', 'x', 'NVDA', 'buy', '1.5', '-0', '01', '1e3', '9'.repeat(41)),
  fc.constantFrom<Json>(0, -0, 1, -1, 0.5, 2 ** 53, 2 ** 53 - 1, 1e300, true, [], {}),
  fc.constantFrom<Json>(
    '2026-11-23',
    '2026-11-23T14:30:00Z',
    '2026-13-40T14:30:00Z',
    '1.0000000001',
  ),
  fc.constantFrom<Json>(JSON.parse('{"__proto__":1}'), { constructor: 1 }, [null], { 0: 'a' }),
  fc.jsonValue() as fc.Arbitrary<Json>,
);
const strangers = fc.constantFrom('more', 'constructor', 'toString', '0', '__proto__');

const change: fc.Arbitrary<Change> = fc.oneof(
  others.map((other) => () => other),
  fc.constant(() => undefined),
  fc.constant((value: Json) => (Array.isArray(value) ? [...value, ...value] : [value])),
  fc.tuple(strangers, others).map(([key, other]) => (value: Json) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const more = JSON.parse(JSON.stringify({ [`key ${key}`]: other }).replace('key ', ''));
    return JSON.parse(
      `${JSON.stringify(value).slice(0, -1)}${Object.keys(value).length > 0 ? ',' : ''}${JSON.stringify(more).slice(1)}`,
    );
  }),
);

/** The same value, or a refusal in the same words. */
const expectSame = (schema: z.ZodType, wire: Json): void => {
  const own = decodeBy(schema, wire);
  const zods = schema.safeDecode(wire);
  expect(own.success).toBe(zods.success);
  expect(own.data).toStrictEqual(zods.data);
  expect(own.error?.issues).toEqual(zods.error?.issues);
  const quick = decodeQuickly(schema, wire);
  if (quick !== undecided) expect(quick).toStrictEqual(zods.data);
};

describe('what stands in the log', () => {
  test.each(current.map(({ file, ...of }) => [file, of] as const))(
    'is decoded the quick way: %s',
    (_, { schema, data }) => {
      const quick = decodeQuickly(schema, data);
      expect(quick).toStrictEqual(schema.decode(data));
      expect(Object.keys(quick as object)).toEqual(Object.keys(schema.decode(data) as object));
    },
  );

  test('is refused exactly where the schema refuses it, whatever was done to it', () => {
    const changes = fc.array(fc.tuple(fc.nat(), change), { minLength: 0, maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...stored), changes, ({ schema, data }, made) => {
        const wire = made.reduce<Json>((value, [pick, by]) => {
          const all = places(value);
          return changedAt(value, all[pick % all.length] ?? [], by);
        }, data);
        expectSame(schema, wire);
      }),
      { numRuns: 3_000 },
    );
  });

  test('holds no kind of schema that the quick way does not know', () => {
    const changed = current.filter(({ schema, data }) => decodeQuickly(schema, data) === undecided);
    expect(changed.map(({ file }) => file)).toEqual([]);
  });
});

test('members that a schema drops are passed over the quick way', () => {
  const schema = z.object({ a: z.object({ b: z.int() }) });
  expect(decodeQuickly(schema, { a: { b: 1, c: 2 }, d: 3 })).toStrictEqual({ a: { b: 1 } });
});

describe('a schema of another kind', () => {
  const kinds: Readonly<Record<string, z.ZodType>> = {
    'a default': z.strictObject({ a: z.int().default(3) }),
    'a value that is caught': z.strictObject({ a: z.int().catch(3) }),
    'a text that is trimmed': z.strictObject({ a: z.string().trim() }),
    'a short text': z.strictObject({ a: z.string().max(3) }),
    'a format of its own': z.strictObject({ a: z.iso.date() }),
    'a condition on an object': z.strictObject({ a: z.int() }).refine(({ a }) => a > 1),
    'a condition on a list': z.array(z.int()).min(2),
    'a condition on a nullable': z.strictObject({
      a: z
        .int()
        .nullable()
        .refine((a) => a !== 2),
    }),
    'a check on a nullable': z.strictObject({
      a: z
        .number()
        .nullable()
        .check(z.gt(2) as never),
    }),
    'three checks': z.strictObject({ a: z.number().min(0).max(5).multipleOf(2) }),
    'a union': z.strictObject({ a: z.union([z.int(), z.string()]) }),
    'a tuple': z.strictObject({ a: z.tuple([z.int()]) }),
    'a transform': z.strictObject({ a: z.int().transform((a) => `${a}`) }),
    'members that are let through': z.looseObject({ a: z.int() }),
    'members that are dropped': z.object({ a: z.int() }),
    'keys of an enumeration': z.record(z.enum(['a', 'b']), z.int()),
    'keys of a pattern': z.record(z.string().regex(/^a$/), z.int()),
    'a member that every object has': z.strictObject({ constructor: z.int().optional() }),
    'a nullable that may miss': z.strictObject({ a: moneySchema.nullable().optional() }),
    'an optional in a nullable': z.strictObject({ a: z.int().optional().nullable() }),
    'a whole number within bounds': z.strictObject({ a: z.int().min(0).max(1) }),
    'a number between bounds': z.strictObject({ a: z.number().gt(0).lt(1) }),
    'a codec that complains and goes on': z.codec(z.string(), z.string(), {
      decode: (text, context) => {
        if (text === 'x') context.issues.push({ code: 'custom', input: text, message: 'no x' });
        return text;
      },
      encode: (text) => text,
    }),
    'a codec in a record': z.record(z.string(), instantSchema),
  };
  const members = fc.constantFrom('a', 'b', 'constructor', '__proto__');
  const object = fc
    .array(fc.tuple(members, others), { maxLength: 3 })
    .map((all) => JSON.parse(`{${all.map(([k, v]) => `"${k}":${JSON.stringify(v)}`).join(',')}}`));

  test.each(Object.entries(kinds))('is decoded as it says: %s', (_, schema) => {
    fc.assert(
      fc.property(fc.oneof(object, others), (wire) => expectSame(schema, wire as Json)),
      { numRuns: 300 },
    );
  });
});
