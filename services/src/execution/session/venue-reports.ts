import type { Execution, WorkingOrder } from '@sentinel/contracts/execution';
import { nextStatus } from '@sentinel/contracts/execution';
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
import type { Quote } from '@sentinel/contracts/market';
import { applyFill } from '../../portfolio/index.ts';
import { feesFor } from '../fees.ts';
import type { VenueReport } from '../paper-venue.ts';
import type { Look } from './commands.ts';
import { evolve } from './evolve.ts';
import type { OrderRecord, Session, SessionEvent } from './state.ts';

/**
 * Turns what the venue says of orders into events, one after another. A report that the order's
 * state has no place for is left out: it came twice or too late and changes nothing.
 */
export const takeReports = (looks: readonly Look[], session: Session): readonly SessionEvent[] => {
  const events: SessionEvent[] = [];
  let now = session;
  for (const look of looks) {
    for (const report of look.reports) {
      const event = eventOf(report, look, now);
      if (event === undefined) continue;
      events.push(event);
      now = evolve(now, event) as Session;
    }
  }
  return events;
};

const eventOf = (report: VenueReport, look: Look, session: Session): SessionEvent | undefined => {
  const record = session.orders.get(look.orderId);
  if (record === undefined) return undefined;
  const event = unchecked(report, look, { session, record });
  if (event === undefined) return undefined;
  const before = session.working.get(look.orderId)?.statusBefore ?? null;
  return nextStatus(record.status, before, event.type) === undefined ? undefined : event;
};

type VenueEvent = Extract<
  SessionEvent,
  {
    type:
      | 'OrderAccepted'
      | 'OrderRejected'
      | 'OrderCanceled'
      | 'OrderExpired'
      | 'OrderPartiallyFilled'
      | 'OrderFilled';
  }
>;

/** The order with the session in which it stands. */
type Standing = { readonly session: Session; readonly record: OrderRecord };

const unchecked = (report: VenueReport, look: Look, at: Standing): VenueEvent | undefined => {
  const { symbol } = at.record.intent;
  const order = { orderId: look.orderId, symbol, at: report.at };
  switch (report.type) {
    case 'accepted':
      return { type: 'OrderAccepted', data: order };
    case 'rejected':
      return { type: 'OrderRejected', data: { ...order, reason: report.reason } };
    case 'canceled':
      return { type: 'OrderCanceled', data: { ...order, reason: 'Canceled on request.' } };
    case 'expired':
      return { type: 'OrderExpired', data: order };
    case 'fill':
      return execution(report, look.quote, at);
  }
};

const execution = (
  report: Extract<VenueReport, { type: 'fill' }>,
  quote: Quote,
  { session, record }: Standing,
): VenueEvent | undefined => {
  const { intent, orderId } = record;
  const leaves = quantity.subtract(intent.quantity, record.cumulativeQuantity);
  // An execution beyond the order is no fill of ours: taking it would invent a position.
  if (report.quantity <= 0n || report.quantity > leaves) return undefined;
  const { side, symbol } = intent;
  const fees = feesFor({
    side,
    quantity: report.quantity,
    price: report.price,
    date: exchangeDate(report.at),
  });
  const books = applyFill(
    { cash: session.cash, position: session.positions.get(symbol) },
    { symbol, side, quantity: report.quantity, price: report.price, fees },
  );
  const leavesQuantity = quantity.subtract(leaves, report.quantity);
  const filledNotional = money.add(
    record.filledNotional,
    notional(report.price, report.quantity, 'half-even'),
  );
  const cumulativeQuantity = quantity.add(record.cumulativeQuantity, report.quantity);
  const data: Execution = {
    orderId,
    symbol,
    side,
    fill: record.fills + 1,
    lastQuantity: report.quantity,
    lastPrice: report.price,
    fees,
    cumulativeQuantity,
    leavesQuantity,
    filledNotional,
    averagePrice: averagePrice(filledNotional, cumulativeQuantity, 'half-even'),
    reservedCash: stillReserved(session.working.get(orderId), leavesQuantity),
    quote,
    cash: books.cash,
    position: books.position,
    realizedPnl: books.realizedPnl,
    at: report.at,
  };
  return { type: leavesQuantity === 0n ? 'OrderFilled' : 'OrderPartiallyFilled', data };
};

/** The reservation shrinks with what is left to trade, rounded so that it never falls short. */
const stillReserved = (order: WorkingOrder | undefined, leaves: Quantity): Money =>
  order === undefined || order.leavesQuantity === 0n
    ? money.zero
    : (divide(order.reservedCash * leaves, order.leavesQuantity, 'up') as Money);
