import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  isWorking,
  nextStatus,
  nextStatusBefore,
  type OrderTrigger,
} from '@sentinel/contracts/execution';
import {
  EventStoreCorrupt,
  isBefore,
  money,
  type OrderId,
  quantity,
} from '@sentinel/contracts/kernel';
import {
  executionKey,
  fingerprintOf,
  type OrderRecord,
  type Session,
  type SessionEvent,
} from './state.ts';

export type DataOf<Type extends SessionEvent['type']> = Extract<
  SessionEvent,
  { type: Type }
>['data'];
/** The later of two instants. */
export const later = (a: Temporal.Instant, b: Temporal.Instant) => (isBefore(a, b) ? b : a);

/** What is remembered of a working order that the books brought in. */
export const recordOf = (order: WorkingOrder): OrderRecord => ({
  orderId: order.orderId,
  decisionId: order.decisionId,
  intent: order.intent,
  status: order.status,
  cumulativeQuantity: order.cumulativeQuantity,
  filledNotional: order.filledNotional,
  fees: order.fees,
  fills: order.fills,
  reason: null,
  link: order.link,
  stopAt: order.stopAt ?? order.intent.triggerPrice,
  filledInBar: undefined,
  submittedAt: order.submittedAt,
  updatedAt: order.submittedAt,
});

/** Submits and cancels count as messages, at the market's time. */
export const countMessage = (session: Session, at: Temporal.Instant): Session['messages'] =>
  session.messages.with(`${session.messages.size + 1}`, at.epochMilliseconds);

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

const useKey = (
  session: Session,
  data: {
    idempotencyKey: string | null;
    paramsDigest: DataOf<'OrderDenied'>['paramsDigest'];
    orderId: OrderId;
    at: Temporal.Instant;
  },
): Pick<Session, 'keys' | 'keysInOrder'> => {
  if (data.idempotencyKey === null) return session;
  const used = {
    key: data.idempotencyKey,
    paramsDigest: data.paramsDigest,
    orderId: data.orderId,
    at: data.at,
  };
  return {
    keys: session.keys.with(used.key, used),
    keysInOrder: session.keysInOrder.with(`${session.keysInOrder.size + 1}`, used),
  };
};

/** What an event leaves behind in an order, as it works on and as it is remembered. */
type Changed = {
  readonly working: Partial<WorkingOrder>;
  readonly record: Partial<OrderRecord>;
};

/** Moves one order by the table of states; what the table does not allow cannot have been recorded. */
export const move = (
  session: Session,
  data: {
    readonly orderId: OrderId;
    readonly at: Temporal.Instant;
    readonly reason?: string;
    readonly changed?: Changed;
  },
  trigger: OrderTrigger,
): Session => {
  const record = session.orders.get(data.orderId);
  if (record === undefined)
    throw new EventStoreCorrupt(`${trigger} of unknown order ${data.orderId}`);
  const before = session.working.get(data.orderId);
  const status = nextStatus(record.status, before?.statusBefore ?? null, trigger);
  if (status === undefined)
    throw new EventStoreCorrupt(`${trigger} of order ${data.orderId}, which is ${record.status}`);
  const working =
    before !== undefined && isWorking(status)
      ? session.working.with(data.orderId, {
          ...before,
          ...data.changed?.working,
          status,
          ...(status !== 'pending_replace' && { replacement: undefined }),
          statusBefore: nextStatusBefore(record.status, before.statusBefore, trigger),
          cancelRequestedAt:
            status !== 'pending_cancel'
              ? null
              : trigger === 'OrderPendingCancel'
                ? data.at
                : before.cancelRequestedAt,
        })
      : session.working.without(data.orderId);
  const reason =
    data.reason !== undefined && trigger === 'OrderRejected'
      ? { code: 'VENUE_REJECTED', message: data.reason }
      : record.reason;
  return {
    ...session,
    lastAt: later(session.lastAt, data.at),
    working,
    orders: session.orders.with(data.orderId, {
      ...record,
      ...data.changed?.record,
      status,
      reason,
      updatedAt: data.at,
    }),
  };
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
    ...(data.link !== undefined && { link: data.link }),
  };
  const submitted = {
    ...session,
    ...useKey(session, data),
    lastAt: later(session.lastAt, data.at),
    working: session.working.with(data.orderId, order),
    orders: session.orders.with(data.orderId, recordOf(order)),
    orderSequence: data.sequence,
  };
  // An exit that a fill sets out is the venue's own doing, and no message of ours.
  if (data.link !== undefined && data.link.parentId !== data.orderId) return submitted;
  return {
    ...submitted,
    messages: countMessage(session, data.at),
    executions: countExecution(session, data),
    fingerprints: session.fingerprints.with(fingerprintOf(data.intent), data.at),
  };
};

export const deny = (session: Session, data: DataOf<'OrderDenied'>): Session => ({
  ...session,
  ...useKey(session, data),
  lastAt: later(session.lastAt, data.at),
  orders: session.orders.with(data.orderId, {
    orderId: data.orderId,
    decisionId: data.decisionId,
    intent: data.intent,
    status: 'denied',
    cumulativeQuantity: quantity.zero,
    filledNotional: money.zero,
    fees: money.zero,
    fills: 0,
    reason: { code: data.code, message: data.message },
    link: undefined,
    stopAt: data.intent.triggerPrice,
    filledInBar: undefined,
    submittedAt: data.at,
    updatedAt: data.at,
  }),
});
