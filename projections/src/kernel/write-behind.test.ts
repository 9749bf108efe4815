import type { LogPosition, ViewChange, ViewRow } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { writeBehind } from './write-behind.ts';

const table = { view: 'things', generation: 1 };
const row = (key: string, n: number): ViewRow => ({ key, row: { n }, fields: {} });
const change = (from: bigint, upserts: readonly ViewRow[], deletes: readonly string[] = []) => ({
  ...{ table, from: from as LogPosition, to: (from + 1n) as LogPosition },
  ...{ parked: null, upserts, deletes },
});

test('a row that many pages move is read from what waits and written once, with all pages', async () => {
  const loaded: ViewChange[] = [];
  const stored = new Map([['c', row('c', 9)]]);
  const writes = writeBehind(
    {
      read: async (_, keys) =>
        new Map(keys.flatMap((key) => stored.get(key) ?? []).map((of) => [of.key, of])),
      load: async (changes) => {
        loaded.push(...changes);
        return 'committed';
      },
    },
    { mostRows: 100, onSwapped: () => new Error('swapped') },
  );
  await writes.write([change(0n, [row('a', 1), row('b', 1)])]);
  await writes.write([change(1n, [row('a', 2)], ['b'])]);
  const rows = await writes.read(table, ['a', 'b', 'c']);
  expect([...rows].map(([key, of]) => [key, of.row])).toEqual([
    ['c', { n: 9 }],
    ['a', { n: 2 }],
  ]);
  await writes.flush();
  expect(loaded).toEqual([{ ...change(0n, [row('a', 2)], ['b']), to: 2n }]);
});

test('what is on its way to the store is read from memory, and a build that is gone is told', async () => {
  const { promise, resolve } = Promise.withResolvers<'swapped'>();
  const writes = writeBehind(
    { read: async () => new Map(), load: () => promise },
    { mostRows: 1, onSwapped: () => new Error('swapped') },
  );
  await writes.write([change(0n, [row('a', 1)])]);
  expect((await writes.read(table, ['a'])).get('a')?.row).toEqual({ n: 1 });
  resolve('swapped');
  await expect(writes.flush()).rejects.toThrow('swapped');
});
