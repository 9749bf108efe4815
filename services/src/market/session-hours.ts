import { exchangeMidnight, type TradingDate } from '@sentinel/contracts/kernel';
import type { MarketData, MarketSession } from '@sentinel/contracts/market';

type Calendar = Pick<MarketData, 'session'>;

/** From when to when orders of a session trade; the end is the first instant after it. */
export type SessionHours = {
  readonly opensAt: Temporal.Instant;
  readonly endsAt: Temporal.Instant;
};

const nextDay = (date: TradingDate): TradingDate =>
  Temporal.PlainDate.from(date).add({ days: 1 }).toString() as TradingDate;

/** Where the market never closes, a session goes from midnight to midnight. */
const hoursIn = ({ date, opensAt, closesAt }: MarketSession): SessionHours => ({
  opensAt: opensAt ?? exchangeMidnight(date),
  endsAt: closesAt ?? exchangeMidnight(nextDay(date)),
});

/** The hours of the session of `date`; undefined where the calendar has none. */
export const sessionHours = (market: Calendar, date: TradingDate): SessionHours | undefined => {
  const session = market.session(exchangeMidnight(date));
  return session.date === date ? hoursIn(session) : undefined;
};

/** The date of the session that follows that of `date`, or the day of it; undefined after the last. */
export const sessionAfter = (market: Calendar, date: TradingDate): TradingDate | undefined => {
  const hours = sessionHours(market, date);
  const next = market.session(hours?.endsAt ?? exchangeMidnight(nextDay(date))).date;
  return next > date ? next : undefined;
};
