import { exchangeDays } from './exchange-days.ts';
import { type CalendarSession, type MarketCalendar, marketCalendar } from './market-calendar.ts';

const [firstDay, lastDay] = [-36_524, 47_481];

/** Sessions of days asked for before; a market without holidays needs no table of them. */
const keptFrom = (make: (day: number) => CalendarSession) => {
  const kept: (CalendarSession | undefined)[] = Array.from({ length: lastDay - firstDay + 1 });
  return (day: number): CalendarSession => {
    const known = kept[day - firstDay];
    if (known !== undefined) return known;
    const session = make(day);
    kept[day - firstDay] = session;
    return session;
  };
};

/**
 * A market that never closes: each session is a day of New York, from one midnight to the next, and
 * lasts 23 or 25 hours when the clocks change.
 */
export const alwaysOpenCalendar: MarketCalendar = marketCalendar({
  name: 'always-open-1',
  firstDay,
  lastDay,
  sessionOfDay: keptFrom((day) => ({
    day,
    date: exchangeDays.dateOf(day),
    openMs: exchangeDays.startOf(day),
    closeMs: exchangeDays.startOf(day + 1),
    halfDay: false,
  })),
});

/**
 * 09:30 to 16:00 New York on every day of the year: for bars of instruments whose days no exchange's
 * calendar tells, and for years that NYSE-1 does not know. Which of its sessions took place, only
 * the bars can say.
 */
export const everyDayCalendar: MarketCalendar = marketCalendar({
  name: 'every-day-1',
  firstDay,
  lastDay,
  sessionOfDay: keptFrom((day) => ({
    day,
    date: exchangeDays.dateOf(day),
    openMs: exchangeDays.minuteOf(day, 9 * 60 + 30),
    closeMs: exchangeDays.minuteOf(day, 16 * 60),
    halfDay: false,
  })),
});
