import { LeaseLost } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { epochOf, fresh, longMs, type WorkflowStoreSuite } from './suite.ts';

const shortMs = 200;
/** Timers may ring a trifle early against another clock. */
const toleranceMs = 5;

export const describeLeasing = ({ one, two }: WorkflowStoreSuite): void => {
  describe('a lease', () => {
    test('has one owner, whichever store it asks, and is the same lease when asked for again', async () => {
      const workflow = fresh();
      const lease = await one().acquire(workflow, 'a', longMs);
      expect(await two().acquire(workflow, 'b', longMs)).toBeUndefined();
      expect(await two().acquire(workflow, 'a', longMs)).toEqual(lease);
      expect(await one().acquire(fresh(), 'b', longMs)).toBeDefined();
    });

    test('goes to one of many who ask at once', async () => {
      const workflow = fresh();
      const leases = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? one() : two()).acquire(workflow, `owner ${n}`, longMs),
        ),
      );
      expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    test('ends by the clock of the store, not before, and the next owner has a higher epoch', async () => {
      const workflow = fresh();
      const begin = performance.now();
      const first = epochOf(await one().acquire(workflow, 'a', shortMs));
      await expect
        .poll(() => two().acquire(workflow, 'b', longMs), { interval: 10, timeout: 10_000 })
        .toBeDefined();
      expect(performance.now() - begin).toBeGreaterThanOrEqual(shortMs - toleranceMs);
      const second = epochOf(await two().acquire(workflow, 'b', longMs));
      expect(second).toBeGreaterThan(first);
      await expect(one().renew(workflow, first, longMs)).rejects.toThrow(LeaseLost);
      // Who comes late to give back what is lost takes nothing from its new owner.
      await one().release(workflow, first);
      await two().renew(workflow, second, longMs);
      expect(await one().acquire(workflow, 'a', longMs)).toBeUndefined();
    });
  });
};
