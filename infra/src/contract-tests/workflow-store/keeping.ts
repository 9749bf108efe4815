import { LeaseLost } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { at, epochOf, fresh, longMs, pastMs, type WorkflowStoreSuite } from './suite.ts';

export const describeKeeping = ({ one, two }: WorkflowStoreSuite): void => {
  describe('a lease once taken', () => {
    test('lasts as long as it is renewed, even after it had expired and nobody came', async () => {
      const workflow = fresh();
      const epoch = epochOf(await one().acquire(workflow, 'a', 1));
      await pastMs(50);
      await one().renew(workflow, epoch, longMs);
      expect(await two().acquire(workflow, 'b', longMs)).toBeUndefined();
      expect(await one().acquire(workflow, 'a', longMs)).toEqual({ epoch });
    });

    test('that is given back is free at once, for its old owner under a new epoch too', async () => {
      const workflow = fresh();
      const first = epochOf(await one().acquire(workflow, 'a', longMs));
      await one().release(workflow, first);
      await expect(one().renew(workflow, first, longMs)).rejects.toThrow(LeaseLost);
      await expect(one().saveCheckpoint(workflow, first, at(1n))).rejects.toThrow(LeaseLost);
      const second = epochOf(await two().acquire(workflow, 'b', longMs));
      expect(second).toBeGreaterThan(first);
      await two().release(workflow, second);
      expect(epochOf(await one().acquire(workflow, 'a', longMs))).toBeGreaterThan(second);
    });

    test('that was never taken can be neither renewed nor used, and giving it back does nothing', async () => {
      const workflow = fresh();
      await expect(one().renew(workflow, 1n, longMs)).rejects.toThrow(LeaseLost);
      await expect(one().saveCheckpoint(workflow, 1n, at(1n))).rejects.toThrow(LeaseLost);
      await one().release(workflow, 1n);
      expect(await one().checkpoint(workflow)).toBeUndefined();
    });
  });
};
