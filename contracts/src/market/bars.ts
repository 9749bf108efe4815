import { z } from 'zod';
import { alsoSpelt } from '../kernel/index.ts';
import type { Ticker } from './symbol.ts';

export const timeframeSchema = alsoSpelt(z.enum(['1Min', '5Min', '15Min', '1Hour', '1Day']), {
  // A capital M is a month.
  ...{ '1m': '1Min', '1minute': '1Min', minute: '1Min', '1M': '1M' },
  ...{ '5m': '5Min', '5minutes': '5Min' },
  ...{ '15m': '15Min', '15minutes': '15Min' },
  ...{
    '1h': '1Hour',
    '60m': '1Hour',
    '60min': '1Hour',
    h: '1Hour',
    hour: '1Hour',
    hourly: '1Hour',
  },
  ...{ '1d': '1Day', d: '1Day', day: '1Day', daily: '1Day' },
});
export type Timeframe = z.output<typeof timeframeSchema>;

/** The length of a bar in minutes; a daily bar is the regular session's 390. */
export const timeframeMinutes: Readonly<Record<Timeframe, number>> = {
  '1Min': 1,
  '5Min': 5,
  '15Min': 15,
  '1Hour': 60,
  '1Day': 390,
};

/**
 * Completed bars, oldest first, as columns for the indicators: `start` in epoch milliseconds, prices
 * in dollars at most six places deep (so that they return to exact prices), volume in shares. All
 * columns have one length.
 */
export type BarSeries = {
  readonly symbol: Ticker;
  readonly timeframe: Timeframe;
  readonly start: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
};

const column = z.array(z.number());

/** A window of bars as evidence: the stored form of a BarSeries, by which a digest is taken. */
export const barWindowSchema = z.strictObject({
  symbol: z.string(),
  timeframe: timeframeSchema,
  start: column,
  open: column,
  high: column,
  low: column,
  close: column,
  volume: column,
});
export type BarWindow = z.output<typeof barWindowSchema>;

export const toBarWindow = (bars: BarSeries): BarWindow => ({
  symbol: bars.symbol,
  timeframe: bars.timeframe,
  start: [...bars.start],
  open: [...bars.open],
  high: [...bars.high],
  low: [...bars.low],
  close: [...bars.close],
  volume: [...bars.volume],
});

export const fromBarWindow = (window: BarWindow): BarSeries => ({
  symbol: window.symbol as Ticker,
  timeframe: window.timeframe,
  start: Float64Array.from(window.start),
  open: Float64Array.from(window.open),
  high: Float64Array.from(window.high),
  low: Float64Array.from(window.low),
  close: Float64Array.from(window.close),
  volume: Float64Array.from(window.volume),
});

/** The last `count` bars of a series. */
export const lastBars = (bars: BarSeries, count: number): BarSeries => ({
  ...bars,
  start: bars.start.subarray(-count),
  open: bars.open.subarray(-count),
  high: bars.high.subarray(-count),
  low: bars.low.subarray(-count),
  close: bars.close.subarray(-count),
  volume: bars.volume.subarray(-count),
});
