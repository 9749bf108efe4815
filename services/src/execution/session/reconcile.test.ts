import type { OrdStatus, VenueReport } from '@sentinel/contracts/execution';
import { money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { buy, noon, nvda } from '../../risk/fixtures.ts';
import { workingInTurn } from './index.ts';
import { tradingDay } from './test-day.ts';

type Day = ReturnType<typeof tradingDay>;
const at = (second: number) => noon.add({ seconds: second });
const strangerId = '01890000-0000-7000-8000-00000000dead' as OrderId;

const take = (day: Day, ...reports: readonly VenueReport[]) =>
  day.take({ type: 'ReportVenue', reports });
const unanswered = (orderId: OrderId, venueOrderId: string | null = null): VenueReport => ({
  ...{ orderId, venueOrderId, at: at(2), execType: 'unknown', reason: 'no answer' },
});
const traded = (
  orderId: OrderId,
  shares: number,
  venueOrderId: string | null = 'v1',
): VenueReport => ({
  ...{ orderId, venueOrderId, at: at(3), execType: 'trade', venueExecutionId: `x${shares}` },
  ...{ quantity: quantity.fromShares(shares), price: price.of('100') },
});
const asking = (
  day: Day,
  orderId: OrderId,
  found: { ordStatus: OrdStatus; reports?: readonly VenueReport[] } | null,
) =>
  day
    .take({
      type: 'Reconcile',
      at: at(9),
      answersWithinMs: null,
      answers: [
        {
          orderId,
          found: found === null ? null : { orderId, venueOrderId: 'v1', reports: [], ...found },
        },
      ],
    })
    .map(({ type }) => type);
const unknownDay = () => {
  const day = tradingDay();
  const order = day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('99') });
  take(day, unanswered(order));
  return { day, order };
};

describe('the venue, asked for an order of unknown outcome,', () => {
  const accepted = ['OrderAccepted', 'accepted'] as const;
  const expired = ['OrderExpired', 'expired'] as const;
  const stillUnknown = [null, 'unknown'] as const;
  /** Every status of FIX: one more, and this no longer compiles. */
  const meaning = {
    ...{ new: accepted, partially_filled: accepted, suspended: accepted, stopped: accepted },
    ...{ pending_cancel: accepted, pending_replace: accepted, pending_new: accepted },
    ...{ expired, done_for_day: expired },
    canceled: ['OrderCanceled', 'canceled'],
    rejected: ['OrderRejected', 'rejected'],
    // Ended by what is still to be told: fills, or the order that took its place.
    ...{ replaced: stillUnknown, filled: stillUnknown, calculated: stillUnknown },
  } as const satisfies Record<OrdStatus, readonly [string | null, string]>;

  test.each(Object.entries(meaning))(
    'D28, D29: says %s, and that is what it is: nothing but a rejection is one',
    (ordStatus, [event, status]) => {
      const { day, order } = unknownDay();
      const events = asking(day, order, { ordStatus: ordStatus as OrdStatus });
      expect(events).toEqual(event === null ? [] : [event]);
      expect([day.status(order), day.held()]).toEqual([status, '0']);
    },
  );

  test('tells of its fills, and they count once', () => {
    const { day, order } = unknownDay();
    const reports = [traded(order, 10)];
    expect(asking(day, order, { ordStatus: 'filled', reports })).toContain('OrderFilled');
    expect(asking(day, order, { ordStatus: 'filled', reports })).toEqual([]);
    expect([day.status(order), day.held()]).toEqual(['filled', '10']);
  });

  test('tells how it ended, and says so once', () => {
    const { day, order } = unknownDay();
    const about = { orderId: order, venueOrderId: 'v1', at: at(4) };
    const reports = [{ ...about, execType: 'canceled', reason: 'by its owner' }] as const;
    expect(asking(day, order, { ordStatus: 'canceled', reports })).toEqual(['OrderCanceled']);
    expect(day.session().orders.get(order)?.updatedAt).toEqual(at(4));
  });

  test('has never heard of it, and it was rejected', () => {
    const { day, order } = unknownDay();
    expect(asking(day, order, null)).toEqual(['OrderRejected']);
    expect(day.status(order)).toBe('rejected');
  });

  test('cannot have lost what it has filled, or named', () => {
    const filled = unknownDay();
    take(filled.day, traded(filled.order, 4, null), unanswered(filled.order));
    expect(asking(filled.day, filled.order, null)).toEqual([]);
    expect([filled.day.status(filled.order), filled.day.held()]).toEqual(['unknown', '4']);

    const day = tradingDay();
    const named = day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('99') });
    take(day, { orderId: named, venueOrderId: 'v1', at: at(1), execType: 'new' });
    take(day, unanswered(named, 'v1'));
    expect(asking(day, named, null)).toEqual([]);
    expect(day.status(named)).toBe('unknown');
  });

  test('says nothing that counts of an order whose outcome is known, or that is not ours', () => {
    const day = tradingDay();
    const known = day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('99') });
    expect(asking(day, known, null)).toEqual([]);
    expect(asking(day, known, { ordStatus: 'canceled' })).toEqual([]);
    expect(asking(day, strangerId, { ordStatus: 'canceled' })).toEqual([]);
    expect(day.status(known)).toBe('submitted');
  });
});

test('an order that the venue has not answered is unknown once the bound is passed, not at it', () => {
  const day = tradingDay();
  const order = day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('99') });
  const asked = (ms: number) =>
    day
      .take({
        ...{ type: 'Reconcile', answers: [], answersWithinMs: 30_000 },
        at: noon.add({ milliseconds: ms }),
      })
      .map(({ type }) => type);
  expect(asked(29_999)).toEqual([]);
  expect(asked(30_000)).toEqual([]);
  expect(asked(30_001)).toEqual(['OrderOutcomeUnknown']);
  expect(asked(60_000)).toEqual([]);
  expect(day.status(order)).toBe('unknown');
});

test('an order of which a cancel was asked before the venue answered is unknown once the bound is passed', () => {
  const day = tradingDay();
  const limit = { orderType: 'limit', limitPrice: price.of('99') } as const;
  const [never, answered] = [
    day.place({ ...limit, shares: 10 }),
    day.place({ ...limit, shares: 11 }),
  ];
  take(day, { orderId: answered, venueOrderId: 'v1', at: at(1), execType: 'new' });
  for (const order of [never, answered]) day.cancel(order, 2);
  const late = { type: 'Reconcile', answers: [], answersWithinMs: 30_000, at: at(31) } as const;
  expect(day.take(late).map(({ data }) => data)).toMatchObject([{ orderId: never }]);
  expect([day.status(never), day.status(answered)]).toEqual(['unknown', 'pending_cancel']);
});

describe('an order that others placed sets aside', () => {
  const setAside = (side: 'buy' | 'sell' | 'sell_short', shares: number): string => {
    const day = tradingDay();
    const held = day.place({ shares: 10 });
    day.quote('100/100', 1);
    expect(day.status(held)).toBe('filled');
    const order = { orderId: null, venueOrderId: 'theirs', at: at(2) };
    const intent = buy(shares, { side, orderType: 'limit', limitPrice: price.of('100') });
    const external = { intent, submittedAt: at(2), price: price.of('100') };
    take(day, {
      ...{ ...order, execType: 'new' },
      external: { ...external, cumulativeQuantity: quantity.zero },
    });
    const adopted = workingInTurn(day.session()).find(({ external: theirs }) => theirs === true);
    expect(adopted?.intent.symbol).toBe(nvda);
    return money.format(adopted?.reservedCash ?? money.zero);
  };

  test.each([
    ['what it may cost to buy', 'buy', 10, '1000'],
    ['nothing to sell what is held', 'sell', 10, '0'],
    ['the value of a sale of more than is held', 'sell', 11, '1100'],
    ['the value of a short sale', 'sell_short', 5, '500'],
  ] as const)('%s', (_what, side, shares, cash) => {
    expect(setAside(side, shares)).toBe(cash);
  });
});
