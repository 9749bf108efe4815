import { describe, expect, test } from 'vitest';
import { fresh, longMs, type SharedStateSuite } from './suite.ts';

const shortMs = 150;

export const describeCounters = ({ one, two }: SharedStateSuite): void => {
  describe('a counter', () => {
    test('counts for all together, each name for itself', async () => {
      const [name, other] = [fresh(), fresh()];
      expect((await one().count(name, { by: 1, windowMs: longMs })).total).toBe(1);
      expect((await two().count(name, { by: 3, windowMs: longMs })).total).toBe(4);
      expect((await one().count(other, { by: 1, windowMs: longMs })).total).toBe(1);
      expect((await two().count(name, { by: 0, windowMs: longMs })).total).toBe(4);
    });

    test('loses none of many that are counted at once', async () => {
      const name = fresh();
      const totals = await Promise.all(
        Array.from({ length: 200 }, async (_, n) => {
          const state = n % 2 === 0 ? one() : two();
          return (await state.count(name, { by: 1, windowMs: longMs })).total;
        }),
      );
      expect(totals.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    });

    test('begins again when its window ends, which later counts do not put off', async () => {
      const name = fresh();
      const begun = await one().count(name, { by: 5, windowMs: shortMs });
      expect(begun.endsInMs).toBeGreaterThan(0);
      expect(begun.endsInMs).toBeLessThanOrEqual(shortMs);
      // Were each count to begin the window anew, this would never end.
      await expect
        .poll(async () => (await two().count(name, { by: 1, windowMs: shortMs })).total, {
          interval: 10,
        })
        .toBe(1);
      const later = await one().count(name, { by: 0, windowMs: longMs });
      expect(later.endsInMs).toBeLessThanOrEqual(shortMs);
    });
  });
};
