import { checkPeriod } from './smoothing.ts';

/**
 * Volume of the last bar over the mean of the `period` bars before it, itself left out. NaN when
 * there are too few bars or none of them traded.
 */
export const volumeRatio = (volume: Float64Array, period = 20): number => {
  checkPeriod(period);
  if (volume.length <= period) return Number.NaN;
  const before = volume.subarray(-period - 1, -1);
  const mean = before.reduce((sum, shares) => sum + shares, 0) / period;
  return mean > 0 ? (volume.at(-1) as number) / mean : Number.NaN;
};
