import { exchangeDate, price, quantity } from '@sentinel/contracts/kernel';
import type { BarSeries, MarketData, Quote, Ticker } from '@sentinel/contracts/market';

/**
 * A market for tests in which nothing moves unless it is told to: every symbol trades at one price,
 * around the clock. It is a provider like any other, not a mock of one.
 */
export const stillMarket = (start: Temporal.Instant) => {
  let now = start;
  let shown = 500;
  const moves = [{ from: start, bid: '100', ask: '100.02' }];
  const priceAt = (at: Temporal.Instant) =>
    moves.findLast(({ from }) => Temporal.Instant.compare(from, at) <= 0) ?? moves[0];
  const marketAt = (clock: () => Temporal.Instant): MarketData => ({
    source: 'mock',
    now: clock,
    session: (at) => ({
      state: 'open',
      date: exchangeDate(at),
      opensAt: null,
      closesAt: null,
      calendar: 'always',
    }),
    instrument: async (symbol) => ({ symbol, name: symbol, sector: null }),
    quote: async (symbol): Promise<Quote> => {
      const at = clock();
      const { bid = '', ask = '' } = priceAt(at) ?? {};
      return {
        symbol,
        bid: price.of(bid),
        bidSize: quantity.fromShares(shown),
        ask: price.of(ask),
        askSize: quantity.fromShares(shown),
        last: price.of(bid),
        at,
        source: 'mock',
      };
    },
    lastTrade: async (symbol) => {
      const at = clock();
      return { symbol, price: price.of(priceAt(at)?.bid ?? ''), at };
    },
    freeze: (at = clock()) => marketAt(() => at),
    bars: async (symbol, { limit }) => sawtooth(symbol, limit, clock()),
    health: async () => ({ connected: true, lagMs: 0, detail: 'still' }),
    close: async () => undefined,
  });
  return {
    market: marketAt(() => now),
    /** The same market by another clock. */
    marketAt,
    wait: (duration: Temporal.DurationLike) => {
      now = now.add(duration);
    },
    show: (shares: number) => {
      shown = shares;
    },
    move: (to: { readonly bid: string; readonly ask: string }) => {
      moves.push({ from: now, ...to });
    },
  };
};

const millisecondsPerDay = 86_400_000;

/** Daily bars that go up and down by a dollar, a little differently for each symbol. */
const sawtooth = (symbol: Ticker, count: number, now: Temporal.Instant): BarSeries => {
  const last = Math.floor(now.epochMilliseconds / millisecondsPerDay) * millisecondsPerDay;
  const column = (value: (i: number) => number) =>
    Float64Array.from({ length: count }, (_, i) => value(i));
  const step = (symbol.charCodeAt(0) % 5) + 2;
  return {
    symbol,
    timeframe: '1Day',
    start: column((i) => last - (count - i) * millisecondsPerDay),
    open: column(() => 100),
    high: column((i) => 101 + (i % step)),
    low: column(() => 99),
    close: column((i) => 100 + (i % step)),
    volume: column(() => 10_000_000),
  };
};
