import type { ReturnSummary } from '@sentinel/contracts/governance';

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean and standard deviation by n − 1; zero below two values. */
export const momentsOf = (values: readonly number[]) => {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const stdev = values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
  return { count: values.length, mean, stdev };
};

/** Of so many values, by n − 1; null of fewer than two. */
export const varianceOf = (values: readonly number[]): number | null =>
  values.length < 2 ? null : momentsOf(values).stdev ** 2;

/** Daily returns in the four figures that the Sharpe ratios ask for. */
export const summaryOfReturns = (returns: readonly number[]): ReturnSummary => {
  const { count, mean, stdev } = momentsOf(returns);
  const central = (power: number) => meanOf(returns.map((value) => (value - mean) ** power));
  const variance = central(2);
  const varies = variance > 0;
  return {
    days: count,
    mean,
    stdev,
    skewness: varies ? central(3) / variance ** 1.5 : 0,
    kurtosis: varies ? central(4) / variance ** 2 : 3,
  };
};

/**
 * The greatest fall from a peak as a share of that peak, the starting capital being the first of them:
 * what only loses falls from there. Changes in the order in which they came.
 */
export const maxDrawdownOf = (start: number, changes: readonly number[]): number => {
  let equity = start;
  let peak = start;
  let deepest = 0;
  for (const change of changes) {
    equity += change;
    peak = Math.max(peak, equity);
    if (peak > 0) deepest = Math.max(deepest, (peak - equity) / peak);
  }
  return deepest;
};
