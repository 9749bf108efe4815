import { expect, test } from 'vitest';
import { tradingDay } from './test-day.ts';

/** Buys ten shares at a price and sells all of them at another, `n`-th of the day. */
const roundTrip = (
  day: ReturnType<typeof tradingDay>,
  { n, from, to }: { readonly n: number; readonly from: string; readonly to: string },
): void => {
  const second = n * 60;
  day.place({ shares: 10 }, second, { prices: from });
  day.quote(from, second + 1);
  day.place({ shares: 10, side: 'sell' }, second + 30, { prices: to });
  day.quote(to, second + 31);
  expect(day.held()).toBe('0');
};

test('losses add up, the last one says when, and a gain begins to count anew', () => {
  const day = tradingDay();
  const streak = () => day.session().lossStreak;
  roundTrip(day, { n: 0, from: '100/100.02', to: '99/99.02' });
  roundTrip(day, { n: 1, from: '100/100.02', to: '99/99.02' });
  expect(streak().count).toBe(2);
  const { lastLossAt } = streak();
  expect(`${lastLossAt}`).toBe('2026-03-02T17:01:31Z');
  roundTrip(day, { n: 2, from: '100/100.02', to: '101/101.02' });
  expect(streak()).toEqual({ count: 0, lastLossAt });
  roundTrip(day, { n: 3, from: '100/100.02', to: '99/99.02' });
  expect(streak().count).toBe(1);
});
