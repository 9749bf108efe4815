import type {
  Execution,
  TakenExecution,
  VenueReport,
  WorkingOrder,
} from '@sentinel/contracts/execution';
import {
  averagePrice,
  divide,
  exchangeDate,
  type Money,
  money,
  notional,
  type Price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import { applyFill, feesFor } from '../../portfolio/index.ts';
import type { OrderRecord, Session, SessionEvent } from './state.ts';

export type ExecutionEvent = Extract<
  SessionEvent,
  { type: 'OrderPartiallyFilled' | 'OrderFilled' }
>;

/** A trade as the venue reports it; a correction of one that was never heard of stands for it. */
export type Trade = {
  /** The id under which the execution is known from now on. */
  readonly id: string;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly at: Temporal.Instant;
  readonly met: VenueReport['met'];
};

export const findExecution = (record: OrderRecord, id: string): TakenExecution | undefined =>
  record.executions.find(({ venueExecutionId }) => venueExecutionId === id);

/**
 * The event of one fill, with what it leaves behind. Undefined for an execution that was taken or busted
 * before, and for one beyond the order: that is no fill of ours, and taking it would invent a position.
 */
export const executionOf = (
  trade: Trade,
  { session, record }: { readonly session: Session; readonly record: OrderRecord },
): ExecutionEvent | undefined => {
  const { intent, orderId } = record;
  const leaves = quantity.subtract(intent.quantity, record.cumulativeQuantity);
  if (findExecution(record, trade.id) !== undefined || record.busted.includes(trade.id))
    return undefined;
  if (trade.quantity <= 0n || trade.quantity > leaves) return undefined;
  const { side, symbol } = intent;
  const { quantity: lastQuantity, price: lastPrice, at, met } = trade;
  const date = exchangeDate(at);
  const fees = feesFor({ side, quantity: lastQuantity, price: lastPrice, date });
  const books = applyFill(
    { cash: session.cash, position: session.positions.get(symbol) },
    { symbol, side, quantity: lastQuantity, price: lastPrice, fees },
  );
  const leavesQuantity = quantity.subtract(leaves, lastQuantity);
  const filledNotional = money.add(
    record.filledNotional,
    notional(lastPrice, lastQuantity, 'half-even'),
  );
  const cumulativeQuantity = quantity.add(record.cumulativeQuantity, lastQuantity);
  const data: Execution = {
    orderId,
    symbol,
    side,
    fill: record.fills + 1,
    venueExecutionId: trade.id,
    lastQuantity,
    lastPrice,
    fees,
    cumulativeQuantity,
    leavesQuantity,
    filledNotional,
    averagePrice: averagePrice(filledNotional, cumulativeQuantity, 'half-even'),
    reservedCash: stillReserved(session.working.get(orderId), leavesQuantity),
    quote: met?.quote ?? null,
    bar: met?.bar ?? null,
    lastTrade: met?.lastTrade ?? null,
    cash: books.cash,
    position: books.position,
    realizedPnl: books.realizedPnl,
    at,
  };
  return { type: leavesQuantity === 0n ? 'OrderFilled' : 'OrderPartiallyFilled', data };
};

/** The reservation goes with what is left to trade, rounded so that it never falls short. */
export const stillReserved = (order: WorkingOrder | undefined, leaves: Quantity): Money =>
  order === undefined || order.leavesQuantity === 0n
    ? money.zero
    : (divide(order.reservedCash * leaves, order.leavesQuantity, 'up') as Money);
