import { isBefore } from '@sentinel/contracts/kernel';
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
  const minutes = (symbol: Ticker, at: Temporal.Instant): BarSeries => {
    const passed = Math.floor((at.epochMilliseconds - begin) / minuteMs);
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
  const marketAt = (clock: () => Temporal.Instant): MarketData => {
    const under = still.marketAt(clock);
    return {
      ...under,
      freeze: (at = clock()) => marketAt(() => at),
      bars: async (symbol, request) => {
        if (request.timeframe !== '1Min') return under.bars(symbol, request);
        const now = clock();
        const { asOf = now } = request;
        return minutes(symbol, isBefore(asOf, now) ? asOf : now);
      },
    };
  };
  return { ...still, market: marketAt(still.market.now), marketAt };
};
