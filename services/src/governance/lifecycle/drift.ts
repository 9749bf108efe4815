import type { DriftLevel, DriftReport, DriftSignal } from '@sentinel/contracts/governance';
import type { Trade } from '../record/trades.ts';
import { rOf } from '../record/trades.ts';
import { momentsOf } from '../statistics/summaries.ts';

/** Of so many closed trades, the last ones, drift is told. */
export const driftTrades = 20;
const leastTrades = 5;
const newest = 5;
const leastFall = 0.3;
const losingStreak = 4;
const slippedTrades = 3;
const slippageRise = 1.5;
/** Under one basis point slippage is noise: it is risen from there. */
const leastSlippageBps = 1;
const mismatchShare = 0.4;

export type DriftTrade = Pick<Trade, 'pnl' | 'risk' | 'slippageBps' | 'suited'>;

const mean = (values: readonly number[]): number => momentsOf(values).mean;

/** How far the mean R of the newest trades is below that of those before, as a share of it. */
const expectancyFall = (trades: readonly DriftTrade[]): number | null => {
  const known = trades.flatMap((trade) => rOf(trade) ?? []);
  const rest = known.slice(0, -newest);
  if (known.length < trades.length || rest.length === 0) return null;
  const before = mean(rest);
  return before > 0 ? (before - mean(known.slice(-newest))) / before : null;
};

const lossesInARow = (trades: readonly DriftTrade[]): number => {
  const lastWin = trades.findLastIndex(({ pnl }) => pnl >= 0n);
  return trades.length - 1 - lastWin;
};

/** Mean slippage of the last entries over that of those before them. */
const slippageRatio = (trades: readonly DriftTrade[]): number | null => {
  const last = trades.slice(-2 * slippedTrades).map(({ slippageBps }) => slippageBps);
  const known = last.flatMap((each) => each ?? []);
  if (known.length < 2 * slippedTrades) return null;
  const before = Math.max(leastSlippageBps, mean(known.slice(0, slippedTrades)));
  return mean(known.slice(slippedTrades)) / before;
};

const mismatches = (trades: readonly DriftTrade[]): number | null => {
  const known = trades.flatMap(({ suited }) => suited ?? []);
  return known.length < leastTrades
    ? null
    : known.filter((suited) => !suited).length / known.length;
};

const levelOf = (trades: number, found: number): DriftLevel => {
  if (trades < leastTrades) return 'insufficient';
  if (found === 0) return 'ok';
  return found === 1 ? 'warn' : 'critical';
};

/** Signs of drift in the last 20 of these closed trades, oldest first. */
export const driftOf = (all: readonly DriftTrade[]): DriftReport => {
  const trades = all.slice(-driftTrades);
  const enough = trades.length >= leastTrades;
  const signal = (
    code: DriftSignal['code'],
    value: number | null,
    {
      limit,
      unit,
      exclusive,
    }: Pick<DriftSignal, 'limit' | 'unit'> & { readonly exclusive?: boolean },
  ): DriftSignal => {
    const measured = value === null || !enough ? null : Number(value.toFixed(6));
    const drifting = measured !== null && (exclusive ? measured > limit : measured >= limit);
    return { code, measured, limit, unit, drifting };
  };
  const signals = [
    signal('EXPECTANCY_FALLS', expectancyFall(trades), {
      ...{ limit: leastFall, unit: 'share lost of mean R' },
    }),
    signal('LOSING_STREAK', lossesInARow(trades), { limit: losingStreak, unit: 'losses' }),
    signal('SLIPPAGE_RISES', slippageRatio(trades), {
      ...{ limit: slippageRise, unit: 'times as before', exclusive: true },
    }),
    signal('REGIME_MISMATCH', mismatches(trades), { limit: mismatchShare, unit: 'share' }),
  ];
  const found = signals.filter(({ drifting }) => drifting).length;
  return { level: levelOf(trades.length, found), trades: trades.length, signals };
};
