import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { events } from '../catalog.ts';
import { encodeBy, sparseEncoder } from './encoder.ts';
import { moneySchema } from './money.ts';
import { instantSchema } from './time.ts';

const corpus = join(import.meta.dirname, '..', '..', 'corpus');

describe('the wire form', () => {
  test.each(readdirSync(corpus))('of %s is what the schema itself gives', (file) => {
    const [type = '', version] = file.split('.');
    const { schema, version: current } = events[type as keyof typeof events];
    if (version !== `v${current}`) return;
    const value = schema.parse(JSON.parse(readFileSync(join(corpus, file), 'utf8')));
    const encoded = encodeBy(schema, value);
    expect(encoded).toEqual(z.encode(schema as z.ZodType, value));
    expect(Object.keys(encoded as object)).toEqual(
      Object.keys(z.encode(schema as z.ZodType, value) as object),
    );
  });

  const schema = z.strictObject({
    cash: moneySchema,
    at: instantSchema.nullable(),
    side: z.enum(['buy', 'sell']),
    count: z.int(),
    share: z.number().optional(),
    notes: z.array(z.string()),
    by: z.record(z.string(), z.boolean()),
  });
  const good: z.output<typeof schema> = {
    cash: 1_500_000n as z.output<typeof moneySchema>,
    at: null,
    side: 'buy',
    count: 1,
    notes: ['a'],
    by: { x: true },
  };

  test('leaves out what is not there', () => {
    expect(encodeBy(schema, good)).toEqual({ ...good, cash: '1.5' });
  });

  test('is without what is null at its top, in the same order, where it is to be sparse', () => {
    const encode = sparseEncoder(schema.extend({ why: z.string().nullable().optional() }));
    const { at: _, ...rest } = good;
    expect(JSON.stringify(encode({ ...good, why: null }))).toBe(
      JSON.stringify({ ...rest, cash: '1.5' }),
    );
    expect(encode({ ...good, why: 'so' })).toEqual({ ...rest, cash: '1.5', why: 'so' });
    expect(() => encode({ ...good, why: 1 })).toThrow(TypeError);
    expect(() => encode({ ...good, more: null })).toThrow(TypeError);
    expect(() => sparseEncoder(z.string())).toThrow(TypeError);
  });

  test.each([
    ['money that is a number', { cash: 1.5 }],
    ['a date that is a text', { at: '2026-11-24T10:00:00Z' }],
    ['a word outside the enumeration', { side: 'hold' }],
    ['a fraction for a whole number', { count: 0.5 }],
    ['a number that is none', { share: Number.NaN }],
    ['a list that is a text', { notes: 'a' }],
    ['a member of the wrong kind', { by: { x: 1 } }],
    ['a member that nobody declared', { more: 1 }],
    ['a member that is missing', { notes: undefined }],
  ])('is refused for %s', (_, wrong) => {
    const value = { ...good, ...wrong } as z.output<typeof schema>;
    expect(() => encodeBy(schema, value)).toThrow(TypeError);
  });
});
