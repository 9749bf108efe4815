import type { OrderStatus } from './order.ts';

/** What moves an order: the events of its life, by their stored names. */
export const orderTriggers = [
  'OrderDenied',
  'OrderSubmitted',
  'OrderAccepted',
  'OrderRejected',
  'OrderTriggered',
  'OrderStopMoved',
  'OrderPartiallyFilled',
  'OrderFilled',
  'OrderPendingCancel',
  'OrderCancelRejected',
  'OrderPendingReplace',
  'OrderReplaceRejected',
  'OrderReplaced',
  'OrderCanceled',
  'OrderExpired',
  'OrderOutcomeUnknown',
] as const;
export type OrderTrigger = (typeof orderTriggers)[number];

/** `before` stands for the state that a pending cancel or replacement interrupted, `same` for this one. */
type Transitions = Readonly<
  Record<OrderStatus, Readonly<Partial<Record<OrderTrigger, OrderStatus | 'before' | 'same'>>>>
>;

const ends = {
  OrderFilled: 'filled',
  OrderCanceled: 'canceled',
  OrderExpired: 'expired',
} as const;

const working = {
  ...ends,
  OrderStopMoved: 'same',
  OrderPartiallyFilled: 'partially_filled',
  OrderPendingCancel: 'pending_cancel',
  OrderPendingReplace: 'pending_replace',
  // The exits of an order are replaced by the venue itself, as the fills of their parent demand.
  OrderReplaced: 'same',
  OrderOutcomeUnknown: 'unknown',
} as const;

/** While a cancel or a replacement is on its way the order goes on living. */
const pending = {
  ...ends,
  OrderAccepted: 'same',
  OrderRejected: 'rejected',
  OrderTriggered: 'same',
  OrderStopMoved: 'same',
  OrderPartiallyFilled: 'same',
  OrderOutcomeUnknown: 'unknown',
} as const;

/** The cancel and a fill crossed on their way: the shares are ours, the rest stays ended. */
const endedRest = { OrderFilled: 'filled', OrderPartiallyFilled: 'same' } as const;

/** The whole order state machine. What does not stand here does not happen. */
export const transitions: Transitions = {
  initialized: { OrderDenied: 'denied', OrderSubmitted: 'submitted' },
  denied: {},
  submitted: { ...working, OrderAccepted: 'accepted', OrderRejected: 'rejected' },
  accepted: { ...working, OrderTriggered: 'triggered' },
  rejected: {},
  triggered: working,
  partially_filled: working,
  filled: {},
  pending_cancel: { ...pending, OrderCancelRejected: 'before', OrderReplaced: 'same' },
  // A cancel asked for meanwhile goes before the replacement, which dies with it; new terms asked for
  // meanwhile go on top of those that are on their way.
  pending_replace: {
    ...pending,
    OrderPendingReplace: 'same',
    OrderPendingCancel: 'pending_cancel',
    OrderReplaceRejected: 'before',
    OrderReplaced: 'before',
  },
  canceled: endedRest,
  expired: endedRest,
  // Only the venue's word on the order itself resolves it; what is said of a cancel does not.
  unknown: {
    ...ends,
    OrderAccepted: 'accepted',
    OrderRejected: 'rejected',
    OrderPartiallyFilled: 'partially_filled',
    OrderReplaced: 'same',
    OrderPendingCancel: 'same',
    OrderCancelRejected: 'same',
  },
};

const isPending = (status: OrderStatus): boolean =>
  status === 'pending_cancel' || status === 'pending_replace';

/**
 * The state that `trigger` leads to; undefined where it has no place. `statusBefore` is the state
 * that a pending cancel or replacement interrupted, null outside of one.
 */
export const nextStatus = (
  current: OrderStatus,
  statusBefore: OrderStatus | null,
  trigger: OrderTrigger,
): OrderStatus | undefined => {
  const next = transitions[current][trigger];
  if (next === 'same') return current;
  return next === 'before' ? (statusBefore ?? undefined) : next;
};

/**
 * The state to go back to when what is pending is refused, after `trigger` was taken; null when
 * nothing is pending then. A fill, a trigger or an acceptance meanwhile moves it on, so that a refusal
 * does not lead back into the past.
 */
export const nextStatusBefore = (
  current: OrderStatus,
  statusBefore: OrderStatus | null,
  trigger: OrderTrigger,
): OrderStatus | null => {
  const next = nextStatus(current, statusBefore, trigger);
  if (next === undefined || !isPending(next)) return null;
  if (!isPending(current)) return current;
  if (statusBefore === null || next !== current) return statusBefore;
  const moved = nextStatus(statusBefore, null, trigger);
  return moved === undefined || isPending(moved) ? statusBefore : moved;
};

const finalStatuses: ReadonlySet<OrderStatus> = new Set<OrderStatus>([
  'denied',
  'rejected',
  'filled',
  'canceled',
  'expired',
]);

/** Nothing more is expected of it; a late fill may still come after `canceled` and `expired`. */
export const isFinal = (status: OrderStatus): boolean => finalStatuses.has(status);

/** It stands at the venue or may stand there, and so keeps its exposure. */
export const isWorking = (status: OrderStatus): boolean =>
  !isFinal(status) && status !== 'initialized';
