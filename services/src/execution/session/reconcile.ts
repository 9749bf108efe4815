import type { VenueOrderState } from '@sentinel/contracts/execution';
import { type Digest, millisecondsBetween } from '@sentinel/contracts/kernel';
import type { Reconcile } from './commands.ts';
import { evolve } from './evolve/evolve.ts';
import { knownOrder } from './evolve/order.ts';
import { type OrderRecord, type Session, type SessionEvent, workingInTurn } from './state.ts';
import { takeReports } from './venue-reports.ts';

/**
 * Takes the venue's word on orders of unknown outcome: what it says of one that it knows, and the
 * rejection of one that has never reached it. What an order of ours says nothing of stays unknown, and
 * so becomes one that the venue has left unanswered for too long. Nothing is ever sent again.
 */
export const reconcile = (
  { answers, at, answersWithinMs }: Reconcile,
  session: Session,
  digest: Digest,
): readonly SessionEvent[] => {
  const events: SessionEvent[] = [];
  let now = session;
  const take = (event: SessionEvent) => {
    events.push(event);
    now = evolve(now, event) as Session;
  };
  for (const { orderId, found } of answers) {
    if (now.orders.get(orderId)?.status !== 'unknown') continue;
    if (found !== null) {
      const taken = takeReports(found.reports, now, digest);
      events.push(...taken.events);
      now = taken.session;
    }
    const record = knownOrder(now, orderId, 'an answer');
    const word = found === null ? neverArrived(record, at) : standing(found, record, at);
    if (word !== undefined) take(word);
  }
  if (answersWithinMs !== null)
    for (const event of unanswered(now, at, answersWithinMs)) take(event);
  return events;
};

/** The venue cannot have lost what it has named or filled: then its word is not believed. */
const neverArrived = (
  { orderId, intent, fills, venueOrderId }: OrderRecord,
  at: Temporal.Instant,
): SessionEvent | undefined => {
  if (fills > 0 || venueOrderId !== undefined) return undefined;
  const reason = 'The order never reached the venue.';
  return { type: 'OrderRejected', data: { orderId, symbol: intent.symbol, at, reason } };
};

/** What the order's status says where the reports left it open. Of fills only reports tell. */
const standing = (
  { venueOrderId, ordStatus }: VenueOrderState,
  record: OrderRecord,
  at: Temporal.Instant,
): SessionEvent | undefined => {
  if (record.status !== 'unknown') return undefined;
  const order = { orderId: record.orderId, symbol: record.intent.symbol, at };
  const reason = 'The venue says so of an order that was unknown.';
  switch (ordStatus) {
    // Ended by what is still to be told: fills, or the order that took its place.
    case 'filled':
    case 'replaced':
    case 'calculated':
      return undefined;
    case 'pending_new':
    case 'new':
    case 'partially_filled':
    case 'pending_cancel':
    case 'pending_replace':
    case 'suspended':
    case 'stopped':
      return { type: 'OrderAccepted', data: { ...order, venueOrderId } };
    case 'canceled':
      return { type: 'OrderCanceled', data: { ...order, reason } };
    case 'rejected':
      return { type: 'OrderRejected', data: { ...order, reason } };
    case 'expired':
    case 'done_for_day':
      return { type: 'OrderExpired', data: order };
  }
};

const unanswered = (
  session: Session,
  at: Temporal.Instant,
  withinMs: number,
): readonly SessionEvent[] =>
  workingInTurn(session).flatMap((order): readonly SessionEvent[] => {
    if (!isUnanswered(order) || millisecondsBetween(order.submittedAt, at) <= withinMs) return [];
    const { orderId, intent } = order;
    const reason = `The venue has not answered within ${withinMs} ms.`;
    return [{ type: 'OrderOutcomeUnknown', data: { orderId, symbol: intent.symbol, at, reason } }];
  });

/** Sent, and never heard of, whatever was asked of it since. */
export const isUnanswered = ({
  status,
  statusBefore,
}: Pick<ReturnType<typeof workingInTurn>[number], 'status' | 'statusBefore'>): boolean =>
  status === 'submitted' || statusBefore === 'submitted';
