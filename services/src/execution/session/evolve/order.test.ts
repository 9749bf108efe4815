import { type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { noon, nvda } from '../../../risk/fixtures.ts';
import { orderOf } from '../../venue/test-look.ts';
import type { Session, SessionEvent } from '../state.ts';
import { tradingDay } from '../test-day.ts';
import { evolve } from './evolve.ts';
import { carry } from './opening.ts';

const at = (text: string) => price.of(text);
const after = (second: number) => noon.add({ seconds: second });
type Day = ReturnType<typeof tradingDay>;

const resting = (options: Parameters<typeof tradingDay>[0] = {}) => {
  const day = tradingDay(options);
  const order = day.place({ shares: 10, orderType: 'limit', limitPrice: at('99') });
  return { day, order };
};
const report = (order: OrderId, second: number) => ({
  ...{ orderId: order, venueOrderId: null, at: after(second) },
});
const wished = (day: Day, order: OrderId) => day.session().working.get(order)?.cancelRequestedAt;

describe('a cancel that was asked for', () => {
  test('and refused by the venue may be asked for again', () => {
    const { day, order } = resting();
    day.quote('100/100.02', 1);
    day.cancel(order, 2);
    expect(wished(day, order)).toEqual(after(2));
    const rejected = { ...report(order, 3), execType: 'cancel_rejected', reason: 'too late' };
    day.take({ type: 'ReportVenue', reports: [rejected as never] });
    expect([day.status(order), wished(day, order)]).toEqual(['accepted', null]);
    expect(day.cancel(order, 4)).toHaveLength(1);
    expect(wished(day, order)).toEqual(after(4));
  });

  test('twice was asked for at the first time', () => {
    const { day, order } = resting();
    day.quote('100/100.02', 1);
    const [asked] = day.cancel(order, 2);
    if (asked?.type !== 'OrderPendingCancel') throw new Error('nothing was asked for');
    const again: SessionEvent = { ...asked, data: { ...asked.data, at: after(3) } };
    const session = evolve(day.session(), again) as Session;
    expect(session.working.get(order)?.cancelRequestedAt).toEqual(after(2));
  });

  test('in books that do not say when goes on without a time', () => {
    const orderId = 'order' as OrderId;
    const older = orderOf({}, { orderId, status: 'pending_cancel', statusBefore: 'accepted' });
    const session = carry(tradingDay().session(), [older]);
    const lost = { orderId, symbol: nvda, at: noon, reason: 'lost' };
    const now = evolve(session, { type: 'OrderOutcomeUnknown', data: lost }) as Session;
    expect(now.working.get(orderId)).toMatchObject({ status: 'unknown', cancelRequestedAt: null });
  });
});

test('an order keeps the name that the venue gave it, when it is accepted again without one', () => {
  const { day, order } = resting();
  const named = { ...report(order, 1), venueOrderId: 'venue-1' };
  const lost = { ...report(order, 2), execType: 'unknown', reason: 'lost' } as const;
  const found = { ...report(order, 3), execType: 'new' } as const;
  day.take({ type: 'ReportVenue', reports: [{ ...named, execType: 'new' }, lost, found] });
  const { working, orders } = day.session();
  expect(working.get(order)).toMatchObject({ status: 'accepted', venueOrderId: 'venue-1' });
  expect(orders.get(order)?.venueOrderId).toBe('venue-1');
});

describe('new terms', () => {
  const bars = { venue: { bars: '1Min' } } as const;

  test('of another price count from when the venue took them, and another quantity is as old as before', () => {
    const { day, order } = resting();
    day.quote('100/100.02', 1);
    const since = () => day.session().working.get(order)?.termsAt;
    day.replace(order, { quantity: quantity.fromShares(9) }, 2);
    day.quote('100/100.02', 3);
    expect(since()).toBeUndefined();
    day.replace(order, { limitPrice: at('98') }, 4);
    day.quote('100/100.02', 5);
    expect(since()).toBeDefined();
  });

  test('of a stop are where it stands, and it has not been anywhere else', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'stop', triggerPrice: at('105') });
    day.quote('100/100', 1);
    day.replace(order, { stopPrice: at('106') }, 2);
    day.quote('100/100', 3);
    const { working, orders } = day.session();
    expect([working.get(order)?.stopAt, orders.get(order)?.stopAt]).toEqual([undefined, at('106')]);
  });

  test('of a stop that stood elsewhere leave it there no more', () => {
    const stood = { orderId: 'stop' as OrderId, stopAt: at('104') };
    const order = orderOf({ orderType: 'stop', triggerPrice: at('104') }, stood);
    const { status, leavesQuantity, reservedCash } = order;
    const intent = { ...order.intent, triggerPrice: at('106') };
    const asked = { ...order, status: 'pending_replace', statusBefore: status } as const;
    const replacement = { intent, at: noon, reservedCash };
    const session = carry(tradingDay().session(), [{ ...asked, replacement }]);
    const said = { orderId: order.orderId, symbol: nvda, at: noon, bar: null, stopAt: null };
    const data = { ...said, intent, leavesQuantity, reservedCash };
    const now = evolve(session, { type: 'OrderReplaced', data }) as Session;
    const stops = [now.working, now.orders].map((each) => each.get(order.orderId)?.stopAt);
    expect(stops).toEqual([undefined, at('106')]);
  });

  test('say how far quotes were met, and on bars only when the market had to do with it', () => {
    const replaced = (options: Parameters<typeof tradingDay>[0], bar: Temporal.Instant | null) => {
      const { day, order } = resting(options);
      day.take({ type: 'ReportVenue', reports: [{ ...report(order, 1), execType: 'new' }] });
      day.replace(order, { limitPrice: at('98') }, 2);
      const { intent, reservedCash } = day.session().working.get(order)?.replacement ?? {};
      if (intent === undefined || reservedCash === undefined) throw new Error('nothing is asked');
      const about = { orderId: order, symbol: nvda, at: after(3), leavesQuantity: intent.quantity };
      const data = { ...about, intent, reservedCash, bar, stopAt: null };
      const { quotesMet, barsMet } = evolve(day.session(), {
        type: 'OrderReplaced',
        data,
      }) as Session;
      return [quotesMet.get(nvda)?.toString(), barsMet.get(nvda)?.toString()];
    };
    expect(replaced({}, null)).toEqual([`${after(3)}`, undefined]);
    expect(replaced(bars, null)).toEqual([undefined, undefined]);
    expect(replaced(bars, noon)).toEqual([undefined, `${noon}`]);
  });

  test('of a stop that moved on bars before they were recorded count from its move', () => {
    const { day } = resting(bars);
    const trailing = orderOf({ orderType: 'trailing_stop' }, { orderId: 'trails' as OrderId });
    const session = carry(day.session(), [trailing]);
    const data = { orderId: trailing.orderId, symbol: nvda, at: after(9), stopAt: at('98') };
    const moved = evolve(session, { type: 'OrderStopMoved', data: { ...data, bar: null } });
    expect((moved as Session).barsMet.get(nvda)).toEqual(after(9));
    const older = { ...data, at: after(8), bar: after(8) };
    const now = evolve(moved, { type: 'OrderStopMoved', data: older });
    expect((now as Session).barsMet.get(nvda)).toEqual(after(9));
  });
});

test('a trailing stop that is reached while another quantity is on its way still has no other stop', () => {
  const day = tradingDay();
  day.place({ shares: 10 });
  day.quote('100/100', 1);
  const order = day.place(
    {
      ...{ shares: 10, side: 'sell', orderType: 'trailing_stop' },
      trail: { amount: at('2'), bps: null },
    },
    2,
  );
  day.quote('100/100', 3);
  day.replace(order, { quantity: quantity.fromShares(9) }, 4);
  const asked = day.session().working.get(order)?.replacement?.intent;
  day.quote('97/97', 4.01, { shares: 4 });
  const working = day.session().working.get(order);
  expect(working?.triggeredAt).toBeDefined();
  expect(working?.replacement?.intent).toStrictEqual(asked);
});

test('a closing at an old price makes that price no newer', () => {
  const { day } = resting();
  day.quote('98.99/99', 1);
  const filled = day.events.at(-1);
  if (filled?.type !== 'OrderFilled') throw new Error('it is not filled');
  const order = day.place({ shares: 10, side: 'sell' }, 2);
  day.take({ type: 'ReportVenue', reports: [{ ...report(order, 2), execType: 'new' }] });
  const sold = { ...filled.data, orderId: order, side: 'sell', at: after(60), fill: 1 } as const;
  const lastAt = (lastTrade: (typeof filled.data)['lastTrade']) => {
    const data = { ...sold, lastTrade };
    const session = evolve(day.session(), { type: 'OrderFilled', data }) as Session;
    return `${session.lastPrices.get(nvda)?.at}`;
  };
  const old = { price: at('99'), at: after(1) };
  expect([lastAt(null), lastAt(old)]).toEqual([`${after(60)}`, `${filled.data.at}`]);
});
