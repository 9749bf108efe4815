import { describe, expect, test } from 'vitest';
import { sessionEvents } from './events.ts';
import { type OrderStatus, orderStatuses } from './order.ts';
import {
  isFinal,
  isWorking,
  nextStatus,
  nextStatusBefore,
  type OrderTrigger,
  orderTriggers,
  transitions,
} from './order-states.ts';

/** Columns in the order of `orderTriggers`; a dot is a trigger that has no place in the state. */
const matrix: Readonly<Record<OrderStatus, string>> = {
  initialized: 'initialized denied submitted accepted . . . . . . . . . . . . . . . .',
  denied: '. . . . . . . . . . . . . . . . . . . .',
  submitted:
    '. . . . accepted rejected . submitted partially_filled filled pending_cancel . pending_replace . submitted canceled expired unknown submitted submitted',
  accepted:
    '. . . . . . triggered accepted partially_filled filled pending_cancel . pending_replace . accepted canceled expired unknown accepted accepted',
  rejected: '. . . . . . . . . . . . . . . . . . . .',
  triggered:
    '. . . . . . . triggered partially_filled filled pending_cancel . pending_replace . triggered canceled expired unknown triggered triggered',
  partially_filled:
    '. . . . . . . partially_filled partially_filled filled pending_cancel . pending_replace . partially_filled canceled expired unknown partially_filled partially_filled',
  filled: '. . . . . . . . . . . . . . . . . . canceled filled',
  pending_cancel:
    '. . . . pending_cancel rejected pending_cancel pending_cancel pending_cancel filled pending_cancel accepted pending_cancel pending_cancel pending_cancel canceled expired unknown pending_cancel pending_cancel',
  pending_replace:
    '. . . . pending_replace rejected pending_replace pending_replace pending_replace filled pending_cancel . pending_replace accepted accepted canceled expired unknown pending_replace pending_replace',
  canceled: '. . . . . . . . canceled filled . . . . . . . . canceled canceled',
  expired: '. . . . . . . . expired filled . . . . . . . . expired expired',
  unknown:
    '. . . . accepted rejected . . partially_filled filled unknown unknown unknown unknown unknown canceled expired . unknown unknown',
};

const pairs = orderStatuses.flatMap((status) =>
  orderTriggers.map((trigger, column) => {
    const cell = matrix[status].split(' ')[column];
    return [status, trigger, cell === '.' ? undefined : (cell as OrderStatus)] as const;
  }),
);

describe('the order state machine', () => {
  test.each(pairs)('%s, then %s, is %s', (status, trigger, expected) => {
    expect(nextStatus(status, status.startsWith('pending') ? 'accepted' : null, trigger)).toBe(
      expected,
    );
  });

  test('judges every pair of a state and a trigger', () => {
    expect(pairs).toHaveLength(orderStatuses.length * orderTriggers.length);
    for (const row of Object.values(matrix)) {
      expect(row.split(' ')).toHaveLength(orderTriggers.length);
    }
  });

  test('is driven by events that exist, and leaves out none of an order', () => {
    const ofOrders = Object.keys(sessionEvents).filter((type) => /^(Order|Execution)/.test(type));
    expect([...orderTriggers].sort()).toEqual(ofOrders.sort());
  });

  test('reaches every state', () => {
    const reached = new Set<OrderStatus>(['initialized']);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const status of [...reached]) {
        for (const next of Object.values(transitions[status])) {
          if (next !== 'before' && next !== 'same') reached.add(next);
        }
      }
    }
    expect(orderStatuses.filter((status) => !reached.has(status))).toEqual([]);
  });

  test.each(['denied', 'rejected'] as const)('has no way out of %s', (status) => {
    expect(transitions[status]).toEqual({});
  });

  test('opens no order again that was filled, whatever the venue takes back of it', () => {
    for (const trigger of orderTriggers) {
      const next = nextStatus('filled', null, trigger);
      if (next !== undefined) expect(isFinal(next)).toBe(true);
    }
  });

  test('takes a fill that crossed a cancel or an expiry, and the order stays ended', () => {
    for (const ended of ['canceled', 'expired'] as const) {
      expect(nextStatus(ended, null, 'OrderPartiallyFilled')).toBe(ended);
      expect(nextStatus(ended, null, 'OrderFilled')).toBe('filled');
    }
  });

  test('calls a state final, working or not yet begun, and never two of them', () => {
    for (const status of orderStatuses) {
      const kinds = [isFinal(status), isWorking(status), status === 'initialized'];
      expect(kinds.filter(Boolean), status).toHaveLength(1);
    }
  });

  test('ends no working order without a word from the venue, and an unknown one keeps its exposure', () => {
    expect(isWorking('unknown')).toBe(true);
    for (const status of orderStatuses.filter(isWorking)) {
      for (const ours of ['OrderPendingCancel', 'OrderOutcomeUnknown'] as const) {
        const next = nextStatus(status, null, ours);
        if (next !== undefined) expect(isWorking(next)).toBe(true);
      }
    }
  });
});

describe('a cancel while a replacement is pending', () => {
  test('ends it, and refused leads back to before both', () => {
    const before = nextStatusBefore('pending_replace', 'triggered', 'OrderPendingCancel');
    expect(before).toBe('triggered');
    expect(nextStatus('pending_cancel', before, 'OrderCancelRejected')).toBe('triggered');
  });
});

const after = (...triggers: readonly OrderTrigger[]) => {
  let status: OrderStatus = 'initialized';
  let before: OrderStatus | null = null;
  for (const trigger of triggers) {
    const next = nextStatus(status, before, trigger);
    if (next === undefined) throw new Error(`${trigger} of an order that is ${status}`);
    before = nextStatusBefore(status, before, trigger);
    status = next;
  }
  return { status, before };
};

describe('what is wished for of an unknown order', () => {
  const lost = ['OrderSubmitted', 'OrderOutcomeUnknown'] as const;
  const working = ['OrderSubmitted', 'OrderAccepted', 'OrderPartiallyFilled'] as const;

  test.each([
    [[...lost, 'OrderPendingCancel'], 'OrderAccepted', 'pending_cancel', 'accepted'],
    [
      [...working, 'OrderPendingCancel', 'OrderOutcomeUnknown'],
      'OrderPartiallyFilled',
      'pending_cancel',
      'partially_filled',
    ],
    [[...lost, 'OrderPendingReplace'], 'OrderAccepted', 'pending_replace', 'accepted'],
    [
      [...lost, 'OrderPendingReplace', 'OrderPendingCancel'],
      'OrderAccepted',
      'pending_cancel',
      'accepted',
    ],
    [
      [...lost, 'OrderPendingCancel', 'OrderPendingReplace'],
      'OrderAccepted',
      'pending_cancel',
      'accepted',
    ],
    [[...lost, 'OrderPendingCancel', 'OrderCancelRejected'], 'OrderAccepted', 'accepted', null],
    [[...lost, 'OrderPendingReplace', 'OrderReplaceRejected'], 'OrderAccepted', 'accepted', null],
    [[...lost, 'OrderPendingCancel'], 'OrderRejected', 'rejected', null],
    [[...lost, 'OrderPendingCancel'], 'OrderFilled', 'filled', null],
  ] as const)('after %j, resolved by %s, leads to %s', (triggers, resolved, status, before) => {
    expect(after(...triggers).status).toBe('unknown');
    expect(after(...triggers, resolved)).toEqual({ status, before });
  });
});

describe('a refused cancel', () => {
  test.each([
    [['OrderAccepted'], [], 'accepted'],
    [['OrderAccepted', 'OrderPartiallyFilled'], [], 'partially_filled'],
    [[], [], 'submitted'],
    [[], ['OrderAccepted'], 'accepted'],
    [[], ['OrderPartiallyFilled', 'OrderAccepted'], 'partially_filled'],
    [['OrderAccepted'], ['OrderPartiallyFilled'], 'partially_filled'],
    [[], ['OrderAccepted', 'OrderPartiallyFilled', 'OrderPartiallyFilled'], 'partially_filled'],
  ] as const)('after %j, and %j while it was pending, leads back to %s', (first, during, back) => {
    const pending = ['OrderSubmitted', ...first, 'OrderPendingCancel', ...during] as const;
    expect(after(...pending)).toEqual({ status: 'pending_cancel', before: back });
    expect(after(...pending, 'OrderCancelRejected')).toEqual({ status: back, before: null });
  });
});
