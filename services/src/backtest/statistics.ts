import type { ReturnSummary, TradeSummary } from '@sentinel/contracts/governance';
import { type Money, money } from '@sentinel/contracts/kernel';
import type { Trade } from './trade-ledger.ts';

/** Trading days of a year, by which daily figures are brought to one. */
export const daysPerYear = 252;

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / values.length;

/** By n − 1; zero below two values. */
const deviation = (values: readonly number[]): number => {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(
    values.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (values.length - 1),
  );
};

/** Daily returns in the four figures by which Sharpe ratios are judged. */
export const returnSummary = (returns: readonly number[]): ReturnSummary => {
  const middle = mean(returns);
  const moment = (power: number) => mean(returns.map((each) => (each - middle) ** power));
  const variance = moment(2);
  return {
    days: returns.length,
    mean: middle,
    stdev: deviation(returns),
    skewness: variance > 0 ? moment(3) / variance ** 1.5 : 0,
    kurtosis: variance > 0 ? moment(4) / variance ** 2 : 3,
  };
};

/** A year's Sharpe ratio of daily returns; null where they do not vary. */
export const annualSharpe = ({ mean: each, stdev }: Pick<ReturnSummary, 'mean' | 'stdev'>) =>
  stdev > 0 ? (each / stdev) * Math.sqrt(daysPerYear) : null;

/** The same by downward moves alone, against a target of nothing; null where there are none. */
export const annualSortino = (returns: readonly number[]): number | null => {
  const down = Math.sqrt(mean(returns.map((each) => Math.min(0, each) ** 2)));
  return down > 0 ? (mean(returns) / down) * Math.sqrt(daysPerYear) : null;
};

/** Deepest fall from a peak as a share of it, the first equity being a peak, and its longest in days. */
export const drawdown = (
  equity: readonly number[],
): { readonly deepest: number; readonly longestDays: number } => {
  let peak = Number.NEGATIVE_INFINITY;
  let [deepest, since, longestDays] = [0, 0, 0];
  equity.forEach((each, n) => {
    if (each >= peak) [peak, since] = [each, n];
    else if (peak > 0) deepest = Math.max(deepest, (peak - each) / peak);
    longestDays = Math.max(longestDays, n - since);
  });
  return { deepest, longestDays };
};

const rOf = ({ pnl, risk }: Trade): number | null =>
  risk === null || risk <= 0n ? null : Number(pnl) / Number(risk);

/** What trades come to. */
export const tradeSummary = (trades: readonly Trade[], fillRate: number | null): TradeSummary => {
  const rs = trades.flatMap((trade) => rOf(trade) ?? []);
  const slipped = trades.flatMap(({ slippageBps }) => slippageBps ?? []);
  const sum = (wanted: (pnl: Money) => boolean) =>
    money.absolute(money.add(...trades.flatMap(({ pnl }) => (wanted(pnl) ? [pnl] : []))));
  return {
    count: trades.length,
    wins: trades.filter(({ pnl }) => pnl > 0n).length,
    grossProfit: sum((pnl) => pnl > 0n),
    grossLoss: sum((pnl) => pnl < 0n),
    rCount: rs.length,
    meanR: rs.length === 0 ? null : mean(rs),
    stdevR: rs.length < 2 ? null : deviation(rs),
    worstLoss: trades.reduce(
      (worst, { pnl, equity }) =>
        pnl < 0n && equity > 0n ? Math.max(worst, -Number(pnl) / Number(equity)) : worst,
      0,
    ),
    slippageBps: slipped.length === 0 ? null : mean(slipped),
    fillRate,
  };
};

export type AgainstBenchmark = {
  /** Of the whole time, as a share. */
  readonly totalReturn: number;
  readonly excessReturn: number;
  /** Slope and a year's intercept of daily returns on the benchmark's; null where it does not vary. */
  readonly beta: number | null;
  readonly alpha: number | null;
  readonly correlation: number | null;
  /** A year's mean difference of daily returns over how it varies; null where it does not. */
  readonly informationRatio: number | null;
};

const whole = (returns: readonly number[]): number =>
  returns.reduce((grown, each) => grown * (1 + each), 1) - 1;

/** Daily returns beside those of holding instead, day by day. */
export const againstBenchmark = (
  returns: readonly number[],
  held: readonly number[],
): AgainstBenchmark => {
  const [own, other] = [mean(returns), mean(held)];
  const together =
    returns.length < 2
      ? 0
      : returns.reduce((sum, each, n) => sum + (each - own) * ((held[n] ?? 0) - other), 0) /
        (returns.length - 1);
  const [spread, wide] = [deviation(returns), deviation(held)];
  const beta = wide > 0 ? together / wide ** 2 : null;
  const apart = returns.map((each, n) => each - (held[n] ?? 0));
  const varies = deviation(apart);
  return {
    totalReturn: whole(held),
    excessReturn: whole(returns) - whole(held),
    beta,
    alpha: beta === null ? null : (own - beta * other) * daysPerYear,
    correlation: wide > 0 && spread > 0 ? together / (wide * spread) : null,
    informationRatio: varies > 0 ? (mean(apart) / varies) * Math.sqrt(daysPerYear) : null,
  };
};
