import type { Execution, WorkingOrder } from '@sentinel/contracts/execution';
import {
  averagePrice,
  divide,
  exchangeDate,
  type Money,
  money,
  notional,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { MarketBar, Quote } from '@sentinel/contracts/market';
import { applyFill } from '../../portfolio/index.ts';
import { feesFor } from '../fees.ts';
import type { FillReport } from '../venue/index.ts';
import type { OrderRecord, Session, SessionEvent } from './state.ts';

/** What an order met at the venue: a quote, or a completed bar. */
export type Met =
  | { readonly quote: Quote; readonly bar?: undefined }
  | { readonly bar: MarketBar; readonly quote?: undefined };

type ExecutionEvent = Extract<SessionEvent, { type: 'OrderPartiallyFilled' | 'OrderFilled' }>;

/**
 * The event of one fill, with what it leaves behind. Undefined for an execution that was taken before,
 * and for one beyond the order: that is no fill of ours, and taking it would invent a position.
 */
export const executionOf = (
  report: FillReport,
  met: Met,
  { session, record }: { readonly session: Session; readonly record: OrderRecord },
): ExecutionEvent | undefined => {
  const { intent, orderId } = record;
  const leaves = quantity.subtract(intent.quantity, record.cumulativeQuantity);
  if (report.execution <= record.fills) return undefined;
  if (report.quantity <= 0n || report.quantity > leaves) return undefined;
  const { side, symbol } = intent;
  const { quantity: lastQuantity, price: lastPrice, at } = report;
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
    lastQuantity,
    lastPrice,
    fees,
    cumulativeQuantity,
    leavesQuantity,
    filledNotional,
    averagePrice: averagePrice(filledNotional, cumulativeQuantity, 'half-even'),
    reservedCash: stillReserved(session.working.get(orderId), leavesQuantity),
    quote: met.quote ?? null,
    bar: met.bar ?? null,
    cash: books.cash,
    position: books.position,
    realizedPnl: books.realizedPnl,
    at,
  };
  return { type: leavesQuantity === 0n ? 'OrderFilled' : 'OrderPartiallyFilled', data };
};

/** The reservation shrinks with what is left to trade, rounded so that it never falls short. */
const stillReserved = (order: WorkingOrder | undefined, leaves: Quantity): Money =>
  order === undefined || order.leavesQuantity === 0n
    ? money.zero
    : (divide(order.reservedCash * leaves, order.leavesQuantity, 'up') as Money);
