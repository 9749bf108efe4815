import type { BarRequest, BarSeries, Ticker, Timeframe } from '@sentinel/contracts/market';

/** The most bars that one request may ask for. */
const mostBars = 5_000;

/** The instant whose completed bars are asked for, never later than the market's now; epoch ms. */
export const barHorizon = (request: BarRequest, nowMs: number): number => {
  if (!Number.isInteger(request.limit) || request.limit < 1 || request.limit > mostBars)
    throw new RangeError(`a request is for 1 to ${mostBars} bars, not ${request.limit}`);
  return request.asOf === undefined ? nowMs : Math.min(nowMs, request.asOf.epochMilliseconds);
};

/** Columns for `count` bars, to be filled. */
export const emptySeries = (symbol: Ticker, timeframe: Timeframe, count: number): BarSeries => ({
  symbol,
  timeframe,
  start: new Float64Array(count),
  open: new Float64Array(count),
  high: new Float64Array(count),
  low: new Float64Array(count),
  close: new Float64Array(count),
  volume: new Float64Array(count),
});
