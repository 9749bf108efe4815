import { checkPeriod, unmeasured } from './smoothing.ts';

/**
 * Exponential moving average, alpha = 2 / (period + 1), seeded with the simple average of the first
 * `period` values as TA-Lib seeds it. NaN before that, and wherever a value is NaN.
 */
export const ema = (values: Float64Array, period: number): Float64Array => {
  checkPeriod(period);
  const result = unmeasured(values.length);
  if (values.length < period) return result;
  let average = 0;
  for (let i = 0; i < period; i++) average += values[i] as number;
  average /= period;
  result[period - 1] = average;
  const alpha = 2 / (period + 1);
  for (let i = period; i < values.length; i++) {
    average += alpha * ((values[i] as number) - average);
    result[i] = average;
  }
  return result;
};
