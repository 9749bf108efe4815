import { exchangeDays } from './exchange-days.ts';
import { type CalendarSession, type MarketCalendar, marketCalendar } from './market-calendar.ts';
import { nyseRules, nyseYears } from './nyse-rules.ts';

/** Minutes of the New York day. */
const opening = 9 * 60 + 30;
const noon = 12 * 60;
const earlyClosing = 13 * 60;
const closing = 16 * 60;
const saturday = 6;

const buildNyse = (): MarketCalendar => {
  const { closed, half, noonOpening } = nyseRules();
  const firstDay = exchangeDays.fromDate(`${nyseYears.first}-01-01`);
  const lastDay = exchangeDays.fromDate(`${nyseYears.last}-12-31`);
  const sessions: (CalendarSession | undefined)[] = [];
  for (let day = firstDay; day <= lastDay; day++) {
    if (exchangeDays.weekdayOf(day) >= saturday || closed.has(day)) {
      sessions.push(undefined);
      continue;
    }
    const halfDay = half.has(day);
    sessions.push({
      day,
      date: exchangeDays.dateOf(day),
      openMs: exchangeDays.minuteOf(day, day === noonOpening ? noon : opening),
      closeMs: exchangeDays.minuteOf(day, halfDay ? earlyClosing : closing),
      halfDay,
    });
  }
  return marketCalendar({
    name: 'NYSE-1',
    firstDay,
    lastDay,
    sessionOfDay: (day) => sessions[day - firstDay],
  });
};

let built: MarketCalendar | undefined;

/**
 * The regular sessions of the New York Stock Exchange from 1998 to 2030: 09:30 to 16:00, half days
 * to 13:00. By the published rules (NYSE Rule 7.2) and the closures announced up to 2026; 2029 and
 * 2030, which the exchange has not published yet, by the rules alone. A closure announced later makes
 * NYSE-2. Halts within a session are not in it. Built when first asked for, in some 50 ms.
 */
export const nyseCalendar = (): MarketCalendar => {
  built ??= buildNyse();
  return built;
};
