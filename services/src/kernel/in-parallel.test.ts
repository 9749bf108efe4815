import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

describe('work in parallel', () => {
  test('answers in order, and never runs more at once than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(30),
        async (scheduler, width, count) => {
          const items = Array.from({ length: count }, (_, i) => i);
          let [running, most] = [0, 0];
          const task = async (item: number) => {
            most = Math.max(most, ++running);
            await scheduler.schedule(Promise.resolve());
            running -= 1;
            return item * 2;
          };
          const results = await scheduler.waitFor(inParallel(items, task, { width }));
          expect(results).toEqual(items.map((item) => item * 2));
          expect(most).toBe(Math.min(width, count));
        },
      ),
    );
  });

  test('starts nothing after a failure or an abort, and throws its reason', async () => {
    const started: number[] = [];
    const items = Array.from({ length: 20 }, (_, i) => i);
    const failing = async (item: number) => {
      started.push(item);
      if (item === 3) throw new Error('three');
    };
    await expect(inParallel(items, failing, { width: 2 })).rejects.toThrow('three');
    expect(started.length).toBeLessThan(7);
    const controller = new AbortController();
    const seen: number[] = [];
    const aborting = async (item: number) => {
      seen.push(item);
      if (item === 5) controller.abort(new Error('stop'));
    };
    await expect(
      inParallel(items, aborting, { width: 1, signal: controller.signal }),
    ).rejects.toThrow('stop');
    expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
