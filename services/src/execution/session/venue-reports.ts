import { nextStatus } from '@sentinel/contracts/execution';
import {
  type Digest,
  divide,
  type Money,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { VenueReport } from '../venue/index.ts';
import { evolve } from './evolve.ts';
import { executionOf, type Met } from './executions.ts';
import { consequencesOf } from './exits.ts';
import type { OrderRecord, Session, SessionEvent } from './state.ts';

/** What the venue said of one order, and what the order met there. */
export type Reported = {
  readonly orderId: OrderRecord['orderId'];
  readonly reports: readonly VenueReport[];
} & Met;

/** Events in the order in which they happen, with the session as they leave it. */
export type Taken = { readonly events: SessionEvent[]; readonly session: Session };

/**
 * Turns what the venue says of orders into events, one after another, each with what follows from it
 * for other orders. A report that the order's state has no place for is left out: it came twice or too
 * late and changes nothing.
 */
export const takeReports = (
  looks: readonly Reported[],
  session: Session,
  digest: Digest,
): Taken => {
  const events: SessionEvent[] = [];
  let now = session;
  const take = (event: SessionEvent) => {
    events.push(event);
    now = evolve(now, event) as Session;
  };
  for (const look of looks) {
    for (const report of look.reports) {
      const event = eventOf(report, look, now);
      if (event === undefined) continue;
      take(event);
      if (event.type !== 'OrderFilled' && event.type !== 'OrderPartiallyFilled') continue;
      for (const consequence of consequencesOf(event.data, now, digest)) take(consequence);
    }
  }
  return { events, session: now };
};

const eventOf = (
  report: VenueReport,
  look: Reported,
  session: Session,
): SessionEvent | undefined => {
  const record = session.orders.get(look.orderId);
  if (record === undefined) return undefined;
  const event = unchecked(report, look, { session, record });
  if (event === undefined) return undefined;
  const before = session.working.get(look.orderId)?.statusBefore ?? null;
  return nextStatus(record.status, before, event.type) === undefined ? undefined : event;
};

/** What comes of an order, by the stored name. */
type OrderEvent = Exclude<
  Extract<SessionEvent, { type: `Order${string}` }>,
  { type: 'OrderSubmitted' | 'OrderDenied' }
>;

const unchecked = (
  report: VenueReport,
  look: Reported,
  at: { readonly session: Session; readonly record: OrderRecord },
): OrderEvent | undefined => {
  const { symbol } = at.record.intent;
  const order = { orderId: look.orderId, symbol, at: report.at };
  switch (report.type) {
    case 'accepted':
      return { type: 'OrderAccepted', data: order };
    case 'rejected':
      return { type: 'OrderRejected', data: { ...order, reason: report.reason } };
    case 'unknown':
      return { type: 'OrderOutcomeUnknown', data: { ...order, reason: report.reason } };
    case 'canceled':
      return { type: 'OrderCanceled', data: { ...order, reason: report.reason } };
    case 'expired':
      return { type: 'OrderExpired', data: order };
    case 'triggered':
      return { type: 'OrderTriggered', data: { ...order, stopAt: report.stopAt } };
    case 'stop_moved':
      return { type: 'OrderStopMoved', data: { ...order, stopAt: report.stopAt } };
    case 'replaced':
      return replacedBy(look.orderId, report.at, at.session);
    case 'replace_rejected':
      return { type: 'OrderReplaceRejected', data: { ...order, reason: report.reason } };
    case 'fill':
      return executionOf(report, look, at);
  }
};

const replacedBy = (
  orderId: OrderRecord['orderId'],
  at: Temporal.Instant,
  session: Session,
): OrderEvent | undefined => {
  const order = session.working.get(orderId);
  if (order?.replacement === undefined) return undefined;
  const { intent, reservedCash } = order.replacement;
  const leavesQuantity = quantity.subtract(intent.quantity, order.cumulativeQuantity);
  if (leavesQuantity <= 0n) return undefined;
  return {
    type: 'OrderReplaced',
    data: {
      orderId,
      symbol: intent.symbol,
      at,
      intent,
      leavesQuantity,
      reservedCash: shareOf(reservedCash, leavesQuantity, intent.quantity),
    },
  };
};

/** What is set aside for a part of the shares, rounded so that it never falls short. */
export const shareOf = (reserved: Money, part: Quantity, whole: Quantity): Money =>
  divide(reserved * part, whole, 'up') as Money;
