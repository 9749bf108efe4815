import type { OrderStatus } from '@sentinel/contracts/execution';

/** The events that move an order once it is submitted. */
export const movingTypes = [
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
export type MovingType = (typeof movingTypes)[number];

/** Where an order stands; `before` is the state that a pending cancel interrupted. */
export type Standing = { readonly status: OrderStatus; readonly before: OrderStatus | null };

const plain = {
  OrderAccepted: 'accepted',
  OrderRejected: 'rejected',
  OrderPartiallyFilled: 'partially_filled',
  OrderFilled: 'filled',
  OrderCanceled: 'canceled',
  OrderExpired: 'expired',
  OrderOutcomeUnknown: 'unknown',
} as const satisfies Partial<Record<MovingType, OrderStatus>>;

/**
 * Where a recorded event leaves an order. The session has judged what may follow what; a view takes
 * what was recorded. What crosses a pending cancel moves the state underneath it, and a fill that
 * crosses the end of an order leaves it ended unless it completes it.
 */
export const moved = ({ status, before }: Standing, type: MovingType): Standing => {
  switch (type) {
    case 'OrderPendingCancel':
      return status === 'unknown'
        ? { status, before }
        : { status: 'pending_cancel', before: status };
    case 'OrderCancelRejected':
      return {
        status: status === 'pending_cancel' ? (before ?? 'accepted') : status,
        before: null,
      };
    case 'OrderAccepted':
    case 'OrderPartiallyFilled':
      if (status === 'pending_cancel') return { status, before: underneath(before, type) };
      if (status === 'canceled' || status === 'expired') return { status, before: null };
      return { status: plain[type], before: null };
    default:
      return { status: plain[type], before: null };
  }
};

/** An acceptance that comes late does not undo a fill. */
const underneath = (
  before: OrderStatus | null,
  type: 'OrderAccepted' | 'OrderPartiallyFilled',
): OrderStatus | null =>
  type === 'OrderAccepted' && before !== 'submitted' ? before : plain[type];
