import { money, price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { cancelDueAt } from './draws.ts';
import { changesAtEnd, isRenewedBy } from './index.ts';
import { barLook, barOf, pricesIn, said, still } from './test-bars.ts';
import { fillsOf, open, orderOf, submittedAt, terms, types } from './test-look.ts';

const at = price.of;

describe('a fill on a bar', () => {
  const faulty = (duplicateFillBps: number) => ({
    ...still,
    faults: { rejectBps: 0, timeoutBps: 0, lateFillBps: 0, disconnectBps: 0, duplicateFillBps },
  });

  test('is told once, and with an injected fault the same twice', () => {
    const fills = (bps: number) =>
      fillsOf(said(orderOf({}), barOf('100 101 99 100'), { terms: faulty(bps) }));
    expect(fills(0)).toHaveLength(1);
    const [first, second] = fills(10_000);
    expect(second).toEqual(first);
    expect(first).toBeDefined();
  });

  test('is numbered after those before it', () => {
    const bar = barOf('100 101 99 100');
    const executions = (fills: number) =>
      fillsOf(said(orderOf({}, { fills }), bar)).map(({ execution }) => execution);
    expect([executions(0), executions(3)]).toEqual([[1], [4]]);
  });

  test('takes no more than is left of the bar’s volume', () => {
    const filled = (shares: string) =>
      fillsOf(said(orderOf({}), barOf('100 101 99 100'), { available: quantity.of(shares) })).map(
        (fill) => quantity.format(fill.quantity),
      );
    expect([filled('40'), filled('0')]).toEqual([['40'], []]);
  });
});

describe('an order hears nothing of a bar', () => {
  test.each(['initialized', 'denied', 'rejected', 'filled', 'canceled', 'expired'] as const)(
    'once it does not work: %s',
    (status) => {
      expect(said(orderOf({}, { status }), barOf('100 101 99 100'))).toEqual([]);
    },
  );

  test('while nobody knows whether it works', () => {
    expect(said(orderOf({}, { status: 'unknown' }), barOf('100 101 99 100'))).toEqual([]);
  });

  test('that had begun before its prices came, unless they were asked for before', () => {
    const bar = barOf('100 101 99 100');
    const renewed = orderOf({}, { termsAt: bar.start.add({ milliseconds: 50 }) });
    expect(types(said(renewed, bar))).toEqual([]);
    const [fill] = fillsOf(said(renewed, bar, { isRenewed: true }));
    expect(fill?.at).toEqual(renewed.termsAt);
  });
});

describe('an order for now', () => {
  const heard = (intent: Partial<OrderIntent>, shares = '100000') =>
    types(said(orderOf(intent), barOf('100 101 98 100'), { available: quantity.of(shares) }));

  test('trades at the open, and what it does not get there is canceled', () => {
    expect(heard({ timeInForce: 'ioc' })).toEqual(['fill']);
    expect(heard({ timeInForce: 'ioc' }, '40')).toEqual(['fill', 'canceled']);
    expect(heard({ timeInForce: 'fok' })).toEqual(['fill']);
    expect(heard({ timeInForce: 'fok' }, '40')).toEqual(['canceled']);
  });

  test.each(['ioc', 'fok'] as const)('does not wait for its limit inside the bar: %s', (now) => {
    expect(heard({ timeInForce: now, limitPrice: at('99') })).toEqual(['canceled']);
    expect(heard({ timeInForce: 'day', limitPrice: at('99') })).toEqual(['fill']);
  });
});

describe('an order for the opening', () => {
  const order = orderOf(
    { timeInForce: 'opg', limitPrice: at('99') },
    { submittedAt: submittedAt.subtract({ hours: 1 }) },
  );

  test('that does not trade in the first bar is canceled', () => {
    expect(types(said(order, barOf('100 101 98 100')))).toEqual(['canceled']);
  });

  test('waits through bars in which nobody traded', () => {
    const bar = { ...barOf('100 101 98 100'), volume: quantity.zero };
    expect(said(order, bar)).toEqual([]);
  });
});

describe('what is asked for inside a bar', () => {
  const bar = barOf('100 101 98 100');
  const inside = (seconds: number) => bar.start.add({ milliseconds: seconds * 1_000 });
  const canceled = (seconds: number, rest: Partial<ReturnType<typeof orderOf>> = {}) =>
    orderOf(
      {},
      {
        ...{ status: 'pending_cancel', statusBefore: 'accepted' },
        ...{ cancelRequestedAt: inside(seconds), ...rest },
      },
    );
  const replaced = (shares: string) => {
    const intent = { ...orderOf({}).intent, quantity: quantity.of(shares) };
    const replacement = { intent, at: inside(30), reservedCash: money.zero };
    const filled = { cumulativeQuantity: quantity.of('40'), leavesQuantity: quantity.of('60') };
    return orderOf({}, { ...filled, status: 'pending_replace', replacement });
  };
  const atEnd = (order: ReturnType<typeof orderOf>, of = bar) => changesAtEnd(barLook(order, of));

  test('is done at its end, if it has arrived by then', () => {
    expect(atEnd(canceled(30))).toMatchObject([{ type: 'canceled', at: bar.end }]);
    expect(atEnd(canceled(59.99))).toEqual([]);
    const sent = canceled(30, { statusBefore: 'submitted', submittedAt: inside(20) });
    expect(types(atEnd(sent))).toEqual(['accepted', 'canceled']);
  });

  test('takes new terms, unless as much has been filled already', () => {
    expect(atEnd(replaced('41'))).toEqual([{ type: 'replaced', at: bar.end }]);
    expect(types(atEnd(replaced('40')))).toEqual(['replace_rejected']);
  });

  test('ends nothing else: what the close brings is said at the close', () => {
    const closing = open.closesAt as Temporal.Instant;
    const last = barOf('100 101 98 100', closing.subtract({ minutes: 1 }));
    expect(atEnd(canceled(0, { cancelRequestedAt: closing }), last)).toEqual([]);
    expect(atEnd(orderOf({}), last)).toEqual([]);
    expect(atEnd(orderOf({}, { status: 'submitted' }))).toEqual([]);
  });
});

describe('what was asked for before a bar', () => {
  const bar = barOf('100 101 98 100');
  const before = bar.start.subtract({ milliseconds: 10 });

  test('and arrives in it is dated then', () => {
    const order = orderOf({}, { status: 'pending_cancel', cancelRequestedAt: before });
    const [report] = said(order, bar);
    expect(report).toMatchObject({ type: 'canceled', at: cancelDueAt(order, terms) });
    expect(Temporal.Instant.compare(bar.start, report?.at ?? bar.start)).toBe(-1);
  });

  test('of new terms makes it the first bar that they meet', () => {
    const wished = (asked: Temporal.Instant) =>
      orderOf(
        {},
        { replacement: { intent: orderOf({}).intent, at: asked, reservedCash: money.zero } },
      );
    expect(isRenewedBy(bar, wished(bar.start))).toBe(true);
    expect(isRenewedBy(bar, wished(bar.start.add({ milliseconds: 1 })))).toBe(false);
    expect(isRenewedBy(bar, orderOf({}))).toBe(false);
  });
});

describe('the last bar of a day', () => {
  const closing = open.closesAt?.subtract({ minutes: 5 }) ?? submittedAt;
  const last = barOf('100 102 98 99', closing, 5);
  const inside = (intent: Partial<OrderIntent>) =>
    orderOf(intent, { submittedAt: closing.add({ minutes: 1 }) });

  test('gives its close to an order for the closing that came while it went on', () => {
    expect(pricesIn(inside({ timeInForce: 'cls' }), last)).toEqual(['99']);
  });

  test('gives nothing to any other that came while it went on', () => {
    expect(pricesIn(inside({}), last)).toEqual([]);
    expect(pricesIn(inside({ limitPrice: at('101') }), last)).toEqual([]);
    expect(pricesIn(orderOf({ limitPrice: at('101') }), last)).toEqual(['100']);
  });

  test('is the only one that an order for the closing meets', () => {
    const early = orderOf({ timeInForce: 'cls' });
    const inTheMidst = submittedAt.add({ seconds: 90 });
    const asked = orderOf({ timeInForce: 'cls' }, { status: 'submitted', submittedAt: inTheMidst });
    expect(types(said(asked, barOf('100 102 98 99')))).toEqual([]);
    expect(types(said(asked, barOf('100 102 98 99', submittedAt.add({ minutes: 2 }))))).toEqual([
      'accepted',
    ]);
    expect(types(said(early, barOf('100 102 98 99')))).toEqual([]);
    expect(pricesIn(early, last)).toEqual(['99']);
  });

  test('ends an order for the closing that does not trade at its close', () => {
    const limited = orderOf({ timeInForce: 'cls', limitPrice: at('98.5') });
    expect(types(said(limited, last))).toEqual(['canceled']);
  });

  test('is none where the market never closes: an order for its closing is refused', () => {
    const order = orderOf({ timeInForce: 'cls' }, { status: 'submitted' });
    const session = { ...open, opensAt: null, closesAt: null };
    expect(types(said(order, barOf('100 102 98 99'), { session }))).toEqual(['rejected']);
  });
});
