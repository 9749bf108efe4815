import type { OrderStatus } from './order.ts';

/** What moves an order: the events of its life, by their stored names. */
export const orderTriggers = [
  'OrderDenied',
  'OrderSubmitted',
  'OrderAccepted',
  'OrderRejected',
  'OrderPartiallyFilled',
  'OrderFilled',
  'OrderPendingCancel',
  'OrderCancelRejected',
  'OrderCanceled',
  'OrderExpired',
  'OrderOutcomeUnknown',
] as const;
export type OrderTrigger = (typeof orderTriggers)[number];

/** `before` stands for the state that a pending cancel interrupted. */
type Transitions = Readonly<
  Record<OrderStatus, Readonly<Partial<Record<OrderTrigger, OrderStatus | 'before'>>>>
>;

const ends = {
  OrderFilled: 'filled',
  OrderCanceled: 'canceled',
  OrderExpired: 'expired',
} as const;
const working = {
  ...ends,
  OrderPartiallyFilled: 'partially_filled',
  OrderPendingCancel: 'pending_cancel',
  OrderOutcomeUnknown: 'unknown',
} as const;
/** The cancel and a fill crossed on their way: the shares are ours, the rest stays ended. */
const endedRest = { OrderFilled: 'filled' } as const;

/** The whole order state machine. What does not stand here does not happen. */
export const transitions: Transitions = {
  initialized: { OrderDenied: 'denied', OrderSubmitted: 'submitted' },
  denied: {},
  submitted: { ...working, OrderAccepted: 'accepted', OrderRejected: 'rejected' },
  accepted: working,
  rejected: {},
  // No event leads here yet: stop orders and replacements bring their events with them.
  triggered: {},
  pending_replace: {},
  partially_filled: working,
  filled: {},
  pending_cancel: {
    ...ends,
    OrderAccepted: 'pending_cancel',
    OrderRejected: 'rejected',
    OrderPartiallyFilled: 'pending_cancel',
    OrderCancelRejected: 'before',
    OrderOutcomeUnknown: 'unknown',
  },
  canceled: { ...endedRest, OrderPartiallyFilled: 'canceled' },
  expired: { ...endedRest, OrderPartiallyFilled: 'expired' },
  // Only the venue's word on the order itself resolves it; what is said of a cancel does not.
  unknown: {
    ...ends,
    OrderAccepted: 'accepted',
    OrderRejected: 'rejected',
    OrderPartiallyFilled: 'partially_filled',
    OrderPendingCancel: 'unknown',
    OrderCancelRejected: 'unknown',
  },
};

/**
 * The state that `trigger` leads to; undefined where it has no place. `statusBefore` is the state
 * that a pending cancel interrupted, null outside of one.
 */
export const nextStatus = (
  current: OrderStatus,
  statusBefore: OrderStatus | null,
  trigger: OrderTrigger,
): OrderStatus | undefined => {
  const next = transitions[current][trigger];
  return next === 'before' ? (statusBefore ?? undefined) : next;
};

/**
 * The state to go back to when the cancel is refused, after `trigger` was taken; null when no cancel
 * is pending then. A fill or an acceptance during a pending cancel moves it on, so that a refused
 * cancel does not lead back into the past.
 */
export const nextStatusBefore = (
  current: OrderStatus,
  statusBefore: OrderStatus | null,
  trigger: OrderTrigger,
): OrderStatus | null => {
  if (nextStatus(current, statusBefore, trigger) !== 'pending_cancel') return null;
  if (current !== 'pending_cancel') return current;
  return statusBefore === null ? null : (nextStatus(statusBefore, null, trigger) ?? statusBefore);
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
