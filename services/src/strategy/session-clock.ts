import { everyDayCalendar, exchangeDays, minutesAfterOpen } from '@sentinel/contracts/market';

/** Where each bar of a series lies in its trading day. */
export type SessionClock = {
  /** The exchange's date in which the bar starts, counted in days: equal within a day, rising after it. */
  readonly key: Int32Array;
  /** Minutes from 09:30 New York of that date to the bar's start; negative before it. */
  readonly minutesAfterOpen: Float64Array;
};

/**
 * Tells each bar's day and how far it is from the opening, in summer and winter alike. It knows no
 * holidays: a market that trades around the clock has an opening at 09:30 on every date.
 */
export const sessionClock = (start: Float64Array): SessionClock => ({
  key: Int32Array.from(start, exchangeDays.at),
  minutesAfterOpen: minutesAfterOpen(everyDayCalendar, start),
});
