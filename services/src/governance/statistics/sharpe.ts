import type { ReturnSummary } from '@sentinel/contracts/governance';
import { normalCdf, normalQuantile } from './normal.ts';

const daysPerYear = 252;
const eulerMascheroni = 0.577_215_664_901_532_9;

/** Mean over standard deviation of daily returns; null where they do not vary. */
const dailySharpe = ({ days, mean, stdev }: ReturnSummary): number | null =>
  days < 2 || stdev === 0 ? null : mean / stdev;

/** The same for a year of 252 days. */
export const annualSharpe = (returns: ReturnSummary): number | null => {
  const daily = dailySharpe(returns);
  return daily === null ? null : daily * Math.sqrt(daysPerYear);
};

/**
 * The greatest Sharpe ratio to expect of so many independent trials without any skill, whose ratios have
 * this variance (Bailey and López de Prado 2014, equation 6). Zero for a single trial.
 */
export const expectedBestSharpe = (trials: number, variance: number): number => {
  if (trials <= 1) return 0;
  const best = normalQuantile(1 - 1 / trials);
  const next = normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - eulerMascheroni) * best + eulerMascheroni * next);
};

/**
 * Probability that the true Sharpe ratio is above `benchmark`, given length, skewness and kurtosis of
 * the returns (Bailey and López de Prado 2012); null where it cannot be reckoned. Both by the day.
 */
export const probabilisticSharpe = (returns: ReturnSummary, benchmark: number): number | null => {
  const sharpe = dailySharpe(returns);
  if (sharpe === null) return null;
  const { days, skewness, kurtosis } = returns;
  const spread = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
  if (!(spread > 0)) return null;
  return normalCdf(((sharpe - benchmark) * Math.sqrt(days - 1)) / Math.sqrt(spread));
};

/**
 * The deflated Sharpe ratio: the probability that the true one is above what the best of all trials
 * would show by luck. Where the variance over the trials is not known, or is smaller than what chance
 * alone gives over so many days, that of chance counts.
 */
export const deflatedSharpe = (
  returns: ReturnSummary,
  { trials, variance }: { readonly trials: number; readonly variance: number | null },
): number | null => {
  if (returns.days < 2) return null;
  const ofChance = 1 / (returns.days - 1);
  const benchmark = expectedBestSharpe(trials, Math.max(variance ?? 0, ofChance));
  return probabilisticSharpe(returns, benchmark);
};
