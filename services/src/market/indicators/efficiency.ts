import { checkPeriod } from './smoothing.ts';

/**
 * Kaufman's efficiency ratio at the last bar: how far the price came over `period` changes, over how
 * far it went. 0 to 1, 0 when it did not move, NaN when there are too few bars.
 */
export const efficiency = (close: Float64Array, period = 14): number => {
  checkPeriod(period);
  if (close.length <= period) return Number.NaN;
  const window = close.subarray(-period - 1);
  let path = 0;
  for (let i = 1; i < window.length; i++)
    path += Math.abs((window[i] as number) - (window[i - 1] as number));
  const way = Math.abs((window.at(-1) as number) - (window[0] as number));
  return path === 0 ? 0 : way / path;
};
