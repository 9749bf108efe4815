import { describe, expect, test } from 'vitest';
import { at, change, type ReadStoreSuite, thing } from './samples.ts';

export const describeSnapshots = ({ read, write, fresh }: ReadStoreSuite): void => {
  describe('looking while others write', () => {
    test('a snapshot shows one moment whatever is written meanwhile', async () => {
      const table = await fresh('things');
      const upserts = ['a', 'b', 'c'].map((key) => thing(key, 'red'));
      await write().commit([change(table, [0, 1], { upserts })]);
      const seen = await write().snapshot('things', async ({ checkpoint, scan }) => {
        const first = await scan(undefined, 2);
        await write().commit([
          change(table, [1, 2], { upserts: [thing('d', 'red')], deletes: ['c'] }),
        ]);
        const second = await scan('b', 2);
        return {
          logPosition: checkpoint.logPosition,
          keys: [...first, ...second].map(({ key }) => key),
        };
      });
      expect(seen).toEqual({ logPosition: at(1), keys: ['a', 'b', 'c'] });
      expect(await write().snapshot('others-never-built', async () => 'there')).toBeUndefined();
    });

    test('readers meet the old rows or the new ones while tables are exchanged, and never neither', async () => {
      await fresh('things');
      const swapping = (async () => {
        for (let round = 0; round < 10; round++) await fresh('things');
      })();
      let reads = 0;
      for (let done = false; !done; reads++) {
        done = await Promise.race([
          swapping.then(() => true),
          read()
            .get('things', 'a')
            .then(() => false),
        ]);
      }
      expect(reads).toBeGreaterThan(0);
      await swapping;
    });
  });
};
