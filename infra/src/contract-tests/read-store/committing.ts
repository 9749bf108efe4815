import {
  CheckpointLost,
  type LogPosition,
  ReadStoreUnavailable,
  ViewParked,
} from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { change, type ReadStoreSuite, thing } from './samples.ts';

export const describeCommitting = ({ read, write, fresh }: ReadStoreSuite): void => {
  describe('committing', () => {
    test('a view that was never built is unavailable, not empty', async () => {
      await expect(read().get('things', 'a')).rejects.toThrow(ReadStoreUnavailable);
      expect(await write().serving()).toEqual([]);
    });

    test('rows and position change together, and come back as they were', async () => {
      const table = await fresh('things');
      const rows = [thing('a', 'red'), thing('b', null)];
      expect(await write().commit([change(table, [0, 3], { upserts: rows })])).toBe('committed');
      expect(await read().get('things', 'a')).toEqual({ value: rows[0]?.row, logPosition: 3n });
      expect(await read().get('things', 'c')).toEqual({ value: undefined, logPosition: 3n });
      const next = { upserts: [thing('a', 'blue')], deletes: ['b', 'never there'] };
      await write().commit([change(table, [3, 4], next)]);
      expect((await read().get('things', 'a')).value).toMatchObject({ color: 'blue' });
      expect(await read().get('things', 'b')).toEqual({ value: undefined, logPosition: 4n });
    });

    test('the projector reads back the rows that exist', async () => {
      const table = await fresh('things');
      await write().commit([change(table, [0, 1], { upserts: [thing('a', 'red')] })]);
      const found = await write().read(table, ['a', 'b']);
      expect([...found.keys()]).toEqual(['a']);
      expect(found.get('a')?.row).toEqual(thing('a', 'red').row);
    });

    test('a change from another checkpoint is refused, with every other change beside it', async () => {
      const [first, second] = [await fresh('things'), await fresh('others')];
      await write().commit([change(first, [0, 5]), change(second, [0, 5])]);
      const stale = [
        change(second, [5, 6], { upserts: [{ key: 'x', row: {}, fields: {} }] }),
        change(first, [4, 6], { upserts: [thing('a', 'red')] }),
      ];
      await expect(write().commit(stale)).rejects.toThrow(CheckpointLost);
      expect(await read().get('others', 'x')).toEqual({ value: undefined, logPosition: 5n });
      expect(await read().get('things', 'a')).toEqual({ value: undefined, logPosition: 5n });
    });

    test('of many writers with one checkpoint one alone is taken', async () => {
      const table = await fresh('things');
      const race = Array.from({ length: 10 }, (_, n) =>
        write().commit([change(table, [0, 1], { upserts: [thing(`${n}`, 'red')] })]),
      );
      const settled = await Promise.allSettled(race);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await read().find('things', { limit: 50 })).value).toHaveLength(1);
    });

    test('a parked view answers nothing, keeps its position, and may go on later', async () => {
      const table = await fresh('things');
      const upserts = [thing('a', 'red')];
      await write().commit([change(table, [0, 2], { upserts, parked: 'event 3 is bad' })]);
      await expect(read().get('things', 'a')).rejects.toThrow(ViewParked);
      await expect(read().find('things', { limit: 1 })).rejects.toThrow('event 3 is bad');
      const parked = (await write().serving()).find(({ view }) => view === 'things');
      expect(parked).toMatchObject({ logPosition: 2n, parked: 'event 3 is bad' });
      await write().commit([change(table, [2, 3])]);
      expect((await read().get('things', 'a')).logPosition).toBe(3n);
    });

    test('positions as long as those of EventStoreDB are kept to the last digit', async () => {
      const table = await fresh('others');
      const far = ((2n ** 63n - 1n) << 64n) | 12_345n;
      await write().commit([{ ...change(table, [0, 0]), to: far as LogPosition }]);
      expect((await read().get('others', 'x')).logPosition).toBe(far);
    });
  });
};
