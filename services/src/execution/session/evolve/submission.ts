import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type DecisionId, money, type OrderId, quantity } from '@sentinel/contracts/kernel';
import { countGranted } from '../granted.ts';
import { executionKey, fingerprintOf, type OrderRecord, type Session, termsOf } from '../state.ts';
import { countMessage, type DataOf, later, recordOf } from './order.ts';

/** An order of the day that no rule asks for is forgotten: rules count thousands at the most. */
const rememberedExecutions = 10_000;

const countExecution = (
  { executions }: Session,
  { intent, at }: DataOf<'OrderSubmitted'>,
): Session['executions'] => {
  const key = executionKey(intent);
  if (key === undefined) return executions;
  const times = [...(executions.get(key) ?? []), at.epochMilliseconds];
  return executions.with(key, times.slice(-rememberedExecutions));
};

export const useKey = (
  session: Session,
  data: {
    idempotencyKey: string | null;
    paramsDigest: DataOf<'OrderDenied'>['paramsDigest'];
    orderId: OrderId;
    at: Temporal.Instant;
  },
): Pick<Session, 'keys'> => {
  if (data.idempotencyKey === null) return session;
  const used = {
    key: data.idempotencyKey,
    paramsDigest: data.paramsDigest,
    orderId: data.orderId,
    at: data.at,
  };
  return { keys: session.keys.with(used.key, used) };
};

export const submit = (session: Session, data: DataOf<'OrderSubmitted'>): Session => {
  const order: WorkingOrder = {
    orderId: data.orderId,
    decisionId: data.decisionId,
    sequence: data.sequence,
    status: 'submitted',
    statusBefore: null,
    cancelRequestedAt: null,
    intent: data.intent,
    submittedAt: data.at,
    cumulativeQuantity: quantity.zero,
    leavesQuantity: data.intent.quantity,
    filledNotional: money.zero,
    fills: 0,
    fees: money.zero,
    reservedCash: data.reservedCash,
    link: data.link,
    givenReason: data.givenReason ?? undefined,
    windDownId: data.windDownId,
  };
  const submitted = {
    ...session,
    ...useKey(session, data),
    lastAt: later(session.lastAt, data.at),
    working: session.working.with(data.orderId, order),
    orders: session.orders.with(data.orderId, recordOf(order)),
    orderSequence: data.sequence,
    ...countGranted(session, data.orderId, {
      granted: data.granted,
      shares: data.intent.quantity,
    }),
  };
  // An exit that a fill sets out is the venue's own doing, and no message of ours.
  if (data.link !== undefined && data.link.parentId !== data.orderId) return submitted;
  return {
    ...submitted,
    messages: countMessage(session, data.at),
    executions: countExecution(session, data),
    fingerprints: session.fingerprints.with(fingerprintOf(data.intent), data.at),
    byTerms: session.byTerms.with(termsOf({ link: data.link, intent: data.intent }), data.orderId),
  };
};

/** What is remembered of an order of which nothing was sent: it waits for a human, or was denied. */
export const unsentRecord = (
  data: DataOf<'OrderProposed'> | DataOf<'OrderDenied'>,
  outcome: Pick<OrderRecord, 'status' | 'reason'>,
): OrderRecord => ({
  ...outcome,
  orderId: data.orderId,
  decisionId: data.decisionId,
  intent: data.intent,
  cumulativeQuantity: quantity.zero,
  filledNotional: money.zero,
  fees: money.zero,
  fills: 0,
  link: undefined,
  stopAt: data.intent.triggerPrice,
  venueOrderId: undefined,
  givenReason: data.givenReason ?? undefined,
  external: false,
  executions: [],
  busted: [],
  submittedAt: data.at,
  updatedAt: data.at,
});

export const deny = (session: Session, data: DataOf<'OrderDenied'>): Session => ({
  ...session,
  ...useKey(session, data),
  lastAt: later(session.lastAt, data.at),
  orders: session.orders.with(
    data.orderId,
    unsentRecord(data, {
      status: 'denied',
      reason: { code: data.code, message: data.message },
    }),
  ),
});

/**
 * An order that others placed works from here on like any other. Nobody here decided it: its own id
 * stands where that of a decision would, and leads to none.
 */
export const adopt = (session: Session, data: DataOf<'OrderAdopted'>): Session => {
  const { orderId, venueOrderId } = data;
  const order: WorkingOrder = {
    orderId,
    decisionId: orderId as string as DecisionId,
    sequence: data.sequence,
    status: 'accepted',
    statusBefore: null,
    cancelRequestedAt: null,
    intent: data.intent,
    submittedAt: data.submittedAt,
    cumulativeQuantity: quantity.zero,
    leavesQuantity: data.intent.quantity,
    filledNotional: money.zero,
    fills: 0,
    fees: money.zero,
    reservedCash: data.reservedCash,
    venueOrderId,
    external: true,
  };
  return {
    ...session,
    lastAt: later(session.lastAt, data.at),
    working: session.working.with(orderId, order),
    orders: session.orders.with(orderId, recordOf(order)),
    adopted: new Map(session.adopted).set(venueOrderId, orderId),
    orderSequence: data.sequence,
  };
};
