import { exchangeDate, type Price, quantity, remembering } from '@sentinel/contracts/kernel';
import {
  alwaysOpenCalendar,
  type BarVolume,
  exchangeDays,
  type MarketData,
  type MarketSession,
  type Quote,
  type StaysWithin,
  type Ticker,
} from '@sentinel/contracts/market';
import { barHorizon, emptySeries } from '../bar-request.ts';
import { generalCollateral } from '../general-collateral.ts';
import { noise } from '../noise.ts';
import { quoteAround } from '../quote-around.ts';
import { surelyWithin } from '../stays-within.ts';
import { type Listing, listingOf } from './listing.ts';
import { mockDailyBars, mockIntradayBars } from './mock-bars.ts';
import { mockDay } from './mock-day.ts';
import { type MockMinutes, mockMinutes } from './mock-minutes.ts';
import { universe } from './universe.ts';

const rememberedSymbols = 256;
/** Per symbol; each holds 6 kB. A request for more days computes them again. */
const rememberedDays = 16;
const mostLots = 20;
const microsPerCent = 10_000;

type Listed = { readonly listing: Listing; readonly minutesOf: (day: number) => MockMinutes };

const listed = (seed: number, symbol: Ticker): Listed | null => {
  const listing = listingOf(seed, symbol);
  if (listing === undefined) return null;
  const minutesOf = remembering(rememberedDays, (day: number) =>
    mockMinutes(listing, mockDay(listing, day)),
  );
  return { listing, minutesOf };
};

/** Within a minute the price goes in a straight line, so that no quote leaves its minute's bar. */
const quoteAt = ({ listing, minutesOf }: Listed, at: Temporal.Instant): Quote => {
  const atMs = at.epochMilliseconds;
  const minutes = minutesOf(exchangeDays.at(atMs));
  const elapsed = (atMs - minutes.of.startMs) / 60_000;
  const minute = Math.floor(elapsed);
  const from = minutes.priceAt(minute);
  const cents = Math.round(from + (minutes.priceAt(minute + 1) - from) * (elapsed - minute));
  const second = Math.floor(atMs / 1_000);
  const lots = (side: number) =>
    1 + Math.floor(mostLots * noise.uniform(listing.seeds.sizes ^ side, second));
  return quoteAround(BigInt(cents * microsPerCent) as Price, {
    symbol: listing.symbol,
    source: 'mock',
    at,
    bidLots: lots(1),
    askLots: lots(2),
  });
};

const minuteMs = 60_000;

const minuteAround = ({ minutesOf }: Listed, atMs: number): BarVolume => {
  const minutes = minutesOf(exchangeDays.at(atMs));
  const minute = Math.floor((atMs - minutes.of.startMs) / minuteMs);
  const startMs = minutes.of.startMs + minute * minuteMs;
  const shares = minutes.volumeBefore(minute + 1) - minutes.volumeBefore(minute);
  return {
    start: Temporal.Instant.fromEpochMilliseconds(startMs),
    end: Temporal.Instant.fromEpochMilliseconds(startMs + minuteMs),
    volume: quantity.fromShares(shares),
  };
};

/** The first minute from `from` on whose prices may leave the bounds, or their end. */
const calmUntil = (
  { minutesOf }: Listed,
  from: Temporal.Instant,
  bounds: StaysWithin,
): Temporal.Instant => {
  const untilMs = bounds.until.epochMilliseconds;
  for (let ms = from.epochMilliseconds; ms < untilMs; ) {
    const minutes = minutesOf(exchangeDays.at(ms));
    const minute = Math.floor((ms - minutes.of.startMs) / minuteMs);
    const ends = [minutes.priceAt(minute), minutes.priceAt(minute + 1)].map(
      (cents) => cents * microsPerCent,
    );
    if (!surelyWithin(Math.min(...ends), Math.max(...ends), bounds))
      return Temporal.Instant.fromEpochMilliseconds(ms);
    ms = minutes.of.startMs + (minute + 1) * minuteMs;
  }
  return bounds.until;
};

const alwaysOpen = (at: Temporal.Instant): MarketSession => ({
  state: 'open',
  date: exchangeDate(at),
  opensAt: null,
  closesAt: null,
  calendar: alwaysOpenCalendar.name,
});

/**
 * A made-up market that never closes, so that everything works on a Sunday night. Every price is a
 * pure function of (seed, symbol, time): nothing is stored, restarts change nothing, and quotes,
 * minute bars and daily bars agree to the cent. A day runs from one New York midnight to the next,
 * weekends included; history begins on 2000-01-01.
 */
export const mockMarketData = (options: {
  readonly now: () => Temporal.Instant;
  /** Any whole number; another seed is another market. Default 42. */
  readonly seed?: number;
}): MarketData => {
  const symbols = remembering(rememberedSymbols, (symbol: Ticker) =>
    listed(options.seed ?? 42, symbol),
  );
  let latest = options.now();
  const now = (): Temporal.Instant => {
    const instant = options.now();
    if (Temporal.Instant.compare(instant, latest) > 0) latest = instant;
    return latest;
  };
  const marketAt = (clock: () => Temporal.Instant): MarketData => ({
    source: 'mock',
    now: clock,
    session: alwaysOpen,
    instrument: async (symbol) => {
      const profile = symbols(symbol)?.listing.profile;
      return (
        profile && {
          symbol,
          name: profile.name,
          sector: profile.sector,
          borrow: generalCollateral,
          ...(!universe.has(symbol) && { madeUp: true as const }),
        }
      );
    },
    quote: async (symbol) => {
      const known = symbols(symbol);
      return known === null ? undefined : quoteAt(known, clock());
    },
    lastTrade: async (symbol) => {
      const known = symbols(symbol);
      if (known === null) return undefined;
      const { last: price, at } = quoteAt(known, clock());
      return { symbol, price, at };
    },
    freeze: (at = clock()) => marketAt(() => at),
    volumeAround: async (symbol) => {
      const known = symbols(symbol);
      return known === null ? undefined : minuteAround(known, clock().epochMilliseconds);
    },
    staysUntil: async (symbol, within) => {
      const known = symbols(symbol);
      return known === null ? within.until : calmUntil(known, clock(), within);
    },
    bars: async (symbol, request) => {
      const horizon = barHorizon(request, clock().epochMilliseconds);
      const known = symbols(symbol);
      if (known === null) return emptySeries(symbol, request.timeframe, 0);
      const window = { listing: known.listing, horizon, limit: request.limit };
      return request.timeframe === '1Day'
        ? mockDailyBars(window)
        : mockIntradayBars(window, request.timeframe, known.minutesOf);
    },
    health: async () => ({
      connected: true,
      lagMs: 0,
      detail: 'made-up prices, reproducible from a seed; the session never closes',
    }),
    close: async () => undefined,
  });
  return marketAt(now);
};
