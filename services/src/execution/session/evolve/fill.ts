import type {
  Execution,
  ExecutionBusted,
  ExecutionCorrected,
  TakenExecution,
} from '@sentinel/contracts/execution';
import { money } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import { findExecution } from '../executions.ts';
import type { OrderRecord, Session } from '../state.ts';
import { withTraded } from '../traded.ts';
import { lossesAfter, lossesChanged } from './losses.ts';
import { knownOrder, metMarket, move } from './order.ts';
import { standingAfter, standingChanged } from './standing-losses.ts';

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

type Left = Pick<Execution, 'cash' | 'symbol' | 'position' | 'realizedPnl' | 'fees'>;

/** The books as an execution, or the venue's change of one, left them. */
const withBooks = (session: Session, data: Left): Session => ({
  ...session,
  cash: data.cash,
  positions: withPosition(session.positions, data.symbol, data.position),
  realizedPnl: money.add(session.realizedPnl, data.realizedPnl),
  fees: money.add(session.fees, data.fees),
});

/** Copies what an execution left behind. */
export const fill = (
  session: Session,
  data: Execution,
  trigger: 'OrderPartiallyFilled' | 'OrderFilled',
): Session => {
  const { cumulativeQuantity, filledNotional, fill: fills, bar, at } = data;
  const record = knownOrder(session, data.orderId, trigger);
  const fees = money.add(record.fees, data.fees);
  const executions = [...record.executions, takenOf(data)];
  const done = { cumulativeQuantity, filledNotional, fees, fills, executions };
  const { leavesQuantity, reservedCash } = data;
  const changed = { working: { ...done, leavesQuantity, reservedCash }, record: done };
  const moved = move(session, { orderId: data.orderId, at, changed }, trigger);
  const met = metMarket(moved, { symbol: data.symbol, bar: bar?.start ?? null, at });
  // An old price that a holding was closed at is no newer for that.
  const lastPrices =
    data.lastTrade === null
      ? met.lastPrices.with(data.symbol, { price: data.lastPrice, at })
      : met.lastPrices;
  return {
    ...withBooks(met, data),
    lastPrices,
    traded: withTraded(met.traded, data),
    lossStreak: streakAfter(moved.lossStreak, data),
    closedLosses: lossesAfter(session, data),
    standingLosses: standingAfter(session, data),
  };
};

const takenOf = (data: Execution): TakenExecution => ({
  venueExecutionId: data.venueExecutionId,
  quantity: data.lastQuantity,
  price: data.lastPrice,
  fees: data.fees,
  realizedPnl: data.realizedPnl,
  at: data.at,
});

/** Copies what a bust or a correction left behind. */
export const changeExecution = (
  session: Session,
  data: ExecutionBusted | ExecutionCorrected,
  trigger: 'ExecutionBusted' | 'ExecutionCorrected',
): Session => {
  const { orderId, at, refers, cumulativeQuantity, filledNotional, leavesQuantity } = data;
  const record = knownOrder(session, orderId, trigger);
  const busted = [...record.busted, ...(trigger === 'ExecutionBusted' ? [refers] : [])];
  const executions = record.executions.flatMap((taken) =>
    taken.venueExecutionId !== refers
      ? [taken]
      : trigger === 'ExecutionBusted'
        ? []
        : [corrected(taken, data)],
  );
  const fees = money.add(record.fees, data.fees);
  const done = { cumulativeQuantity, filledNotional, fees, executions, busted };
  const working = { ...done, leavesQuantity, reservedCash: data.reservedCash };
  const moved = move(session, { orderId, at, changed: { working, record: done } }, trigger);
  return {
    ...withBooks(moved, data),
    closedLosses: lossesChanged(session, data),
    standingLosses: standingChanged(session, data, changedOf(record, data, trigger)),
  };
};

const changedOf = (
  record: OrderRecord,
  { refers, lastQuantity }: ExecutionBusted | ExecutionCorrected,
  trigger: 'ExecutionBusted' | 'ExecutionCorrected',
) => {
  const taken = findExecution(record, refers);
  if (taken === undefined) return undefined;
  const isResized = trigger === 'ExecutionBusted' || lastQuantity !== taken.quantity;
  return { at: taken.at, isResized };
};

const corrected = (
  taken: TakenExecution,
  data: ExecutionBusted | ExecutionCorrected,
): TakenExecution => ({
  ...taken,
  quantity: data.lastQuantity,
  price: data.lastPrice ?? taken.price,
  fees: money.add(taken.fees, data.fees),
  realizedPnl: money.add(taken.realizedPnl, data.realizedPnl),
  at: data.at,
});

const streakAfter = (
  streak: Session['lossStreak'],
  { realizedPnl, at }: Execution,
): Session['lossStreak'] => {
  if (realizedPnl < 0n) return { count: streak.count + 1, lastLossAt: at };
  return realizedPnl > 0n ? { ...streak, count: 0 } : streak;
};
