import type { ExecutionBusted, TakenExecution, VenueReport } from '@sentinel/contracts/execution';
import {
  averagePrice,
  exchangeDate,
  isBefore,
  type Money,
  money,
  notional,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import {
  applyFill,
  type BookedFill,
  type Books,
  feesFor,
  reverseFill,
} from '../../portfolio/index.ts';
import { type ExecutionEvent, executionOf, findExecution, stillReserved } from './executions.ts';
import type { OrderRecord, Session, SessionEvent } from './state.ts';

type BustEvent = Extract<SessionEvent, { type: 'ExecutionBusted' }>;
type CorrectionEvent = Extract<SessionEvent, { type: 'ExecutionCorrected' }>;
type At = { readonly session: Session; readonly record: OrderRecord };
type Report<ExecType> = Extract<VenueReport, { readonly execType: ExecType }>;

const bookedOf = ({ intent }: OrderRecord, taken: TakenExecution): BookedFill => ({
  symbol: intent.symbol,
  side: intent.side,
  quantity: taken.quantity,
  price: taken.price,
  fees: taken.fees,
  realizedPnl: taken.realizedPnl,
});

const booksOf = ({ session, record }: At): Books => ({
  cash: session.cash,
  position: session.positions.get(record.intent.symbol),
});

/** What the order has left when an execution of it counts for `shares` and `value` more, or less. */
const orderAfter = ({ session, record }: At, shares: bigint, value: bigint) => {
  const cumulativeQuantity = (record.cumulativeQuantity + shares) as Quantity;
  const leavesQuantity = quantity.subtract(record.intent.quantity, cumulativeQuantity);
  const filledNotional = (record.filledNotional + value) as Money;
  return {
    orderId: record.orderId,
    symbol: record.intent.symbol,
    side: record.intent.side,
    cumulativeQuantity,
    leavesQuantity,
    filledNotional,
    averagePrice:
      cumulativeQuantity === 0n
        ? null
        : averagePrice(filledNotional, cumulativeQuantity, 'half-even'),
    reservedCash: stillReserved(session.working.get(record.orderId), leavesQuantity),
  };
};

const worthOf = ({ price, quantity: shares }: TakenExecution): Money =>
  notional(price, shares, 'half-even');

/**
 * The venue takes an execution back. One that was busted before is known; one that was never heard of
 * takes nothing back, and is remembered so that it does not count when it comes after all.
 */
export const bustOf = (report: Report<'trade_cancel'>, at: At): BustEvent | undefined => {
  const { session, record } = at;
  const { busts: refers, venueExecutionId, reason } = report;
  if (record.busted.includes(refers)) return undefined;
  const taken = findExecution(record, refers);
  const about = { venueExecutionId, refers, reason, at: report.at };
  if (taken === undefined) {
    const unchanged: Pick<ExecutionBusted, 'fees' | 'cash' | 'position' | 'realizedPnl'> = {
      fees: money.zero,
      cash: session.cash,
      position: session.positions.get(record.intent.symbol) ?? null,
      realizedPnl: money.zero,
    };
    const last = { lastQuantity: quantity.zero, lastPrice: null };
    return {
      type: 'ExecutionBusted',
      data: { ...orderAfter(at, 0n, 0n), ...about, ...unchanged, ...last },
    };
  }
  const books = reverseFill(booksOf(at), bookedOf(record, taken));
  return {
    type: 'ExecutionBusted',
    data: {
      ...orderAfter(at, -taken.quantity, -worthOf(taken)),
      ...about,
      ...books,
      fees: money.negate(taken.fees),
      lastQuantity: taken.quantity,
      lastPrice: taken.price,
    },
  };
};

/**
 * The venue corrects an execution: it is taken out of the books and put in again as it should have been.
 * An older correction than the last is left out, and so is one of more shares than were ordered. One of
 * an execution that was never heard of is that execution.
 */
export const correctionOf = (
  report: Report<'trade_correct'>,
  at: At,
): ExecutionEvent | CorrectionEvent | undefined => {
  const { record } = at;
  const { corrects: refers, venueExecutionId, quantity: lastQuantity, price: lastPrice } = report;
  const taken = findExecution(record, refers);
  if (taken === undefined)
    return executionOf(
      { id: refers, quantity: lastQuantity, price: lastPrice, at: report.at, met: report.met },
      at,
    );
  const more = lastQuantity - taken.quantity;
  const room = record.intent.quantity - record.cumulativeQuantity;
  if (lastQuantity <= 0n || more > room || isBefore(report.at, taken.at)) return undefined;
  // One that changes nothing stands all the same against an older one that is still to come.
  const isNewer = isBefore(taken.at, report.at);
  if (more === 0n && lastPrice === taken.price && !isNewer) return undefined;
  const { symbol, side } = record.intent;
  const fees = feesFor({
    side,
    quantity: lastQuantity,
    price: lastPrice,
    date: exchangeDate(taken.at),
  });
  const without = reverseFill(booksOf(at), bookedOf(record, taken));
  const books = applyFill(
    { cash: without.cash, position: without.position ?? undefined },
    { symbol, side, quantity: lastQuantity, price: lastPrice, fees },
  );
  const corrected = { ...taken, quantity: lastQuantity, price: lastPrice };
  return {
    type: 'ExecutionCorrected',
    data: {
      ...orderAfter(at, more, worthOf(corrected) - worthOf(taken)),
      venueExecutionId,
      refers,
      at: report.at,
      ...books,
      realizedPnl: money.add(without.realizedPnl, books.realizedPnl),
      fees: money.subtract(fees, taken.fees),
      before: { quantity: taken.quantity, price: taken.price },
      lastQuantity,
      lastPrice,
    },
  };
};

/** A correction may leave nothing to trade of an order that works: then no more is heard of it. */
export const endedBy = (event: SessionEvent, { working }: Session): SessionEvent | undefined => {
  if (event.type !== 'ExecutionCorrected') return undefined;
  const { orderId, symbol, at, leavesQuantity } = event.data;
  if (leavesQuantity > 0n || !working.has(orderId)) return undefined;
  const reason = 'A correction has filled it in all: nothing is left of it to trade.';
  return { type: 'OrderCanceled', data: { orderId, symbol, at, reason } };
};
