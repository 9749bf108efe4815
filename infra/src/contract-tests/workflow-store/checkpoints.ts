import { LeaseLost } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { at, epochOf, fresh, longMs, type WorkflowStoreSuite } from './suite.ts';

export const describeCheckpoints = ({ one, two }: WorkflowStoreSuite): void => {
  describe('a checkpoint', () => {
    test('is what was saved last, for whoever comes next', async () => {
      const workflow = fresh();
      const first = epochOf(await one().acquire(workflow, 'a', longMs));
      expect(await one().checkpoint(workflow)).toBeUndefined();
      await one().saveCheckpoint(workflow, first, at(5n, 'x', 'a "quoted", {key}\\'));
      expect(await two().checkpoint(workflow)).toEqual(at(5n, 'x', 'a "quoted", {key}\\'));
      await one().release(workflow, first);
      await two().acquire(workflow, 'b', longMs);
      expect(await two().checkpoint(workflow)).toEqual(at(5n, 'x', 'a "quoted", {key}\\'));
    });

    test('holds any position that a log can have, and keys may change while it stands', async () => {
      const workflow = fresh();
      const epoch = epochOf(await one().acquire(workflow, 'a', longMs));
      const far = ((2n ** 63n) << 64n) | (2n ** 63n - 1n);
      await one().saveCheckpoint(workflow, epoch, at(far, 'x'));
      await one().saveCheckpoint(workflow, epoch, at(far));
      expect(await two().checkpoint(workflow)).toEqual(at(far));
    });

    test('does not go back', async () => {
      const workflow = fresh();
      const epoch = epochOf(await one().acquire(workflow, 'a', longMs));
      await one().saveCheckpoint(workflow, epoch, at(9n, 'new'));
      await two().saveCheckpoint(workflow, epoch, at(8n, 'old'));
      expect(await one().checkpoint(workflow)).toEqual(at(9n, 'new'));
    });

    test('is refused from an epoch that is not the newest', async () => {
      const workflow = fresh();
      const first = epochOf(await one().acquire(workflow, 'a', 1));
      // Expired is not lost: as long as nobody came, nobody else can have gone on.
      await one().saveCheckpoint(workflow, first, at(1n));
      await expect
        .poll(() => two().acquire(workflow, 'b', longMs), { interval: 5, timeout: 10_000 })
        .toBeDefined();
      await expect(one().saveCheckpoint(workflow, first, at(2n))).rejects.toThrow(LeaseLost);
      await expect(one().saveCheckpoint(workflow, 1_000n, at(2n))).rejects.toThrow(LeaseLost);
      expect(await two().checkpoint(workflow)).toEqual(at(1n));
    });
  });
};
