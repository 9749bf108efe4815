import { exchangeDays } from './exchange-days.ts';
import type { MarketCalendar } from './market-calendar.ts';

/** A part of each session in minutes after its open: from `from` up to and without `to`. */
export type SessionWindow = { readonly from: number; readonly to: number };

/** The opening range, 09:30 to 09:45 New York, and the time in which its break is traded, to 11:00. */
export const openingRange: SessionWindow = { from: 0, to: 15 };
export const openingBreak: SessionWindow = { from: 15, to: 90 };

/**
 * Minutes from the open of the day's session to an instant: negative before it, and running on after
 * the close. NaN on a day without a session.
 */
const minutesSinceOpen = (calendar: MarketCalendar, epochMs: number): number => {
  const session = calendar.sessionOfDay(exchangeDays.at(epochMs));
  return session === undefined ? Number.NaN : (epochMs - session.openMs) / 60_000;
};

/** Whether an instant lies in a session and there in a window of it. */
export const isWithin = (
  calendar: MarketCalendar,
  epochMs: number,
  window: SessionWindow,
): boolean => {
  const session = calendar.sessionAt(epochMs);
  if (session === undefined) return false;
  const minutes = (epochMs - session.openMs) / 60_000;
  return minutes >= window.from && minutes < window.to;
};

/** `minutesSinceOpen` of every bar, by its start in epoch milliseconds. */
export const minutesAfterOpen = (calendar: MarketCalendar, start: Float64Array): Float64Array =>
  start.map((epochMs) => minutesSinceOpen(calendar, epochMs));

/** The key of a bar that starts in no session. */
export const noSession = -1;

/**
 * One whole number for each bar, the same for all bars that start in one session and rising from
 * session to session; `noSession` for a bar before the open, after the close or on a closed day.
 */
export const sessionKeys = (calendar: MarketCalendar, start: Float64Array): Int32Array => {
  const keys = new Int32Array(start.length);
  for (let i = 0; i < start.length; i++)
    keys[i] = calendar.sessionAt(start[i] ?? Number.NaN)?.day ?? noSession;
  return keys;
};
