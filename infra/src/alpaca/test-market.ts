import { price, quantity } from '@sentinel/contracts/kernel';
import {
  type Quote,
  type Ticker,
  type Timeframe,
  timeframeMinutes,
  timeframeSchema,
} from '@sentinel/contracts/market';
import { mockMarketData } from '../market-data/index.ts';
import type { Asked, StubData } from './test-stub.ts';

const isoOf = (ms: number): string => new Date(ms).toISOString();

/** What the stub answers of a made-up market: a quote and a trade each second, and each time it is asked. */
export const madeUpMarket = (nowMs: () => number): StubData => {
  const clock = () => Temporal.Instant.fromEpochMilliseconds(nowMs());
  const market = mockMarketData({ now: clock, seed: 7 });
  const at = async (symbol: string, ms: number): Promise<Quote | undefined> =>
    market.freeze(Temporal.Instant.fromEpochMilliseconds(ms)).quote(symbol as Ticker);
  const row = (kind: 'quotes' | 'trades', quote: Quote) => {
    const t = isoOf(quote.at.epochMilliseconds);
    return kind === 'trades'
      ? { t, p: price.toFloat(quote.last), s: 100, i: 1, x: 'V', c: ['@'], z: 'C' }
      : {
          ...{ t, bp: price.toFloat(quote.bid), ap: price.toFloat(quote.ask), bx: 'V', ax: 'V' },
          ...{ bs: quantity.toFloat(quote.bidSize), as: quantity.toFloat(quote.askSize) },
          ...{ c: ['R'], z: 'C' },
        };
  };
  const ticks =
    (kind: 'quotes' | 'trades') =>
    async ({ symbol, fromMs, toMs, newestFirst, most }: Asked) => {
      const last = Math.floor(Math.min(toMs, nowMs()) / 1_000) * 1_000;
      const first = Math.ceil(fromMs / 1_000) * 1_000;
      const times: number[] = [];
      for (let i = 0; i < most; i++) {
        const ms = newestFirst ? last - i * 1_000 : first + i * 1_000;
        if (ms < first || ms > last) break;
        times.push(ms);
      }
      const quotes = await Promise.all(times.map((ms) => at(symbol, ms)));
      return quotes.flatMap((quote) => (quote === undefined ? [] : [row(kind, quote)]));
    };
  return {
    quotes: ticks('quotes'),
    trades: ticks('trades'),
    latest: async (kind, symbol) => {
      const quote = await at(symbol, nowMs());
      return quote && row(kind, quote);
    },
    /** Newest first alone, with the bar that is not over yet, as Alpaca tells it. */
    bars: async ({ symbol, fromMs, toMs, timeframe, most }) => {
      const length = timeframeSchema.parse(timeframe) as Timeframe;
      const dayMs = 86_400_000;
      const last = toMs + (length === '1Day' ? dayMs : timeframeMinutes[length] * 60_000);
      const end = Temporal.Instant.fromEpochMilliseconds(last);
      const bars = await market
        .freeze(end)
        .bars(symbol as Ticker, { timeframe: length, limit: most });
      return [...bars.start.keys()]
        .filter((i) => (bars.start[i] ?? 0) >= fromMs && (bars.start[i] ?? 0) <= toMs)
        .map((i) => ({
          t: isoOf(bars.start[i] ?? 0),
          ...{ o: bars.open[i], h: bars.high[i], l: bars.low[i], c: bars.close[i] },
          ...{ v: bars.volume[i], n: 1, vw: bars.close[i] },
        }))
        .toReversed();
    },
  };
};
