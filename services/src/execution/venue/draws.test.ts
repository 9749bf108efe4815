import type { VenueFaults, VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { money, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import {
  cancelDueAt,
  dueAt,
  faultsOf,
  hasArrived,
  isDisconnected,
  replaceDueAt,
  slippageMicroBps,
} from './draws.ts';
import { later, orderOf, submittedAt, terms } from './test-look.ts';

const noFaults: VenueFaults = {
  ...{ rejectBps: 0, timeoutBps: 0, duplicateFillBps: 0, lateFillBps: 0, disconnectBps: 0 },
};
const faulty = (faults: Partial<VenueFaults>, seed = terms.seed): VenueTerms => ({
  ...{ ...terms, seed, faults: { ...noFaults, ...faults } },
});
const replacement = { intent: orderOf({}).intent, at: submittedAt, reservedCash: money.zero };
const orders = Array.from({ length: 8 }, (_, n) => orderOf({}, { sequence: n + 1 }));
const asText = (answers: readonly boolean[]) => answers.map((answer) => (answer ? 1 : 0)).join('');

/** Whoever asks again, in a new process or of an old log, must be told the same. */
describe('what was dealt by chance once', () => {
  const microseconds = (at: Temporal.Instant | undefined) =>
    at === undefined ? undefined : at.since(submittedAt).total('microseconds');

  test('is when a message arrives', () => {
    const canceled = orderOf({}, { status: 'pending_cancel', cancelRequestedAt: submittedAt });
    const replaced = orderOf({}, { status: 'pending_replace', replacement });
    expect(microseconds(dueAt(canceled, terms))).toBe(50_547);
    expect(microseconds(cancelDueAt(canceled, terms))).toBe(42_727);
    expect(microseconds(replaceDueAt(replaced, terms))).toBe(54_066);
  });

  test('is what a fill costs', () => {
    const paid = (filled: string) =>
      slippageMicroBps(orderOf({}, { cumulativeQuantity: quantity.of(filled) }), {
        ...{ terms, size: quantity.of('500') },
      });
    expect(['0', '5', '7.5'].map(paid)).toEqual([4_149_880n, 7_020_405n, 3_480_990n]);
  });

  test('is how the venue misbehaves', () => {
    const half = { duplicateFillBps: 5_000, lateFillBps: 5_000, disconnectBps: 5_000 };
    const some = faulty({ ...half, rejectBps: 3_000, timeoutBps: 3_000 });
    expect(asText(orders.map((order) => hasArrived(order, terms)))).toBe('01111011');
    expect(asText(orders.map((order) => faultsOf(order, some)?.rejects === true))).toBe('00001000');
    expect(asText(orders.map((order) => faultsOf(order, some)?.timesOut === true))).toBe(
      '01100001',
    );
    const seconds = orders.map((_, n) => later(n * 1_000));
    expect(asText(seconds.map((at) => isDisconnected(at, some)))).toBe('01110011');
  });
});

describe('when an order reaches the venue', () => {
  test('is reckoned by the terms that are asked about', () => {
    const order = orderOf({});
    const slow = { ...terms, latencyMs: 5_000 };
    const [soon, late] = [dueAt(order, terms), dueAt(order, slow)];
    expect(Temporal.Instant.compare(soon, late)).toBe(-1);
    expect(dueAt(order, terms)).toEqual(soon);
    expect(dueAt(order, slow)).toEqual(late);
  });
});

describe('no cancel and no new terms arrive', () => {
  const arrivals = (rest: Partial<WorkingOrder>) => {
    const order = orderOf({}, rest);
    return [cancelDueAt(order, terms), replaceDueAt(order, terms)];
  };
  const wishes = { cancelRequestedAt: submittedAt, replacement };

  test('at an order of unknown outcome, until it is known', () => {
    expect(arrivals({ ...wishes, status: 'unknown' })).toEqual([undefined, undefined]);
  });

  test.each(['pending_cancel', 'pending_replace'] as const)(
    'where books from before do not say when they were asked for: %s',
    (status) => {
      expect(arrivals({ status })).toEqual([undefined, undefined]);
    },
  );
});

describe('slippage', () => {
  test('grows with the sizes that an order takes, from one to five', () => {
    const paid = (shares: string) =>
      slippageMicroBps(orderOf({ quantity: quantity.of(shares) }), {
        ...{ terms, size: quantity.of('100') },
      });
    const bare = paid('100');
    expect(paid('1')).toBe(bare);
    expect(paid('150')).toBe((bare * 3n) / 2n);
    expect(['200', '300', '500', '501', '1000'].map(paid)).toEqual(
      [2n, 3n, 5n, 5n, 5n].map((sizes) => bare * sizes),
    );
  });
});

describe('an injected fault', () => {
  const all = { rejectBps: 10_000, duplicateFillBps: 10_000, lateFillBps: 10_000 };

  test('comes to none where none is asked for, and to all where all are', () => {
    const told = (faults: Partial<VenueFaults>) => orders.map((o) => faultsOf(o, faulty(faults)));
    const never = { rejects: false, timesOut: false, repeatsFill: false, fillsLate: false };
    const always = { rejects: true, timesOut: false, repeatsFill: true, fillsLate: true };
    expect(told({})).toEqual(orders.map(() => never));
    expect(told(all)).toEqual(orders.map(() => always));
    expect(faultsOf(orderOf({}), terms)).toBeUndefined();
  });

  // With these seeds the very least is drawn, and the very middle: one in 4,294,967,296.
  test('comes to none at the least draw either, and half arrive at the middle one', () => {
    expect(faultsOf(orderOf({}), faulty({}, 1_131_120_059))?.repeatsFill).toBe(false);
    expect(hasArrived(orderOf({}), { ...terms, seed: 269_382_475 })).toBe(false);
  });

  test('lasts for a second of the market’s clock where the connection is lost', () => {
    const half = faulty({ disconnectBps: 5_000 });
    for (const second of orders.keys()) {
      const parts = [0, 1, 500, 999].map((ms) => isDisconnected(later(second * 1_000 + ms), half));
      expect(new Set(parts).size).toBe(1);
    }
    expect(isDisconnected(submittedAt, faulty({ disconnectBps: 10_000 }))).toBe(true);
    expect(isDisconnected(submittedAt, faulty({}))).toBe(false);
    expect(isDisconnected(submittedAt, terms)).toBe(false);
  });
});
