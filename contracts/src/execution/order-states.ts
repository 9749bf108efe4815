import type { OrderStatus } from './order.ts';

/** What moves an order: the events of its life, by their stored names. */
export const orderTriggers = [
  'OrderProposed',
  'OrderDenied',
  'OrderSubmitted',
  'OrderAdopted',
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
  'ExecutionBusted',
  'ExecutionCorrected',
] as const;
export type OrderTrigger = (typeof orderTriggers)[number];

/** `before` stands for the state that a pending cancel or replacement interrupted, `same` for this one. */
type Transitions = Readonly<
  Record<OrderStatus, Readonly<Partial<Record<OrderTrigger, OrderStatus | 'before' | 'same'>>>>
>;

/** The venue may change an execution of an order in whatever state it is: it changes the books. */
const changes = { ExecutionBusted: 'same', ExecutionCorrected: 'same' } as const;

const ends = {
  OrderFilled: 'filled',
  OrderCanceled: 'canceled',
  OrderExpired: 'expired',
} as const;

const begins = {
  OrderDenied: 'denied',
  OrderSubmitted: 'submitted',
  OrderAdopted: 'accepted',
} as const;

const working = {
  ...ends,
  ...changes,
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
  ...changes,
  OrderAccepted: 'same',
  OrderRejected: 'rejected',
  OrderTriggered: 'same',
  OrderStopMoved: 'same',
  OrderPartiallyFilled: 'same',
  OrderOutcomeUnknown: 'unknown',
} as const;

/** The cancel and a fill crossed on their way: the shares are ours, the rest stays ended. */
const endedRest = { ...changes, OrderFilled: 'filled', OrderPartiallyFilled: 'same' } as const;

/** The whole order state machine: what does not stand here does not happen. A proposal is initialized. */
export const transitions: Transitions = {
  initialized: { ...begins, OrderProposed: 'same' },
  denied: {},
  submitted: { ...working, OrderAccepted: 'accepted', OrderRejected: 'rejected' },
  accepted: { ...working, OrderTriggered: 'triggered' },
  rejected: {},
  triggered: working,
  partially_filled: working,
  // A busted fill leaves shares that no order works for any more.
  filled: { ExecutionBusted: 'canceled', ExecutionCorrected: 'same' },
  // A wish that a log from before forgot may be asked for again.
  pending_cancel: {
    ...pending,
    OrderCancelRejected: 'before',
    OrderReplaced: 'same',
    OrderReplaceRejected: 'same',
    OrderPendingCancel: 'same',
    OrderPendingReplace: 'same',
  },
  // A cancel asked for meanwhile goes before the replacement, which dies with it; new terms
  // asked for meanwhile go on top of those that are on their way.
  pending_replace: {
    ...pending,
    OrderPendingCancel: 'pending_cancel',
    OrderPendingReplace: 'same',
    OrderReplaceRejected: 'before',
    OrderReplaced: 'before',
  },
  canceled: endedRest,
  expired: endedRest,
  // Only the venue's word on the order itself resolves it; what is said of a cancel does not. What we ask
  // for meanwhile is kept as a wish, and pending as soon as the order turns out to work.
  unknown: {
    ...ends,
    ...changes,
    OrderAccepted: 'accepted',
    OrderRejected: 'rejected',
    OrderPartiallyFilled: 'partially_filled',
    OrderReplaced: 'same',
    OrderReplaceRejected: 'same',
    OrderPendingCancel: 'same',
    OrderPendingReplace: 'same',
    OrderCancelRejected: 'same',
  },
};

type PendingStatus = 'pending_cancel' | 'pending_replace';

const isPending = (status: OrderStatus | null): status is PendingStatus =>
  status === 'pending_cancel' || status === 'pending_replace';

/**
 * The state that `trigger` leads to; undefined where it has no place. `statusBefore` is the state
 * that a pending cancel or replacement interrupted; of an unknown order it is the pending state that our
 * wish leads to once the order turns out to work. Null outside of both.
 */
export const nextStatus = (
  current: OrderStatus,
  statusBefore: OrderStatus | null,
  trigger: OrderTrigger,
): OrderStatus | undefined => {
  const next = transitions[current][trigger];
  if (next === 'same') return current;
  if (next === 'before') return statusBefore ?? undefined;
  const wished = current === 'unknown' && isPending(statusBefore);
  return wished && next !== undefined && isWorking(next) ? statusBefore : next;
};

/** What is wished for of an order that is unknown after `trigger`. */
const wishAfter = (
  current: OrderStatus,
  statusBefore: OrderStatus | null,
  trigger: OrderTrigger,
): PendingStatus | null => {
  const wish = current === 'unknown' ? statusBefore : current;
  const before = isPending(wish) ? wish : null;
  switch (trigger) {
    case 'OrderPendingCancel':
      return 'pending_cancel';
    case 'OrderPendingReplace':
      return before ?? 'pending_replace';
    case 'OrderCancelRejected':
      return before === 'pending_cancel' ? null : before;
    case 'OrderReplaced':
    case 'OrderReplaceRejected':
      return before === 'pending_replace' ? null : before;
    default:
      return before;
  }
};

/**
 * The state to go back to when what is pending is refused, after `trigger` was taken; null when nothing is
 * pending then. A fill, a trigger or an acceptance meanwhile moves it on. Of an unknown order: the wish.
 */
export const nextStatusBefore = (
  current: OrderStatus,
  statusBefore: OrderStatus | null,
  trigger: OrderTrigger,
): OrderStatus | null => {
  const next = nextStatus(current, statusBefore, trigger);
  if (next === 'unknown') return wishAfter(current, statusBefore, trigger);
  if (next === undefined || !isPending(next)) return null;
  // Resolved with a wish: as if it had been asked for of the order as it turned out to be.
  if (current === 'unknown') return nextStatus(current, null, trigger) ?? null;
  if (!isPending(current)) return current;
  if (statusBefore === null || next !== current) return statusBefore;
  const moved = nextStatus(statusBefore, null, trigger) ?? null;
  return moved === null || isPending(moved) ? statusBefore : moved;
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
