import type { BarSeries, MarketData, Ticker } from '@sentinel/contracts/market';
import { stillMarket } from './still-market.ts';

/** Prices of one minute in cents, and the shares that were traded in it. */
export type MinuteBar = {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};

const minuteMs = 60_000;

/** A still market that beside its daily bars has minute bars by a script, each once it is completed. */
export const barMarket = (
  start: Temporal.Instant,
  script: Readonly<Record<string, readonly MinuteBar[]>>,
) => {
  const still = stillMarket(start);
  const begin = start.epochMilliseconds;
  const minutes = (symbol: Ticker): BarSeries => {
    const passed = Math.floor((still.market.now().epochMilliseconds - begin) / minuteMs);
    const bars = (script[symbol] ?? []).slice(0, passed);
    const column = (of: (bar: MinuteBar) => number) => Float64Array.from(bars, of);
    return {
      symbol,
      timeframe: '1Min',
      start: Float64Array.from(bars, (_, n) => begin + n * minuteMs),
      open: column(({ open }) => open / 100),
      high: column(({ high }) => high / 100),
      low: column(({ low }) => low / 100),
      close: column(({ close }) => close / 100),
      volume: column(({ volume }) => volume),
    };
  };
  const market: MarketData = {
    ...still.market,
    bars: async (symbol, request) =>
      request.timeframe === '1Min' ? minutes(symbol) : still.market.bars(symbol, request),
  };
  return { ...still, market };
};
