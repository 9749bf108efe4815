import { nextStatus, type VenueReport } from '@sentinel/contracts/execution';
import {
  type Digest,
  divide,
  isBefore,
  type Money,
  type OrderId,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import { adoption } from './adoption.ts';
import { evolve } from './evolve/evolve.ts';
import { bustOf, correctionOf, endedBy } from './execution-changes.ts';
import { executionOf } from './executions.ts';
import { consequencesOf } from './exits.ts';
import type { OrderRecord, Session, SessionEvent } from './state.ts';

/** Events in the order in which they happen, with the session as they leave it. */
export type Taken = { readonly events: readonly SessionEvent[]; readonly session: Session };

/** The order that a report is about: ours by our id, one that others placed by the venue's. */
export const orderOf = (
  { orderId, venueOrderId }: Pick<VenueReport, 'orderId' | 'venueOrderId'>,
  session: Session,
): OrderRecord | undefined => {
  const known: OrderId | undefined =
    orderId ?? (venueOrderId === null ? undefined : session.adopted.get(venueOrderId));
  return known === undefined ? undefined : session.orders.get(known);
};

type Reckoned = {
  readonly reports: readonly VenueReport[];
  readonly session: Session;
  readonly digest: Digest;
  readonly taken: Taken;
};
let lastReckoned: Reckoned | undefined;

/** Keeps what was reckoned on the way to these very reports, for whoever takes them into that session. */
export const keepReckoned = (reckoned: Reckoned): void => {
  lastReckoned = reckoned;
};

/**
 * Turns what the venue says into events, one report after another, each with what follows from it for
 * other orders. A report that the order's state has no place for is left out: it came twice or too late
 * and changes nothing. So is one of an order that this session has never had.
 */
export const takeReports = (
  reports: readonly VenueReport[],
  session: Session,
  digest: Digest,
): Taken => {
  const known = lastReckoned;
  if (known?.reports === reports && known.session === session && known.digest === digest)
    return known.taken;
  const events: SessionEvent[] = [];
  let now = session;
  const take = (event: SessionEvent) => {
    events.push(event);
    now = evolve(now, event) as Session;
  };
  for (const report of reports) {
    const accepted = impliedAcceptance(report, now);
    if (accepted !== undefined) take(accepted);
    const event = eventOf(report, now, digest);
    if (event === undefined) continue;
    take(event);
    for (const consequence of consequencesOf(event, now, digest)) take(consequence);
    const ended = endedBy(event, now);
    if (ended !== undefined) take(ended);
  }
  return { events, session: now };
};

/** A venue that reports a trade of an order has taken it, though we may hear of that later or never. */
const impliedAcceptance = (report: VenueReport, session: Session): SessionEvent | undefined => {
  if (report.execType !== 'trade' || report.venueOrderId === null) return undefined;
  const record = orderOf(report, session);
  if (record === undefined || record.venueOrderId !== undefined) return undefined;
  return allowed(record, session, {
    type: 'OrderAccepted',
    data: {
      orderId: record.orderId,
      symbol: record.intent.symbol,
      at: report.at,
      venueOrderId: report.venueOrderId,
    },
  });
};

const eventOf = (
  report: VenueReport,
  session: Session,
  digest: Digest,
): SessionEvent | undefined => {
  const record = orderOf(report, session);
  if (record === undefined)
    return report.orderId === null ? adoption(report, session, digest) : undefined;
  if (isOfEpochBefore(record, session)) return undefined;
  const event = unchecked(report, { session, record });
  return event === undefined ? undefined : allowed(record, session, event);
};

/**
 * What trades of an account's epoch before is no part of the one that began after it. Nothing worked when
 * it began: what works is of the new one, though it may have been placed at that very moment.
 */
const isOfEpochBefore = (
  { orderId, submittedAt }: OrderRecord,
  { reset, working }: Session,
): boolean => reset !== null && !working.has(orderId) && !isBefore(reset.at, submittedAt);

/** What comes of an order that was submitted, by the stored name. */
type OrderEvent = Exclude<
  Extract<SessionEvent, { type: `Order${string}` | `Execution${string}` }>,
  { type: 'OrderSubmitted' | 'OrderDenied' | 'OrderAdopted' }
>;

const allowed = (
  { orderId, status }: OrderRecord,
  session: Session,
  event: OrderEvent,
): SessionEvent | undefined => {
  const before = session.working.get(orderId)?.statusBefore ?? null;
  return nextStatus(status, before, event.type) === undefined ? undefined : event;
};

const unchecked = (
  report: VenueReport,
  at: { readonly session: Session; readonly record: OrderRecord },
): OrderEvent | undefined => {
  const { orderId, intent } = at.record;
  const order = { orderId, symbol: intent.symbol, at: report.at };
  const bar = report.met?.bar?.start ?? null;
  switch (report.execType) {
    case 'new':
      return { type: 'OrderAccepted', data: { ...order, venueOrderId: report.venueOrderId } };
    case 'rejected':
      return { type: 'OrderRejected', data: { ...order, reason: report.reason } };
    case 'unknown':
      return { type: 'OrderOutcomeUnknown', data: { ...order, reason: report.reason } };
    case 'canceled':
      return { type: 'OrderCanceled', data: { ...order, reason: report.reason } };
    case 'cancel_rejected':
      return { type: 'OrderCancelRejected', data: { ...order, reason: report.reason } };
    case 'expired':
      return { type: 'OrderExpired', data: order };
    case 'triggered':
      return { type: 'OrderTriggered', data: { ...order, stopAt: report.stopAt, bar } };
    case 'restated':
      return { type: 'OrderStopMoved', data: { ...order, stopAt: report.stopAt, bar } };
    case 'replaced':
      return replacedBy(report, at);
    case 'replace_rejected':
      return { type: 'OrderReplaceRejected', data: { ...order, reason: report.reason, bar } };
    case 'trade':
      return executionOf({ ...report, id: report.venueExecutionId, met: report.met }, at);
    case 'trade_correct':
      return correctionOf(report, at);
    case 'trade_cancel':
      return bustOf(report, at);
  }
};

const replacedBy = (
  report: VenueReport,
  { session, record }: { readonly session: Session; readonly record: OrderRecord },
): OrderEvent | undefined => {
  const order = session.working.get(record.orderId);
  if (order?.replacement === undefined) return undefined;
  const { intent, reservedCash } = order.replacement;
  const leavesQuantity = quantity.subtract(intent.quantity, order.cumulativeQuantity);
  if (leavesQuantity <= 0n) {
    const { orderId } = record;
    const reason = 'As much as its new terms ask for has been filled already.';
    return {
      type: 'OrderCanceled',
      data: { orderId, symbol: intent.symbol, at: report.at, reason },
    };
  }
  return {
    type: 'OrderReplaced',
    data: {
      orderId: record.orderId,
      symbol: intent.symbol,
      at: report.at,
      intent,
      leavesQuantity,
      reservedCash: shareOf(reservedCash, leavesQuantity, intent.quantity),
      bar: report.met?.bar?.start ?? null,
      stopAt: null,
    },
  };
};

/** What is set aside for a part of the shares, rounded so that it never falls short. */
export const shareOf = (reserved: Money, part: Quantity, whole: Quantity): Money =>
  divide(reserved * part, whole, 'up') as Money;
