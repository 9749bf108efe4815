import type {
  BacktestResult,
  Criterion,
  CriterionCode,
  Measured,
} from '@sentinel/contracts/governance';
import type { StrategyState } from '@sentinel/contracts/strategy';
import { annualSharpe, deflatedSharpe } from '../statistics/sharpe.ts';
import { lowerBound } from '../statistics/student-t.ts';
import type { GatheredEvidence } from './commands.ts';
import {
  floorConfidence,
  type Performance,
  type Requirements,
  requirementsOf,
} from './requirements.ts';
import type { Lifecycle } from './state.ts';

const places = 6;
const msPerDay = 24 * 60 * 60_000;

/** So that what is shown is what was judged. */
const rounded = (value: number): number => Number(value.toFixed(places));

const against =
  (comparison: Criterion['comparison'], holds: (measured: number, required: number) => boolean) =>
  (
    criterion: CriterionCode,
    value: number | null | undefined,
    [required, unit]: readonly [number, string],
  ): Criterion => {
    const measured = value == null || !Number.isFinite(value) ? null : rounded(value);
    const met = measured !== null && holds(measured, required);
    return { criterion, measured, comparison, required, unit, met };
  };

const atLeast = against('>=', (a, b) => a >= b);
const atMost = against('<=', (a, b) => a <= b);
const above = against('>', (a, b) => a > b);

/** Greater than any requirement: there were profits and no loss. */
const profitWithoutLoss = 1_000;

const profitFactor = ({ trades: { grossProfit, grossLoss } }: Measured): number | null => {
  if (grossLoss > 0n) return Number(grossProfit) / Number(grossLoss);
  return grossProfit > 0n ? profitWithoutLoss : null;
};

const performance = (of: Measured | null, asked: Performance): readonly Criterion[] => {
  const trades = of?.trades;
  const { meanR = null, stdevR = null } = trades ?? {};
  // Where one trade has no R the mean of the others says nothing of all.
  const isWhole = trades !== undefined && trades.rCount === trades.count;
  const floor =
    isWhole && meanR !== null && stdevR !== null
      ? lowerBound({ count: trades.rCount, mean: meanR, stdev: stdevR }, floorConfidence)
      : null;
  return [
    atLeast('TRADES', trades?.count ?? null, [asked.trades, 'trades']),
    atLeast('WIN_RATE', trades && trades.count > 0 ? trades.wins / trades.count : null, [
      asked.winRate,
      'share',
    ]),
    atLeast('PROFIT_FACTOR', of && profitFactor(of), [asked.profitFactor, 'ratio']),
    atMost('MAX_DRAWDOWN', of?.maxDrawdown, [asked.maxDrawdown, 'share of the peak']),
    atLeast('SHARPE', of && annualSharpe(of.returns), [asked.sharpe, 'a year, of daily returns']),
    atLeast('EXPECTANCY', isWhole ? meanR : null, [asked.expectancyR, 'R']),
    above('EXPECTANCY_FLOOR', floor, [0, 'R, lower 95 % bound']),
  ];
};

/** The backtest that counts: the newest of this very configuration. */
export const backtestFor = ({
  backtests,
  configurationDigest,
}: Pick<Lifecycle, 'backtests' | 'configurationDigest'>): BacktestResult | null =>
  backtests.findLast((each) => each.configurationDigest === configurationDigest) ?? null;

const ofBacktest = (
  strategy: Lifecycle,
  asked: NonNullable<Requirements['backtest']>,
  { tried }: GatheredEvidence,
): readonly Criterion[] => {
  const backtest = backtestFor(strategy);
  const trials = strategy.trials + tried.trials;
  // Of what is known of their variance the largest counts: the strictest.
  const variance = Math.max(backtest?.trialsVariance ?? 0, tried.variance ?? 0);
  const deflated = backtest && deflatedSharpe(backtest.returns, { trials, variance });
  return [
    atLeast('SESSIONS', backtest?.returns.days, [asked.sessions, 'trading days']),
    ...performance(backtest, asked),
    atLeast('DEFLATED_SHARPE', deflated, [asked.deflatedSharpe, `probability, ${trials} trials`]),
  ];
};

const ofRecord = (
  { record }: GatheredEvidence,
  asked: NonNullable<Requirements['record']>,
): readonly Criterion[] => [
  atLeast('SESSIONS', record?.sessions, [asked.sessions, 'sessions with a closed trade']),
  atLeast('CALENDAR_DAYS', record?.calendarDays, [asked.calendarDays, 'days in its state']),
  ...performance(record, asked),
  atMost('WORST_LOSS', record?.trades.worstLoss, [asked.worstLoss, 'share of equity']),
  atMost('SLIPPAGE', record?.trades.slippageBps, [asked.slippageBps, 'bps']),
  atLeast('FILL_RATE', record?.trades.fillRate, [asked.fillRate, 'share']),
];

const isFrozen = ({ configurationDigest, frozen }: Lifecycle): boolean =>
  configurationDigest !== null && (frozen === null || frozen === configurationDigest);

const ageOf = (
  strategy: Lifecycle,
  { of }: NonNullable<Requirements['age']>,
  at: Temporal.Instant,
): number | null => {
  const entered = strategy.entered.get(of);
  return entered === undefined
    ? null
    : (at.epochMilliseconds - entered.epochMilliseconds) / msPerDay;
};

/** Every criterion of a promotion, by what is recorded and nothing else. */
export const criteriaOf = (
  strategy: Lifecycle,
  to: StrategyState,
  { evidence, at }: { readonly evidence: GatheredEvidence; readonly at: Temporal.Instant },
): readonly Criterion[] => {
  const asked = requirementsOf(strategy.state, to);
  const { backtests, age, backtest, record, driftSignals } = asked;
  const ofThis = strategy.backtests.filter(
    (each) => each.configurationDigest === strategy.configurationDigest,
  );
  const drifting = evidence.drift?.signals.filter((signal) => signal.drifting).length ?? null;
  const isMeasured = evidence.drift !== null && evidence.drift.level !== 'insufficient';
  return [
    atLeast('CONFIGURATION', isFrozen(strategy) ? 1 : 0, [1, 'rule known, parameters as frozen']),
    ...(backtests === undefined
      ? []
      : [atLeast('BACKTESTS', ofThis.length, [backtests, 'backtests of it'])]),
    ...(age === undefined
      ? []
      : [atMost('EVIDENCE_AGE', ageOf(strategy, age, at), [age.mostDays, `days since ${age.of}`])]),
    ...(backtest === undefined ? [] : ofBacktest(strategy, backtest, evidence)),
    ...(record === undefined ? [] : ofRecord(evidence, record)),
    ...(driftSignals === undefined
      ? []
      : [atMost('DRIFT', isMeasured ? drifting : null, [driftSignals, 'signs of drift'])]),
  ];
};
