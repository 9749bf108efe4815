import { type MarketData, MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import { noon, sampleDate, sampleQuote } from './events.ts';

/** A market in which everything costs 100 dollars, except what is in `silent`, which has no quote. */
export const flatMarket = (silent: readonly string[] = []): MarketData => ({
  source: 'mock',
  now: () => noon,
  session: () => ({
    state: 'open',
    date: sampleDate,
    opensAt: null,
    closesAt: null,
    calendar: 'test',
  }),
  instrument: async () => undefined,
  quote: async (symbol: Ticker) => {
    if (silent.includes(symbol)) throw new MarketDataUnavailable(`no quote for ${symbol}`);
    return sampleQuote(symbol);
  },
  lastTrade: async (symbol: Ticker) => {
    if (silent.includes(symbol)) throw new MarketDataUnavailable(`no trade in ${symbol}`);
    const { last: price, at } = sampleQuote(symbol);
    return { symbol, price, at };
  },
  freeze: () => flatMarket(silent),
  bars: async () => {
    throw new MarketDataUnavailable('no bars in this market');
  },
  health: async () => ({ connected: true, lagMs: 0, detail: 'flat' }),
  close: async () => undefined,
});
