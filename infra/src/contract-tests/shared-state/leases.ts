import { describe, expect, test } from 'vitest';
import { fresh, longMs, type SharedStateSuite, tokenOf } from './suite.ts';

const shortMs = 100;
/** Timers may ring a trifle early against another clock. */
const toleranceMs = 5;

export const describeLeases = ({
  one,
  two,
  forget,
}: SharedStateSuite & { readonly forget: () => Promise<void> }): void => {
  describe('a lease', () => {
    test('has one owner, whoever asks, and is the same when its owner asks again', async () => {
      const name = fresh();
      const lease = await one().acquire(name, 'a', longMs);
      expect(await two().acquire(name, 'b', longMs)).toBeUndefined();
      expect(await two().acquire(name, 'a', longMs)).toEqual(lease);
      expect(await one().acquire(fresh(), 'b', longMs)).toBeDefined();
    });

    test('goes to one of many who ask at once', async () => {
      const name = fresh();
      const leases = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? one() : two()).acquire(name, `owner ${n}`, longMs),
        ),
      );
      expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    test('ends when its time is over, not before, and the next token is higher', async () => {
      const name = fresh();
      const begin = performance.now();
      const first = tokenOf(await one().acquire(name, 'a', shortMs));
      await expect
        .poll(() => two().acquire(name, 'b', longMs), { interval: 5, timeout: 10_000 })
        .toBeDefined();
      expect(performance.now() - begin).toBeGreaterThanOrEqual(shortMs - toleranceMs);
      const second = tokenOf(await two().acquire(name, 'b', longMs));
      expect(second).toBeGreaterThan(first);
      expect(await one().renew(name, first, longMs)).toBe(false);
      // Who comes late to give back what is lost takes nothing from its new owner.
      await one().release(name, first);
      expect(await two().renew(name, second, longMs)).toBe(true);
      expect(await one().acquire(name, 'a', longMs)).toBeUndefined();
    });

    test('lasts as long as it is renewed', async () => {
      const name = fresh();
      const token = tokenOf(await one().acquire(name, 'a', shortMs));
      expect(await one().renew(name, token, longMs)).toBe(true);
      const begin = performance.now();
      await expect
        .poll(() => performance.now() - begin, { interval: 20 })
        .toBeGreaterThan(2 * shortMs);
      expect(await two().acquire(name, 'b', longMs)).toBeUndefined();
    });

    test('that is given back is free at once, for its old owner under a higher token too', async () => {
      const name = fresh();
      const first = tokenOf(await one().acquire(name, 'a', longMs));
      await one().release(name, first);
      expect(await one().renew(name, first, longMs)).toBe(false);
      const second = tokenOf(await two().acquire(name, 'b', longMs));
      await two().release(name, second);
      const third = tokenOf(await one().acquire(name, 'a', longMs));
      expect([second > first, third > second]).toEqual([true, true]);
    });

    test('that was never taken can neither be renewed nor given back', async () => {
      const name = fresh();
      expect(await one().renew(name, 1n, longMs)).toBe(false);
      await one().release(name, 1n);
      expect(await two().acquire(name, 'b', longMs)).toBeDefined();
    });

    test('is over when everything was forgotten, and tokens grow all the same', async () => {
      const name = fresh();
      const before = tokenOf(await one().acquire(name, 'a', longMs));
      await forget();
      expect(await one().renew(name, before, longMs)).toBe(false);
      // Another process than the one that held it: it knows no token of before.
      expect(tokenOf(await two().acquire(name, 'b', longMs))).toBeGreaterThan(before);
    });
  });
};
