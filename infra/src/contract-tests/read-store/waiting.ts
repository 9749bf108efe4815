import { describe, expect, test } from 'vitest';
import { at, change, type ReadStoreSuite } from './samples.ts';

export const describeWaiting = ({ read, write, fresh }: ReadStoreSuite): void => {
  describe('waiting', () => {
    test('the position is that of the view that is furthest behind', async () => {
      const [first, second] = [await fresh('things'), await fresh('others')];
      await write().commit([change(first, [0, 7]), change(second, [0, 4])]);
      expect(read().logPosition()).toBe(4n);
      await write().commit([change(second, [4, 7])]);
      expect(read().logPosition()).toBe(7n);
    });

    test('a wait ends with the commit that reaches it, or says that none did', async () => {
      const [first, second] = [await fresh('things'), await fresh('others')];
      const waiting = read().waitFor(at(5), 10_000);
      expect(await read().waitFor(at(5), 5)).toBe(false);
      await write().commit([change(first, [0, 5]), change(second, [0, 5])]);
      expect(await waiting).toBe(true);
      expect(await read().waitFor(at(5), 0)).toBe(true);
    });

    test('the projector hears of whoever waits for what is not folded yet, and of nobody else', async () => {
      const [first, second] = [await fresh('things'), await fresh('others')];
      const given = new AbortController();
      let heard = 0;
      const listened = write()
        .awaited(given.signal)
        .then(() => {
          heard += 1;
        });
      expect(await read().waitFor(at(0), 10_000)).toBe(true);
      expect(heard).toBe(0);
      const waiting = read().waitFor(at(5), 10_000);
      await listened;
      await write().awaited(given.signal);
      await write().commit([change(first, [0, 5]), change(second, [0, 5])]);
      expect(await waiting).toBe(true);
      const again = write()
        .awaited(given.signal)
        .then(() => 'given up');
      expect(await Promise.race([again, read().waitFor(at(5), 10_000)])).toBe(true);
      given.abort();
      expect(await again).toBe('given up');
    });

    test('a parked view keeps nobody waiting', async () => {
      const [first, second] = [await fresh('things'), await fresh('others')];
      await write().commit([change(first, [0, 2], { parked: 'bad' }), change(second, [0, 8])]);
      expect(await read().waitFor(at(8), 10_000)).toBe(true);
    });

    test('a build beside the serving table does not move the position', async () => {
      const [first, second] = [await fresh('things'), await fresh('others')];
      await write().commit([change(first, [0, 2]), change(second, [0, 2])]);
      const build = await write().startBuild('things');
      await write().commit([change(build, [0, 1])]);
      expect(read().logPosition()).toBe(2n);
      await write().dropBuild(build);
    });
  });
};
