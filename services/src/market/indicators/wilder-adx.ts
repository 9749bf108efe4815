import {
  type BarStream,
  checkPeriod,
  type HighLowClose,
  unmeasured,
  wilderWeights,
} from './column.ts';
import { trueRange } from './wilder-atr.ts';

/**
 * Average directional index by Wilder, 0 to 100, seeded as TA-Lib seeds it: sums over `period - 1`
 * movements to start with, the first value at bar 2 * period - 1. A stretch without movement counts
 * as no direction before the first value and keeps the last value after it, so that flat bars never
 * poison what follows.
 */
export const wilderAdxStream = (period = 14): BarStream => {
  checkPeriod(period);
  const { share, keep } = wilderWeights(period);
  /** The number of the bar that comes next. */
  let bar = 0;
  let before = { high: 0, low: 0, close: 0 };
  let plus = 0;
  let minus = 0;
  let range = 0;
  let average = 0;

  /** Adds to Wilder's running sums of both directional movements and of the true range. */
  const move = (high: number, low: number): void => {
    const up = high - before.high;
    const down = before.low - low;
    if (up > 0 && up > down) plus += up;
    else if (down > 0 && down > up) minus += down;
    // A NaN takes neither branch; the range carries it on.
    range += trueRange(high, low, before.close);
  };

  const next = (high: number, low: number): number => {
    if (bar === 0) return Number.NaN;
    if (bar < period) {
      move(high, low);
      return Number.NaN;
    }
    plus -= plus / period;
    minus -= minus / period;
    range -= range / period;
    move(high, low);
    const both = plus + minus;
    // Where nothing moved either way there is no direction; a NaN compares with nothing, and stays.
    if (!(range <= 0 || both <= 0)) {
      const index = range > 0 ? (100 * Math.abs(plus - minus)) / both : Number.NaN;
      average = bar < 2 * period ? average + index / period : average * keep + index * share;
    }
    return bar >= 2 * period - 1 ? average : Number.NaN;
  };

  return {
    next: (high, low, close) => {
      const value = next(high, low);
      before = { high, low, close };
      bar += 1;
      return value;
    },
  };
};

export const wilderAdx = ({ high, low, close }: HighLowClose, period = 14): Float64Array => {
  checkPeriod(period);
  const { share, keep } = wilderWeights(period);
  const result = unmeasured(close.length);
  let plus = 0;
  let minus = 0;
  let range = 0;
  let average = 0;
  for (let i = 1; i < close.length; i++) {
    if (i >= period) {
      plus -= plus / period;
      minus -= minus / period;
      range -= range / period;
    }
    const up = (high[i] as number) - (high[i - 1] as number);
    const down = (low[i - 1] as number) - (low[i] as number);
    if (up > 0 && up > down) plus += up;
    else if (down > 0 && down > up) minus += down;
    range += trueRange(high[i] as number, low[i] as number, close[i - 1] as number);
    if (i < period) continue;
    const both = plus + minus;
    // NaN compares with nothing, and so is known to be one.
    if (!(range <= 0 || both <= 0)) {
      const index = range > 0 ? (100 * Math.abs(plus - minus)) / both : Number.NaN;
      average = i < 2 * period ? average + index / period : average * keep + index * share;
    }
    if (i >= 2 * period - 1) result[i] = average;
  }
  return result;
};
