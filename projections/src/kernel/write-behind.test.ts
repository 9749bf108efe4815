import type { LogPosition, ViewChange, ViewLoad, ViewRow } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { writeBehind } from './write-behind.ts';

const table = { view: 'things', generation: 1 };
const onSwapped = () => new Error('swapped');
const row = (key: string, n: number | string): ViewRow => ({ key, row: { n }, fields: {} });
const change = (
  from: bigint,
  upserts: readonly ViewRow[],
  deletes: readonly string[] = [],
): ViewChange => ({
  ...{ table, from: from as LogPosition, to: (from + 1n) as LogPosition },
  ...{ parked: null, upserts, deletes },
});

test('a row that many pages move is read from what waits and written once, with all pages', async () => {
  const loaded: ViewLoad[] = [];
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
    { batchBytes: 100_000, onSwapped },
  );
  await writes.write([change(0n, [row('a', 1), row('b', 1)])]);
  await writes.write([change(1n, [row('a', 2)], ['b'])]);
  const rows = await writes.read(table, ['a', 'b', 'c']);
  expect([...rows].map(([key, of]) => [key, of.row])).toEqual([
    ['c', { n: 9 }],
    ['a', { n: 2 }],
  ]);
  await writes.flush();
  const upserts = [{ key: 'a', fields: {}, text: '{"n":2}' }];
  expect(loaded).toEqual([{ ...change(0n, [], ['b']), upserts, to: 2n }]);
});

test('what is on its way to the store is read from memory, and a build that is gone is told', async () => {
  const { promise, resolve } = Promise.withResolvers<'swapped'>();
  const writes = writeBehind(
    { read: async () => new Map(), load: () => promise },
    { batchBytes: 1, onSwapped },
  );
  await writes.write([change(0n, [row('a', 1)])]);
  expect((await writes.read(table, ['a'])).get('a')?.row).toEqual({ n: 1 });
  resolve('swapped');
  await expect(writes.flush()).rejects.toThrow('swapped');
});

/** Pages of rows that are new or that stand already, until the store takes no more; then how many it had. */
const pagesHeld = async (keyOf: (page: number) => string, bytes: number): Promise<number> => {
  const { promise, resolve } = Promise.withResolvers<'committed'>();
  const writes = writeBehind(
    { read: async () => new Map(), load: () => promise },
    { batchBytes: 100_000, onSwapped },
  );
  let held = 0;
  const filling = (async () => {
    for (; held < 1_000; held++)
      await writes.write([change(BigInt(held), [row(keyOf(held), 'x'.repeat(bytes))])]);
  })();
  for (let before = -1; before !== held; ) {
    before = held;
    await new Promise(setImmediate);
  }
  const found = held;
  resolve('committed');
  await filling;
  return found;
};

test('a row that page after page moves is written out once, and read as it is meanwhile', async () => {
  let [written, loaded] = [0, ''];
  const writes = writeBehind(
    {
      read: async () => new Map(),
      load: async (changes) => {
        loaded = changes.flatMap(({ upserts }) => upserts.map(({ text }) => text)).join();
        return 'committed';
      },
    },
    { batchBytes: 100_000, onSwapped },
  );
  const counted = (n: number): ViewRow => {
    const toJSON = () => {
      written += 1;
      return { n };
    };
    return { ...row('a', n), row: Object.defineProperty({ n }, 'toJSON', { value: toJSON }) };
  };
  for (let page = 0; page < 50; page++) {
    await writes.write([change(BigInt(page), [counted(page)])]);
    expect((await writes.read(table, ['a'])).get('a')?.row).toEqual({ n: page });
  }
  await writes.flush();
  expect([written, loaded]).toEqual([1, '{"n":49}']);
});

test('two batches and a page at most are held, by what rows take and not by how many they are', async () => {
  // One batch is on its way, and the page that fills the next one waits for it. What the last page has
  // moved counts once another follows.
  expect(await pagesHeld((page) => `${page}`, 9_500)).toBe(23);
  expect(await pagesHeld((page) => `${page}`, 100_000)).toBe(3);
  expect(await pagesHeld(() => 'the same', 9_500)).toBe(1_000);
});
