import { exchangeZone } from '@sentinel/contracts/kernel';
import { exchangeDays } from '../exchange-days.ts';

/** A regular session, 09:30 to 16:00 New York; epoch milliseconds. */
export type Session = { readonly day: number; readonly openMs: number; readonly closeMs: number };

/** Length of every session in milliseconds of market time. */
export const sessionMs = 390 * 60_000;

/** The sessions of the given days (numbers of exchangeDays), in order, each once. */
export const sessionsOf = (days: Iterable<number>): readonly Session[] =>
  [...new Set(days)]
    .sort((a, b) => a - b)
    .map((day) => {
      const openMs = Temporal.PlainDate.from(exchangeDays.dateOf(day)).toZonedDateTime({
        timeZone: exchangeZone,
        plainTime: '09:30',
      }).epochMilliseconds;
      return { day, openMs, closeMs: openMs + sessionMs };
    });

/** How many of `count` things lie at or before a value, where `at` tells where each lies, rising. */
export const countUpTo = (count: number, at: (index: number) => number, value: number): number => {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
};
