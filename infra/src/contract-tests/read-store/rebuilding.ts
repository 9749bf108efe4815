import { CheckpointLost, RebuildRunning } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { asText, change, type ReadStoreSuite, thing } from './samples.ts';

export const describeRebuilding = ({ read, write, fresh }: ReadStoreSuite): void => {
  describe('rebuilding', () => {
    test('what is loaded in bulk is what was given, over rows that stand and beside them', async () => {
      await fresh('things');
      const build = await write().startBuild('things');
      const load = (from: number, rows: readonly string[], deletes: readonly string[] = []) =>
        write().load([
          asText(
            change(build, [from, from + 1], {
              upserts: rows.map((key) => thing(key, from === 0 ? 'tab\tline\nü\\N' : null)),
              deletes,
            }),
          ),
        ]);
      expect(await load(0, ['b', 'd', 'f', '\u{1F600}'])).toBe('committed');
      expect(await load(1, ['a', 'b', 'e', '\uFFFD', 'g', '\u{1F600}'], ['f'])).toBe('committed');
      const rows = await write().read(build, ['a', 'b', 'd', 'e', 'f', 'g', '\u{1F600}', '\uFFFD']);
      expect([...rows.keys()].sort()).toEqual(
        ['a', 'b', 'd', 'e', 'g', '\uFFFD', '\u{1F600}'].sort(),
      );
      expect(rows.get('d')?.row).toEqual(thing('d', 'tab\tline\nü\\N').row);
      expect(rows.get('b')?.row).toEqual(thing('b', null).row);
      await expect(load(1, ['z'])).rejects.toThrow(CheckpointLost);
      await write().dropBuild(build);
    });

    test('what served before comes back, up to date as a build or as it stands', async () => {
      const first = await fresh('things');
      await write().commit([change(first, [0, 5], { upserts: [thing('a', 'red')] })]);
      const second = await fresh('things');
      expect(await write().before('things')).toMatchObject({ ...first, logPosition: 5n });
      await write().exchange(first);
      expect(await read().get('things', 'a')).toMatchObject({ logPosition: 5n });
      expect(await write().commit([change(second, [0, 6])])).toBe('swapped');
      expect(await write().before('things')).toMatchObject({ ...second });
      await write().reopen(second);
      expect(await write().before('things')).toBeUndefined();
      await expect(write().reopen(second)).rejects.toThrow(CheckpointLost);
      await write().finishBuild(second);
      await write().swap(second, async (to) => change(second, [0, Number(to)]));
      expect(await read().get('things', 'a')).toMatchObject({ value: undefined, logPosition: 5n });
      expect(await write().before('things')).toMatchObject({ ...first });
    });

    test('of two rebuilds one runs, and the other hears of whom and what', async () => {
      const claim = await write().claimRebuild({ views: ['things'], by: 'somebody' });
      const second = write().claimRebuild({ views: ['others'], by: 'another' });
      await expect(second).rejects.toThrow(/things .*somebody, since /);
      await expect(second).rejects.toThrow(RebuildRunning);
      await claim.release();
      const third = await write().claimRebuild({ views: ['others'], by: 'another' });
      expect(third.lost.aborted).toBe(false);
      await third.release();
    });
  });
};
