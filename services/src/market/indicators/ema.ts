import { checkPeriod, unmeasured, type ValueStream, type Weights } from './column.ts';

const emaWeights = (period: number): Weights => ({
  share: 2 / (period + 1),
  keep: (period - 1) / (period + 1),
});

/**
 * Exponential moving average, alpha = 2 / (period + 1), seeded with the simple average of the first
 * `period` values as TA-Lib seeds it. NaN before that, and from a NaN on.
 */
export const emaStream = (period: number): ValueStream => {
  checkPeriod(period);
  const { share, keep } = emaWeights(period);
  let count = 0;
  let average = 0;
  return {
    next: (value) => {
      if (count >= period) {
        average = average * keep + value * share;
        return average;
      }
      count += 1;
      average += value;
      if (count < period) return Number.NaN;
      average /= period;
      return average;
    },
  };
};

export const ema = (values: Float64Array, period: number): Float64Array => {
  checkPeriod(period);
  const result = unmeasured(values.length, period - 1);
  if (values.length < period) return result;
  let average = 0;
  for (let i = 0; i < period; i++) average += values[i] as number;
  average /= period;
  result[period - 1] = average;
  const { share, keep } = emaWeights(period);
  for (let i = period; i < values.length; i++) {
    average = average * keep + (values[i] as number) * share;
    result[i] = average;
  }
  return result;
};
