import type { Ticker, Timeframe } from '@sentinel/contracts/market';

/** All bars of one symbol, as columns. Prices in micro-dollars, times in epoch milliseconds. */
export type History = {
  readonly symbol: Ticker;
  readonly timeframe: Timeframe;
  readonly day: Int32Array;
  readonly start: Float64Array;
  /** When the bar is complete: never after the session's close. */
  readonly end: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
};

/** One row of a History on its way into columns. */
export type HistoryBar = {
  readonly day: number;
  readonly start: number;
  readonly end: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};

export const toHistory = (
  symbol: Ticker,
  timeframe: Timeframe,
  bars: readonly HistoryBar[],
): History => {
  const column = (of: (bar: HistoryBar) => number) => Float64Array.from(bars, of);
  return {
    symbol,
    timeframe,
    day: Int32Array.from(bars, (bar) => bar.day),
    start: column((bar) => bar.start),
    end: column((bar) => bar.end),
    open: column((bar) => bar.open),
    high: column((bar) => bar.high),
    low: column((bar) => bar.low),
    close: column((bar) => bar.close),
    volume: column((bar) => bar.volume),
  };
};

/** The bar at `index`; throws RangeError when there is none. */
export const historyBar = (history: History, index: number): HistoryBar => {
  const read = (column: Float64Array | Int32Array): number => {
    const value = column[index];
    if (value === undefined) throw new RangeError(`${history.symbol} has no bar ${index}`);
    return value;
  };
  return {
    day: read(history.day),
    start: read(history.start),
    end: read(history.end),
    open: read(history.open),
    high: read(history.high),
    low: read(history.low),
    close: read(history.close),
    volume: read(history.volume),
  };
};
