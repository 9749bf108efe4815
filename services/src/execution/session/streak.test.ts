import type { VenueReport } from '@sentinel/contracts/execution';
import { money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { buy, noon } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { assessedAccount } from './account.ts';
import { streakOf } from './evolve/standing-losses.ts';
import { sessionDecider } from './index.ts';
import { dayAfter, tradingDay } from './test-day.ts';

/** Buys ten shares at a price and sells all of them at another, `n`-th of the day. */
const roundTrip = (
  day: ReturnType<typeof tradingDay>,
  { n, from, to }: { readonly n: number; readonly from: string; readonly to: string },
): void => {
  const second = n * 60;
  day.place({ shares: 10 }, second, { prices: from });
  day.quote(from, second + 1);
  day.place({ shares: 10, side: 'sell' }, second + 30, { prices: to });
  day.quote(to, second + 31);
  expect(day.held()).toBe('0');
};

test('losses add up, the last one says when, and a gain begins to count anew', () => {
  const day = tradingDay();
  const streak = () => day.session().lossStreak;
  roundTrip(day, { n: 0, from: '100/100.02', to: '99/99.02' });
  roundTrip(day, { n: 1, from: '100/100.02', to: '99/99.02' });
  expect(streak().count).toBe(2);
  const { lastLossAt } = streak();
  expect(`${lastLossAt}`).toBe('2026-03-02T17:01:31Z');
  roundTrip(day, { n: 2, from: '100/100.02', to: '101/101.02' });
  expect(streak()).toEqual({ count: 0, lastLossAt });
  roundTrip(day, { n: 3, from: '100/100.02', to: '99/99.02' });
  expect(streak().count).toBe(1);
});

describe('a paper account that begins anew', () => {
  const seenBy = (day: ReturnType<typeof tradingDay>) => {
    const seen = assessedAccount(day.session(), {
      intent: buy(1),
      facts: { at: noon.add({ hours: 1 }) },
    });
    return seen.standingLosses ?? seen.closedLosses;
  };
  const losing = (day: ReturnType<typeof tradingDay>) => {
    for (const n of [0, 1, 2]) roundTrip(day, { n, from: '100/100.02', to: '99/99.02' });
    expect(seenBy(day)?.count).toBe(3);
  };

  test('begins without the losses of the old one, and so does its next day', () => {
    const day = tradingDay();
    losing(day);
    const by = { givenReason: null, requestedBy: 'human:test', idempotencyKey: null };
    const at = noon.add({ minutes: 4 });
    day.take({ type: 'ResetPaper', cash: money.of('50000'), ...by, at });
    expect(seenBy(day)).toBeUndefined();
    expect(day.session().standingLosses.closings).toEqual([]);
    roundTrip(day, { n: 5, from: '100/100.02', to: '99/99.02' });
    expect(seenBy(day)?.count).toBe(1);
    expect(seenBy(dayAfter(day, '100', []))?.count).toBe(1);
  });

  test('in a log from before goes on to be explained by the losses that it saw', () => {
    const day = tradingDay();
    losing(day);
    const { evolve } = sessionDecider(testDigest);
    const after = evolve(day.session(), {
      type: 'PaperAccountReset',
      data: {
        ...{ epoch: 2, cash: money.of('50000'), cashBefore: day.session().cash },
        ...{ givenReason: null, requestedBy: 'human:test', idempotencyKey: null },
        at: noon.add({ minutes: 4 }),
      },
    });
    if (after.phase === 'unopened') throw new Error('no session');
    expect(streakOf(after.standingLosses).count).toBe(3);
  });
});

/** The only execution of an order, taken back or put right by the venue. */
const changed = (
  day: ReturnType<typeof tradingDay>,
  {
    order,
    second,
    to,
    shares,
  }: {
    readonly order: OrderId;
    readonly second: number;
    readonly to?: string;
    readonly shares?: number;
  },
): void => {
  const [taken] = day.session().orders.get(order)?.executions ?? [];
  const id = taken?.venueExecutionId ?? '';
  const about = { orderId: order, venueOrderId: null, at: noon.add({ seconds: second }) };
  const report: VenueReport =
    to === undefined
      ? { ...about, execType: 'trade_cancel', venueExecutionId: 'b', busts: id, reason: 'test' }
      : {
          ...{ ...about, execType: 'trade_correct', venueExecutionId: 'c', corrects: id },
          quantity:
            shares === undefined ? (taken?.quantity ?? quantity.zero) : quantity.fromShares(shares),
          price: price.of(to),
        };
  day.take({ type: 'ReportVenue', reports: [report] });
};

describe('a bust of the sale that closed a position', () => {
  /** Ten shares bought at 100.02, five of them sold at a gain of five dollars each, the rest at a loss of two. */
  const closedInTwo = () => {
    const day = tradingDay();
    day.place({ shares: 10 }, 0, { prices: '100/100.02' });
    day.quote('100/100.02', 1);
    day.place({ shares: 5, side: 'sell' }, 60, { prices: '105.02/105.04' });
    day.quote('105.02/105.04', 61);
    const last = day.place({ shares: 5, side: 'sell' }, 120, { prices: '98.02/98.04' });
    day.quote('98.02/98.04', 121);
    expect(day.held()).toBe('0');
    return { day, last };
  };
  const streak = (day: ReturnType<typeof tradingDay>) => streakOf(day.session().standingLosses);

  test('lets the position go on with all that it had realised: its second closing gains in all', () => {
    const { day, last } = closedInTwo();
    changed(day, { order: last, second: 130 });
    expect(day.held()).toBe('5');
    day.place({ shares: 5, side: 'sell' }, 180, { prices: '98.02/98.04' });
    day.quote('98.02/98.04', 181);
    expect(streak(day).count).toBe(0);
    // What decided before goes on to be explained by what it saw.
    expect(day.session().closedLosses.count).toBe(1);
    const at = noon.add({ minutes: 5 });
    const seen = assessedAccount(day.session(), { intent: buy(1), facts: { at } });
    expect([seen.closedLosses?.count, seen.standingLosses?.count]).toEqual([1, 0]);
  });

  test('takes back the loss that it had counted, and leaves those that came after it', () => {
    const day = tradingDay();
    roundTrip(day, { n: 0, from: '100/100.02', to: '99/99.02' });
    const losing = [...day.session().orders.values()].at(-1)?.orderId ?? ('' as OrderId);
    expect(streak(day).count).toBe(1);
    changed(day, { order: losing, second: 40 });
    expect(streak(day)).toEqual({ count: 0, lastLossAt: null });
    day.place({ shares: 10, side: 'sell' }, 50, { prices: '99/99.02' });
    day.quote('99/99.02', 51);
    expect(streak(day).count).toBe(1);
  });

  test('and a correction of it count in the books that the next day begins with', () => {
    const { day, last } = closedInTwo();
    expect(streak(day).count).toBe(0);
    changed(day, { order: last, second: 130, to: '90.02' });
    expect(streak(day)).toEqual({ count: 1, lastLossAt: noon.add({ seconds: 121 }) });
    const next = dayAfter(day, '100', []);
    expect(next.session().standingLosses.before.count).toBe(1);
    expect(next.session().closedLosses.count).toBe(1);
  });

  test('or a correction to fewer shares, lets the position go on: it gains or loses once', () => {
    const { day, last } = closedInTwo();
    changed(day, { order: last, second: 130, to: '90.02', shares: 4 });
    expect([day.held(), streak(day).count]).toEqual(['1', 0]);
    day.place({ shares: 1, side: 'sell' }, 180, { prices: '90.02/90.04' });
    day.quote('90.02/90.04', 181);
    expect(streak(day)).toEqual({ count: 1, lastLossAt: noon.add({ seconds: 181 }) });
  });

  test('that had turned it around counts the first half as never closed', () => {
    const day = tradingDay();
    day.place({ shares: 10 }, 0, { prices: '100/100.02' });
    day.quote('100/100.02', 1);
    const record = day.place({ shares: 10, side: 'sell' }, 60, { prices: '99/99.02' });
    day.quote('99/99.02', 61);
    day.place({ shares: 4, side: 'sell_short' }, 120, { prices: '99/99.02' });
    day.quote('99/99.02', 121);
    expect(streak(day).count).toBe(1);
    changed(day, { order: record, second: 130 });
    expect([day.held(), streak(day).count]).toEqual(['6', 0]);
  });

  const seenBy = (day: ReturnType<typeof tradingDay>) =>
    assessedAccount(day.session(), { intent: buy(1), facts: { at: noon.add({ minutes: 9 }) } });
  /** As it was counted, and as it stands: losses in a row, and the time of the last one. */
  const shownBy = (day: ReturnType<typeof tradingDay>) => {
    const { closedLosses, standingLosses } = seenBy(day);
    return [closedLosses, standingLosses].map(
      (each) => `${each?.count} after ${`${each?.lastLossAt}`.slice(11, 19)}`,
    );
  };
  const lastSale = (day: ReturnType<typeof tradingDay>): OrderId =>
    [...day.session().orders.values()].at(-1)?.orderId ?? ('' as OrderId);

  test('at a gain takes that gain back: the losses before it go on to count', () => {
    const day = tradingDay();
    roundTrip(day, { n: 0, from: '100/100.02', to: '99/99.02' });
    roundTrip(day, { n: 1, from: '100/100.02', to: '101/101.02' });
    expect(seenBy(day)).not.toHaveProperty('standingLosses');
    changed(day, { order: lastSale(day), second: 100 });
    expect(shownBy(day)).toEqual(['0 after 17:00:31', '1 after 17:00:31']);
  });

  test('at a loss leaves the loss before it as the last one', () => {
    const day = tradingDay();
    roundTrip(day, { n: 0, from: '100/100.02', to: '99/99.02' });
    roundTrip(day, { n: 1, from: '100/100.02', to: '99/99.02' });
    changed(day, { order: lastSale(day), second: 100 });
    day.place({ shares: 10, side: 'sell' }, 120, { prices: '101/101.02' });
    day.quote('101/101.02', 121);
    expect(shownBy(day)).toEqual(['0 after 17:01:31', '0 after 17:00:31']);
  });
});
