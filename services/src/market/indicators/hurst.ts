import { checkPeriod, type ValueStream } from './column.ts';
import { slidingWindow } from './window.ts';

const lags = [1, 2, 4, 8] as const;
/** Below this the estimate scatters so widely that it says nothing. */
const leastCloses = 250;

const logLags = lags.map(Math.log);
const meanOf = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const meanLogLag = meanOf(logLags);
const lagSpread = meanOf(logLags.map((value) => (value - meanLogLag) ** 2));

/** Half the slope of the mean square change of the logarithms over the lags, on logarithmic scales. */
const exponentOf = (logAt: (i: number) => number, count: number): number => {
  const squares = lags.map((lag) => {
    let sum = 0;
    for (let i = lag; i < count; i++) {
      const change = logAt(i) - logAt(i - lag);
      sum += change * change;
    }
    return Math.log(sum / (count - lag));
  });
  const mean = meanOf(squares);
  const slope =
    meanOf(squares.map((value, i) => ((logLags[i] as number) - meanLogLag) * (value - mean))) /
    lagSpread;
  return Number.isFinite(slope) ? slope / 2 : Number.NaN;
};

/**
 * Hurst exponent of the closes: half the slope, on logarithmic scales, of the mean square change of
 * the log price over lags of 1, 2, 4 and 8 bars. 0.5 is a random walk. NaN below 250 closes, and for
 * a price that does not move.
 */
export const hurst = (close: Float64Array): number => {
  if (close.length < leastCloses) return Number.NaN;
  const logs = close.map(Math.log);
  return exponentOf((i) => logs[i] as number, logs.length);
};

/** The same over the last `size` closes, bar by bar. */
export const hurstStream = (size: number): ValueStream => {
  checkPeriod(size);
  const window = slidingWindow(size);
  return {
    next: (close) => {
      window.push(Math.log(close));
      return size < leastCloses || !window.isFull() ? Number.NaN : exponentOf(window.at, size);
    },
  };
};
