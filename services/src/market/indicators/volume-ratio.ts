import { checkPeriod, type ValueStream } from './column.ts';
import { slidingWindow } from './window.ts';

/**
 * Volume of a bar over the mean of the `period` bars before it, itself left out. NaN when there are
 * too few bars or none of them traded.
 */
export const volumeRatioStream = (period = 20): ValueStream => {
  const window = slidingWindow(period);
  return {
    next: (volume) => {
      let sum = Number.NaN;
      if (window.isFull()) {
        sum = 0;
        for (let i = 0; i < period; i++) sum += window.at(i);
      }
      window.push(volume);
      const mean = sum / period;
      return mean > 0 ? volume / mean : Number.NaN;
    },
  };
};

/** The ratio at the last bar. */
export const volumeRatio = (volume: Float64Array, period = 20): number => {
  checkPeriod(period);
  if (volume.length <= period) return Number.NaN;
  let sum = 0;
  for (let i = volume.length - 1 - period; i < volume.length - 1; i++) sum += volume[i] as number;
  const mean = sum / period;
  return mean > 0 ? (volume.at(-1) as number) / mean : Number.NaN;
};
