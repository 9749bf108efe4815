const lags = [1, 2, 4, 8] as const;
/** Below this the estimate scatters so widely that it says nothing. */
const leastCloses = 250;

const meanSquareDifference = (values: Float64Array, lag: number): number => {
  let sum = 0;
  for (let i = lag; i < values.length; i++)
    sum += ((values[i] as number) - (values[i - lag] as number)) ** 2;
  return sum / (values.length - lag);
};

/**
 * Hurst exponent of the closes: half the slope, on logarithmic scales, of the mean square change of
 * the log price over lags of 1, 2, 4 and 8 bars. 0.5 is a random walk. NaN below 250 closes, and for
 * a price that does not move.
 */
export const hurst = (close: Float64Array): number => {
  if (close.length < leastCloses) return Number.NaN;
  const logs = close.map(Math.log);
  const x = lags.map(Math.log);
  const y = lags.map((lag) => Math.log(meanSquareDifference(logs, lag)));
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const slope =
    mean(x.map((value, i) => (value - meanX) * ((y[i] as number) - meanY))) /
    mean(x.map((value) => (value - meanX) ** 2));
  return Number.isFinite(slope) ? slope / 2 : Number.NaN;
};
