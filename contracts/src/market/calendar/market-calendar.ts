import type { TradingDate } from '../../kernel/index.ts';
import { exchangeDays } from './exchange-days.ts';

/** One session: from `openMs` up to and without `closeMs`, in epoch milliseconds. */
export type CalendarSession = {
  /** The date as a number of `exchangeDays`. */
  readonly day: number;
  readonly date: TradingDate;
  readonly openMs: number;
  readonly closeMs: number;
  /** Whether it closes early by schedule. */
  readonly halfDay: boolean;
};

/**
 * The sessions of a market. The name carries a version: a table under one name never changes, so a
 * recorded decision that names its calendar can be read with the same hours for good. Every function
 * throws RangeError for a time outside the dates that the calendar knows.
 */
export type MarketCalendar = {
  readonly name: string;
  /** The first and the last date that the calendar knows. */
  readonly firstDate: TradingDate;
  readonly lastDate: TradingDate;
  /** The session of a date; undefined when the market is closed all day. */
  readonly sessionOn: (date: TradingDate) => CalendarSession | undefined;
  /** The same by the day's number in `exchangeDays`. */
  readonly sessionOfDay: (day: number) => CalendarSession | undefined;
  /** The session that is open at an instant. */
  readonly sessionAt: (epochMs: number) => CalendarSession | undefined;
  /** The first session that opens after an instant. */
  readonly nextSession: (epochMs: number) => CalendarSession;
  /** The last session that had closed at an instant. */
  readonly previousSession: (epochMs: number) => CalendarSession;
  /**
   * The first session of the exchange week, Monday to Sunday in New York, in which a date lies: the
   * Tuesday where Monday is a holiday. Undefined when the whole week is closed.
   */
  readonly weekStart: (date: TradingDate) => CalendarSession | undefined;
};

/** Days that a search for a neighbouring session goes at the most; the longest closure was six. */
const farthestSession = 14;

/** A calendar from the session of each day it knows. */
export const marketCalendar = (of: {
  readonly name: string;
  readonly firstDay: number;
  readonly lastDay: number;
  /** Asked for known days only; must answer the same each time, and fast. */
  readonly sessionOfDay: (day: number) => CalendarSession | undefined;
}): MarketCalendar => {
  const { name, firstDay, lastDay } = of;
  const firstDate = exchangeDays.dateOf(firstDay);
  const lastDate = exchangeDays.dateOf(lastDay);

  const unknown = (what: string): RangeError =>
    new RangeError(`${name} knows the days from ${firstDate} to ${lastDate}, not ${what}`);

  const sessionOfDay = (day: number): CalendarSession | undefined => {
    if (!(day >= firstDay && day <= lastDay))
      throw unknown(Number.isFinite(day) ? exchangeDays.dateOf(day) : `${day}`);
    return of.sessionOfDay(day);
  };

  const search = (from: number, step: 1 | -1, fits: (session: CalendarSession) => boolean) => {
    for (let n = 0; n <= farthestSession; n++) {
      const session = sessionOfDay(from + step * n);
      if (session !== undefined && fits(session)) return session;
    }
    throw unknown(`any session within ${farthestSession} days of ${exchangeDays.dateOf(from)}`);
  };

  return {
    name,
    firstDate,
    lastDate,
    sessionOn: (date) => sessionOfDay(exchangeDays.fromDate(date)),
    sessionOfDay,
    sessionAt: (epochMs) => {
      const session = sessionOfDay(exchangeDays.at(epochMs));
      if (session === undefined) return undefined;
      return session.openMs <= epochMs && epochMs < session.closeMs ? session : undefined;
    },
    nextSession: (epochMs) => search(exchangeDays.at(epochMs), 1, ({ openMs }) => openMs > epochMs),
    previousSession: (epochMs) =>
      search(exchangeDays.at(epochMs), -1, ({ closeMs }) => closeMs <= epochMs),
    weekStart: (date) => {
      const day = exchangeDays.fromDate(date);
      const monday = day - exchangeDays.weekdayOf(day) + 1;
      for (let n = Math.max(monday, firstDay); n < monday + 7 && n <= lastDay; n++) {
        const session = sessionOfDay(n);
        if (session !== undefined) return session;
      }
      return undefined;
    },
  };
};
