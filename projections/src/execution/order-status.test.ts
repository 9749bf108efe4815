import { describe, expect, test } from 'vitest';
import { type MovingType, moved, type Standing } from './order-status.ts';

const after = (...types: readonly MovingType[]): Standing =>
  types.reduce(moved, { status: 'submitted', before: null });

describe('an order stands', () => {
  test.each<[readonly MovingType[], Standing['status']]>([
    [['OrderAccepted', 'OrderPartiallyFilled', 'OrderFilled'], 'filled'],
    [['OrderRejected'], 'rejected'],
    [['OrderAccepted', 'OrderExpired'], 'expired'],
    [['OrderOutcomeUnknown', 'OrderAccepted'], 'accepted'],
    [['OrderOutcomeUnknown', 'OrderPendingCancel'], 'unknown'],
    [['OrderAccepted', 'OrderPendingCancel', 'OrderCanceled'], 'canceled'],
    [['OrderAccepted', 'OrderPendingCancel', 'OrderCancelRejected'], 'accepted'],
    [['OrderPendingCancel', 'OrderAccepted', 'OrderCancelRejected'], 'accepted'],
    [['OrderPendingCancel', 'OrderPartiallyFilled'], 'pending_cancel'],
    [
      ['OrderPendingCancel', 'OrderPartiallyFilled', 'OrderAccepted', 'OrderCancelRejected'],
      'partially_filled',
    ],
    [['OrderCanceled', 'OrderPartiallyFilled'], 'canceled'],
    [['OrderCanceled', 'OrderFilled'], 'filled'],
  ])('after %j: %s', (types, status) => {
    expect(after(...types).status).toBe(status);
  });
});
