import type { Execution } from '@sentinel/contracts/execution';
import { money } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import { move } from './evolve-order.ts';
import type { Session } from './state.ts';

/** Positions with one of them as it now is; null for flat. */
export const withPosition = (
  positions: Session['positions'],
  symbol: Ticker,
  position: PositionState | null,
): Session['positions'] => {
  const changed = new Map(positions);
  if (position === null) changed.delete(symbol);
  else changed.set(symbol, position);
  return changed;
};

/** Copies what an execution left behind. */
export const fill = (
  session: Session,
  data: Execution,
  trigger: 'OrderPartiallyFilled' | 'OrderFilled',
): Session => {
  const { cumulativeQuantity, filledNotional, fill: fills } = data;
  const fees = money.add(session.orders.get(data.orderId)?.fees ?? money.zero, data.fees);
  const done = { cumulativeQuantity, filledNotional, fees, fills };
  const { leavesQuantity, reservedCash } = data;
  const changed = {
    working: { ...done, leavesQuantity, reservedCash },
    record: { ...done, filledInBar: data.bar?.start },
  };
  const moved = move(session, { orderId: data.orderId, at: data.at, changed }, trigger);
  const positions = withPosition(moved.positions, data.symbol, data.position);
  return {
    ...moved,
    cash: data.cash,
    positions,
    realizedPnl: money.add(moved.realizedPnl, data.realizedPnl),
    fees: money.add(moved.fees, data.fees),
    lossStreak: streakAfter(moved.lossStreak, data),
  };
};

const streakAfter = (
  streak: Session['lossStreak'],
  { realizedPnl, at }: Execution,
): Session['lossStreak'] => {
  if (realizedPnl === 0n) return streak;
  return realizedPnl < 0n
    ? { count: streak.count + 1, lastLossAt: at }
    : { count: 0, lastLossAt: streak.lastLossAt };
};
