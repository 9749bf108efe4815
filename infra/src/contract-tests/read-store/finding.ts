import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { change, type ReadStoreSuite, thing } from './samples.ts';

const keys = Array.from({ length: 60 }, (_, n) => `k${String(n).padStart(2, '0')}`);
const colors = ['red', 'green', null] as const;
const rows = keys.map((key, n) => thing(key, colors[n % 3] ?? null, keys[59 - n]));

export const describeFinding = ({ read, write, fresh }: ReadStoreSuite): void => {
  describe('finding', () => {
    const fill = async () => {
      const table = await fresh('things');
      await write().commit([change(table, [0, 9], { upserts: rows })]);
    };
    const found = async (find: Parameters<ReturnType<typeof read>['find']>[1]) =>
      (await read().find('things', find)).value.map(({ key }) => key);

    test('rows come by key, from either end, with the position', async () => {
      await fill();
      expect(await found({ limit: 3 })).toEqual(['k00', 'k01', 'k02']);
      expect(await found({ limit: 2, newestFirst: true })).toEqual(['k59', 'k58']);
      expect(await found({ limit: 2, cursor: 'k01' })).toEqual(['k02', 'k03']);
      expect(await found({ limit: 2, cursor: 'k02', newestFirst: true })).toEqual(['k01', 'k00']);
      const nothing = await read().find('things', { limit: 5, where: { color: 'blue' } });
      expect(nothing).toEqual({ value: [], logPosition: 9n });
    });

    test('fields narrow by equality and by range, and null is never equal', async () => {
      await fill();
      expect(await found({ limit: 2, where: { color: 'green' } })).toEqual(['k01', 'k04']);
      const between = { field: 'made', from: 'k10', to: 'k12' };
      expect(await found({ limit: 9, between })).toEqual(['k48', 'k49']);
      expect(await found({ limit: 9, between, where: { color: 'red' } })).toEqual(['k48']);
      expect(await found({ limit: 60, between: { field: 'color' } })).toHaveLength(40);
    });

    test('pages of any size give every row once, in order', async () => {
      await fill();
      const page = fc.record({ limit: fc.integer({ min: 1, max: 61 }), newestFirst: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(page, async ({ limit, newestFirst }) => {
          const all: string[] = [];
          for (let cursor: string | undefined, pages = 0; pages < 61; pages++) {
            const next = await found({
              limit,
              newestFirst,
              ...(cursor !== undefined && { cursor }),
            });
            all.push(...next);
            cursor = next.at(-1);
            if (next.length < limit) break;
          }
          expect(all).toEqual(newestFirst ? keys.toReversed() : keys);
        }),
        { numRuns: 20 },
      );
    });

    test('an undeclared view or field, and a page out of bounds, are bugs', async () => {
      await fill();
      await expect(read().get('nothing', 'a')).rejects.toThrow(RangeError);
      await expect(read().find('things', { limit: 1, where: { size: '1' } })).rejects.toThrow(
        RangeError,
      );
      await expect(read().find('things', { limit: 0 })).rejects.toThrow(RangeError);
      await expect(read().find('things', { limit: 502 })).rejects.toThrow(RangeError);
    });
  });
};
