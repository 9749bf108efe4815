import {
  type CalendarSession,
  everyDayCalendar,
  exchangeDays,
  type MarketCalendar,
  nyseCalendar,
} from '@sentinel/contracts/market';

/** Which days may have bars: the exchange's trading days, or any day, for markets that never rest. */
export type ReplayCalendar = 'nyse' | 'every-day';

/** A session of a replay, with the name of the calendar that it is from. */
export type Session = CalendarSession & { readonly calendar: string };

/** The calendar that rules a day: years that NYSE-1 does not know have their weekdays and weekends alike. */
const calendarOf = (rule: ReplayCalendar, day: number): MarketCalendar => {
  if (rule === 'every-day') return everyDayCalendar;
  const nyse = nyseCalendar();
  const date = exchangeDays.dateOf(day);
  return date >= nyse.firstDate && date <= nyse.lastDate ? nyse : everyDayCalendar;
};

/** The session of a day (a number of exchangeDays), or the calendar that says there is none. */
export const replaySession = (
  rule: ReplayCalendar,
  day: number,
): Session | { closedBy: string } => {
  const calendar = calendarOf(rule, day);
  const session = calendar.sessionOfDay(day);
  return session === undefined
    ? { closedBy: calendar.name }
    : { ...session, calendar: calendar.name };
};

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
