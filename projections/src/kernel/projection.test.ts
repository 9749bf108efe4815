import { z } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { codedRow } from './projection.ts';

const { encode, parse } = codedRow(
  z.strictObject({ a: z.string().nullable(), b: z.string(), c: z.number().nullable() }),
);

test('a null of a row is not stored, and is null again where the row is read', () => {
  expect(encode({ a: null, b: '', c: 0 })).toEqual({ b: '', c: 0 });
  expect(parse(encode({ a: null, b: '', c: 0 }))).toEqual({ a: null, b: '', c: 0 });
});

test('a field that may not be null is missed when it is not stored', () => {
  expect(() => parse({ a: 'a' })).toThrow('b');
});
