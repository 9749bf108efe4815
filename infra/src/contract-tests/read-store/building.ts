import { CheckpointLost } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { asText, change, type ReadStoreSuite, thing } from './samples.ts';

export const describeBuilding = ({ read, write, fresh }: ReadStoreSuite): void => {
  describe('building', () => {
    test('a build is seen by nobody until it takes the place of what serves', async () => {
      const table = await fresh('things');
      await write().commit([change(table, [0, 5], { upserts: [thing('a', 'red')] })]);
      const build = await write().startBuild('things');
      expect(build).toMatchObject({ view: 'things', version: 1, logPosition: 0n, parked: null });
      await write().commit([change(build, [0, 4], { upserts: [thing('a', 'blue')] })]);
      expect((await read().get('things', 'a')).value).toMatchObject({ color: 'red' });
      await write().finishBuild(build);
      const asked: bigint[] = [];
      await write().swap(build, async (to) => {
        asked.push(to);
        return change(build, [4, 5], { upserts: [thing('b', 'green')] });
      });
      expect(asked).toEqual([5n]);
      expect(await read().get('things', 'a')).toMatchObject({
        value: { color: 'blue' },
        logPosition: 5n,
      });
      expect(
        (await read().find('things', { limit: 9, where: { color: 'green' } })).value,
      ).toHaveLength(1);
      expect((await write().serving()).find(({ view }) => view === 'things')).toMatchObject({
        generation: build.generation,
        logPosition: 5n,
      });
    });

    test('whoever still writes to the table that served is told of the swap', async () => {
      const old = await fresh('things');
      const beside = await fresh('others');
      await write().commit([change(old, [0, 1]), change(beside, [0, 1])]);
      await fresh('things');
      const changes = [change(old, [1, 2]), change(beside, [1, 2])];
      expect(await write().commit(changes)).toBe('swapped');
      expect((await read().get('others', 'x')).logPosition).toBe(1n);
    });

    test('a build that was left behind goes on where it came to; one that an event stopped does not', async () => {
      await fresh('things');
      const cut = await write().startBuild('things');
      const first = asText(change(cut, [0, 3], { upserts: [thing('a', 'red')] }));
      expect(await write().load([first])).toBe('committed');
      const again = await write().startBuild('things');
      expect(again).toEqual({ ...cut, logPosition: 3n });
      expect((await write().read(again, ['a'])).get('a')?.row).toMatchObject({ color: 'red' });
      expect(await write().load([asText(change(again, [3, 4], { parked: 'an event' }))])).toBe(
        'committed',
      );
      const build = await write().startBuild('things');
      expect(build).toMatchObject({ logPosition: 0n, parked: null });
      expect(await write().load([asText(change(again, [4, 5]))])).toBe('swapped');
      await write().dropBuild(build);
      expect(await write().snapshot(build, async () => 'there')).toBeUndefined();
    });

    test('a build that was overtaken does not take the place', async () => {
      const table = await fresh('things');
      const build = await write().startBuild('things');
      const late = write().swap(build, async () => change(build, [3, 4]));
      await expect(late).rejects.toThrow(CheckpointLost);
      expect(await write().commit([change(table, [0, 1])])).toBe('committed');
      await write().dropBuild(build);
    });
  });
};
