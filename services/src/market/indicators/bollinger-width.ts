import { checkPeriod, unmeasured } from './smoothing.ts';

/**
 * Width of the Bollinger bands as a fraction of their middle: twice `deviations` population standard
 * deviations over the simple average. 0 for a flat window, NaN until there are `period` values.
 */
export const bollingerWidth = (close: Float64Array, period = 20, deviations = 2): Float64Array => {
  checkPeriod(period);
  const result = unmeasured(close.length);
  for (let end = period; end <= close.length; end++) {
    let sum = 0;
    for (let i = end - period; i < end; i++) sum += close[i] as number;
    const mean = sum / period;
    // Two passes: the difference of large sums of squares would turn a flat window into noise.
    let squares = 0;
    for (let i = end - period; i < end; i++) squares += ((close[i] as number) - mean) ** 2;
    result[end - 1] = (2 * deviations * Math.sqrt(squares / period)) / mean;
  }
  return result;
};
