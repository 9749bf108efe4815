import type { Price } from '@sentinel/contracts/kernel';
import {
  type BarRequest,
  type BarSeries,
  type CalendarSession,
  type MarketData,
  type MarketSession,
  nyseCalendar,
  type Ticker,
} from '@sentinel/contracts/market';
import { chance } from '../venue/chance.ts';
import { stillMarket } from './still-market.ts';

const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);
const microsPerCent = 10_000n;
const mostBars = 5_000;

/** The session that is open; outside of one, that which comes next. */
const sessionAround = (at: Temporal.Instant): CalendarSession => {
  const ms = at.epochMilliseconds;
  const calendar = nyseCalendar();
  return calendar.sessionAt(ms) ?? calendar.nextSession(ms);
};

const sessionAt = (at: Temporal.Instant): MarketSession => {
  const { openMs, closeMs, date } = sessionAround(at);
  const ms = at.epochMilliseconds;
  return {
    state: openMs <= ms && ms < closeMs ? 'open' : 'closed',
    date,
    opensAt: instant(openMs),
    closesAt: instant(closeMs),
    calendar: nyseCalendar().name,
  };
};

/** Sessions that had ended, oldest first. */
const completed = (horizonMs: number, count: number): readonly CalendarSession[] => {
  const sessions: CalendarSession[] = [];
  for (let ms = horizonMs; sessions.length < count; ) {
    const session = nyseCalendar().previousSession(ms);
    sessions.push(session);
    ms = session.openMs;
  }
  return sessions.reverse();
};

/**
 * A still market that keeps the hours of the New York Stock Exchange and opens each session elsewhere
 * than the one before it closed: by up to twice `gapCents` up or down, drawn by the seed and the day.
 * Nothing else moves unless it is told to. Closed, it shows the last quote, of the time of the close.
 * It knows every symbol but those in `unknown`, and has daily bars alone.
 */
export const closingMarket = (
  start: Temporal.Instant,
  {
    gapCents,
    seed,
    unknown = [],
  }: {
    readonly gapCents: number;
    readonly seed: number;
    readonly unknown?: readonly Ticker[];
  },
) => {
  const still = stillMarket(start);
  const drawn = (day: number): number => Math.round(gapCents * (2 * chance(seed, day) - 1));
  const firstDay = sessionAround(start).day;
  /** Cents by which a day trades above the first one. */
  const shiftOn = (day: number): number => drawn(day) - drawn(firstDay);

  const daily = (symbol: Ticker, sessions: readonly CalendarSession[]): BarSeries => {
    const column = (value: (session: CalendarSession) => number) =>
      Float64Array.from(sessions, value);
    const step = (symbol.charCodeAt(0) % 5) + 2;
    const dollars = (above: (day: number) => number) =>
      column(({ day }) => (10_000 + shiftOn(day) + 100 * above(day)) / 100);
    return {
      symbol,
      timeframe: '1Day',
      start: column(({ openMs }) => openMs),
      open: dollars(() => 0),
      high: dollars((day) => 1 + (day % step)),
      low: dollars(() => -1),
      close: dollars((day) => day % step),
      volume: column(() => 10_000_000),
    };
  };

  const marketAt = (clock: () => Temporal.Instant): MarketData => {
    const under = still.marketAt(clock);
    const quote = async (symbol: Ticker) => {
      const shown = await under.quote(symbol);
      if (shown === undefined || unknown.includes(symbol)) return undefined;
      const ms = clock().epochMilliseconds;
      const session = nyseCalendar().sessionAt(ms) ?? nyseCalendar().previousSession(ms);
      const shift = BigInt(shiftOn(session.day)) * microsPerCent;
      const moved = (each: Price) => (each + shift) as Price;
      const { bid, ask, last } = shown;
      const prices = { bid: moved(bid), ask: moved(ask), last: moved(last) };
      return { ...shown, ...prices, at: seenAt(session, ms) };
    };
    return {
      ...under,
      session: sessionAt,
      instrument: async (symbol) =>
        unknown.includes(symbol) ? undefined : under.instrument(symbol),
      quote,
      lastTrade: async (symbol) => {
        const shown = await quote(symbol);
        return shown && { symbol, price: shown.last, at: shown.at };
      },
      freeze: (at = clock()) => marketAt(() => at),
      bars: async (symbol, request) => {
        const sessions = completed(horizonOf(request, clock()), request.limit);
        const isKnown = request.timeframe === '1Day' && !unknown.includes(symbol);
        return { ...daily(symbol, isKnown ? sessions : []), timeframe: request.timeframe };
      },
    };
  };
  return { ...still, market: marketAt(still.market.now), marketAt };
};

const seenAt = ({ closeMs }: CalendarSession, ms: number) => instant(Math.min(closeMs, ms));

const horizonOf = ({ limit, asOf }: BarRequest, now: Temporal.Instant): number => {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostBars)
    throw new RangeError(`a request is for 1 to ${mostBars} bars, not ${limit}`);
  return Math.min(now.epochMilliseconds, asOf?.epochMilliseconds ?? Number.POSITIVE_INFINITY);
};
