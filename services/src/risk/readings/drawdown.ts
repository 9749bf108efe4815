import type { OutputOf } from '@sentinel/contracts';
import { type Money, money } from '@sentinel/contracts/kernel';
import type { ValuedReading } from './reading.ts';

type Since = OutputOf<'GetDrawdown'>['day'];

/** Hundredths of a basis point as basis points. */
const toBps = (share: bigint): number => Number(share) / 100;

/**
 * The loss since `start`. At the limit itself new risk is refused, so that the distance is what may be
 * lost without reaching it. An account that began without equity has no room.
 */
export const lossSince = (start: Money, equity: Money, limitBps: number | null): Since => {
  const lost = money.max(money.zero, money.subtract(start, equity));
  const share = start <= 0n ? 10_000n * 100n : money.shareOf(lost, start);
  const most = limitBps === null ? null : money.atBps(start, BigInt(limitBps), 'down');
  return {
    start_equity_usd: start,
    lost_usd: lost,
    drawdown_bps: toBps(share),
    limit_bps: limitBps,
    distance_bps: limitBps === null ? null : Math.max(0, toBps(BigInt(limitBps) * 100n - share)),
    distance_usd: most === null ? null : money.max(money.zero, money.subtract(most, lost)),
  };
};

export const drawdownFigures = (
  { account, equity, limits, unpriced }: ValuedReading,
  peak: Money | null,
) => {
  const { maxDailyDrawdownBps, maxWeeklyDrawdownBps } = limits.limits;
  const highest = money.max(money.max(peak ?? equity, account.dayStartEquity), equity);
  return {
    equity_usd: equity,
    day: lossSince(account.dayStartEquity, equity, maxDailyDrawdownBps),
    week: lossSince(account.weekStartEquity, equity, maxWeeklyDrawdownBps),
    peak: lossSince(highest, equity, null),
    unpriced: [...unpriced],
  };
};
