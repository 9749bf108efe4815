import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { alsoSpelt, readAsWritten } from './as-written.ts';

const frame = alsoSpelt(z.enum(['1Min', '1Day']), { daily: '1Day' });
const schema = z.strictObject({
  symbols: z.array(z.string().transform((text) => text)).optional(),
  type: z.enum(['market', 'stop_limit']).optional(),
  frame: frame.default('1Day'),
  limit: z.int().default(10),
  note: z.string().optional(),
  only: z.boolean().optional(),
  price: z.unknown().transform((value) => value),
});
const read = (given: unknown) => readAsWritten(schema, given);
const uuid = '0189ABCD-0000-7000-8000-00000000ABCD';

describe('arguments as they are written', () => {
  test.each<[string, unknown, unknown]>([
    ['null for absent', { note: null, limit: null }, {}],
    ['the whole as JSON text', '{"limit":3}', { limit: 3 }],
    ['an enumeration in any case', { type: 'MARKET' }, { type: 'market' }],
    ['an enumeration with blanks or a dash', { type: ' Stop-Limit ' }, { type: 'stop_limit' }],
    ['another spelling that is as good', { frame: 'Daily' }, { frame: '1Day' }],
    ['a number as text', { limit: ' 5 ' }, { limit: 5 }],
    ['text as a number', { note: 2.5 }, { note: '2.5' }],
    ['a list as JSON text', { symbols: '["A","B"]' }, { symbols: ['A', 'B'] }],
    ['a list with commas', { symbols: 'A, B' }, { symbols: ['A', 'B'] }],
    ['one for a list of one', { symbols: 'A' }, { symbols: ['A'] }],
    ['blanks around', { note: ' x ', price: ' 1.5 ' }, { note: 'x', price: '1.5' }],
    ['a boolean as text', { only: 'False' }, { only: false }],
    ['an id in capitals', { note: uuid }, { note: uuid.toLowerCase() }],
  ])('take %s', (_, given, expected) => {
    expect(read(given)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['an unknown name, even with null', { nothing: null }],
    ['a word that no enumeration has', { type: 'limit' }],
    ['a number that is none', { limit: '5e3' }],
    ['a number of too many digits', { note: 1e21 }],
    ['a broken list', { symbols: '["A",' }],
    ['a list with a hole', { symbols: 'A,,B' }],
    ['an object for a list', { symbols: { 0: 'A' } }],
    ['a text that is no object', 'limit 3'],
    ['a list for an object', [1]],
    ['a number for a truth', { only: 1 }],
  ])('leave %s to the schema', (_, given) => {
    expect(read(given)).toEqual(given);
    expect(schema.safeParse(read(given)).success).toBe(false);
  });

  test('keep what objects have by nature among the names that are refused', () => {
    const given = JSON.parse('{"__proto__":{"limit":1},"constructor":1}');
    expect(Object.keys(read(given) as object)).toEqual(['__proto__', 'constructor']);
    expect(schema.safeParse(read(given)).success).toBe(false);
  });
});
