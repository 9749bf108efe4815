import {
  type BarStream,
  checkPeriod,
  type HighLowClose,
  unmeasured,
  wilderWeights,
} from './column.ts';

/** The range of a bar together with its gap from the close before. A NaN among the three stays one. */
export const trueRange = (high: number, low: number, before: number): number =>
  Math.max(high, before) - Math.min(low, before);

/**
 * Average true range as Wilder defined it, alpha = 1 / period, in dollars: seeded with the simple
 * average of the first `period` true ranges, of which the first bar has none, as TA-Lib does it.
 */
export const wilderAtrStream = (period = 14): BarStream => {
  checkPeriod(period);
  const { share, keep } = wilderWeights(period);
  let count = -1;
  let before = 0;
  let average = 0;
  return {
    next: (high, low, close) => {
      const range = trueRange(high, low, before);
      before = close;
      if (count >= period) {
        average = average * keep + range * share;
        return average;
      }
      count += 1;
      if (count === 0) return Number.NaN;
      average += range / period;
      return count === period ? average : Number.NaN;
    },
  };
};

export const wilderAtr = ({ high, low, close }: HighLowClose, period = 14): Float64Array => {
  checkPeriod(period);
  const { share, keep } = wilderWeights(period);
  const result = unmeasured(close.length, period);
  if (close.length <= period) return result;
  let average = 0;
  for (let i = 1; i < close.length; i++) {
    const range = trueRange(high[i] as number, low[i] as number, close[i - 1] as number);
    average = i <= period ? average + range / period : average * keep + range * share;
    if (i >= period) result[i] = average;
  }
  return result;
};
