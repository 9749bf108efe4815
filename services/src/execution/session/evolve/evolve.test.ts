import {
  EventStoreCorrupt,
  money,
  type OrderId,
  price,
  type TradingDate,
  type WindDownId,
} from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { haltOf, noon, nvda } from '../../../risk/fixtures.ts';
import { testDigest } from '../../test-kit/test-desk.ts';
import { orderOf } from '../../venue/test-look.ts';
import type { Session, SessionEvent } from '../state.ts';
import { tradingDay } from '../test-day.ts';
import { evolve } from './evolve.ts';

type Day = ReturnType<typeof tradingDay>;
const nobody = '01890000-0000-7000-8000-00000000ffff' as OrderId;

/** Ten shares bought, half of them taken back later: an event of each kind that changes books. */
const lived = (): { readonly day: Day; readonly order: OrderId } => {
  const day = tradingDay();
  const order = day.place({ shares: 10 });
  day.quote('100/100', 1, { shares: 5 });
  const about = { orderId: order, venueOrderId: null, at: noon.add({ seconds: 2 }) };
  const [taken] = day.session().orders.get(order)?.executions ?? [];
  const bust = { execType: 'trade_cancel', venueExecutionId: 'b', reason: 'test' } as const;
  const busts = taken?.venueExecutionId ?? '';
  day.take({ type: 'ReportVenue', reports: [{ ...about, ...bust, busts }] });
  day.quote('100/100', 3);
  return { day, order };
};

describe('a log that cannot have been written is said to be corrupt', () => {
  test.each(['OrderAccepted', 'OrderPartiallyFilled', 'ExecutionBusted', 'OrderFilled'] as const)(
    '%s of an order that was never submitted',
    (type) => {
      const { day } = lived();
      const event = day.events.find((each) => each.type === type) as SessionEvent;
      const stray = { ...event, data: { ...event.data, orderId: nobody } } as SessionEvent;
      const reading = () => evolve(day.session(), stray);
      expect(reading).toThrow(EventStoreCorrupt);
      expect(reading).toThrow(`${type} of unknown order ${nobody}`);
    },
  );

  test('new terms of an order that has ended', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('99') });
    day.quote('99.99/100.01', 1);
    const replacing = day.replace(order, { limitPrice: price.of('98') }, 2);
    day.cancel(order, 3);
    day.quote('99.99/100.01', 4);
    expect(day.status(order)).toBe('canceled');
    const reading = () => evolve(day.session(), replacing.at(-1) as SessionEvent);
    expect(reading).toThrow(EventStoreCorrupt);
    expect(reading).toThrow(`OrderPendingReplace of order ${order}, which does not work`);
  });

  test('an order that is accepted once it is filled', () => {
    const { day, order } = lived();
    const event = day.events.find(({ type }) => type === 'OrderAccepted') as SessionEvent;
    const reading = () => evolve(day.session(), event);
    expect(reading).toThrow(EventStoreCorrupt);
    expect(reading).toThrow(`OrderAccepted of order ${order}, which is filled`);
  });

  test('an event before the opening', () => {
    const { day } = lived();
    const reading = () => evolve({ phase: 'unopened' }, day.events.at(-1) as SessionEvent);
    expect(reading).toThrow(EventStoreCorrupt);
    expect(reading).toThrow('before the session was opened');
  });
});

const after = (session: Session, ...events: readonly SessionEvent[]): Session =>
  events.reduce<Session>((now, event) => evolve(now, event) as Session, session);

describe('of the orders that the venue has answered', () => {
  const report = (orderId: OrderId, second: number) => ({
    ...{ orderId, venueOrderId: null, at: noon.add({ seconds: second }) },
  });
  const answered = () => {
    const day = tradingDay();
    const [a, b, c] = [
      day.place({ shares: 1 }),
      day.place({ shares: 2 }),
      day.place({ shares: 3 }),
    ];
    const reports = [
      { ...report(a, 1), execType: 'new' },
      { ...report(b, 2), execType: 'rejected', reason: 'no such account' },
      { ...report(c, 3), execType: 'new' },
    ] as const;
    day.take({ type: 'ReportVenue', reports });
    return { day, rejected: b };
  };

  test('all are counted, and those that it rejected are known by their number', () => {
    expect(answered().day.session().answers).toEqual({ count: 3, rejected: [2] });
  });

  test('those that it rejected say why', () => {
    const { day, rejected } = answered();
    const { orders } = day.session();
    expect(orders.get(rejected)?.reason).toEqual({
      ...{ code: 'VENUE_REJECTED', message: 'no such account' },
    });
    expect([...orders.values()].filter(({ reason }) => reason !== null)).toHaveLength(1);
  });

  test('the last thousand rejections are remembered', () => {
    const { day, rejected: order } = answered();
    const event = day.events.find(({ type }) => type === 'OrderRejected') as SessionEvent;
    const submitted = tradingDay();
    submitted.place({ shares: 1 });
    submitted.place({ shares: 2 });
    expect(submitted.status(order)).toBe('submitted');
    const rejected = Array.from({ length: 1_000 }, (_, n) => n + 1);
    const session = { ...submitted.session(), answers: { count: 1_000, rejected } };
    const { answers } = after(session, event);
    expect([answers.rejected.length, answers.rejected.at(0), answers.rejected.at(-1)]).toEqual([
      ...[1_000, 2, 1_001],
    ]);
  });
});

describe('a strategy that was denied for having traded too often', () => {
  const denied = (rest: object, strategyId: string | null = 'momentum') => {
    const day = tradingDay();
    day.place({ shares: 1 });
    const event = day.events.find(({ type }) => type === 'RiskAssessed');
    if (event?.type !== 'RiskAssessed') throw new Error('nothing was assessed');
    const intent = { ...event.data.intent, strategyId };
    const data = { ...event.data, intent, denialCode: 'REPEATED_EXECUTION', ...rest } as const;
    const assessed: SessionEvent = { type: 'RiskAssessed', data };
    return after(day.session(), assessed, assessed).tripped;
  };

  test('is known, once', () => {
    expect(denied({ purpose: 'order' })).toEqual(['momentum']);
  });

  test('is not known from a preview, another denial, or an order of none', () => {
    expect(denied({ purpose: 'preview' })).toEqual([]);
    expect(denied({ purpose: 'order', denialCode: 'DAILY_LOSS' })).toEqual([]);
    expect(denied({ purpose: 'order' }, null)).toEqual([]);
  });
});

describe('a danger for which the guard has halted', () => {
  const known = (rest: object): readonly string[] => {
    const halted = { type: 'HaltEngaged', data: { ...haltOf('symbol', 'NVDA'), ...rest } } as const;
    return after(tradingDay().session(), halted as SessionEvent).guarded;
  };
  const older = { engagedBy: 'system:guard', reason: 'STALE_QUOTE: nothing was heard' };

  test.each([
    ['its halt names it', { danger: 'STALE_QUOTE' }, ['STALE_QUOTE|NVDA']],
    ['of an older log, by its sentence', older, ['STALE_QUOTE|NVDA']],
    ['of the whole account', { ...older, target: null }, ['STALE_QUOTE|']],
    ['no other halt is one, whatever it says', { ...older, engagedBy: 'human:a' }, []],
  ])('is known: %s', (_, rest, keys) => {
    expect(known(rest)).toEqual(keys);
  });
});

describe('a corporate action of a log that told nothing of prices and stops', () => {
  const split: CorporateAction = {
    ...{ symbol: nvda, exDate: '2026-03-02' as TradingDate, dividend: null },
    split: { newShares: 2, oldShares: 1 },
  };
  const dividend: CorporateAction = { ...split, split: null, dividend: price.of('1') };
  const applied = (session: Session, action: CorporateAction) =>
    after(session, {
      type: 'CorporateActionApplied',
      data: { action, cash: money.of('5'), position: null, mark: null, stops: null, at: noon },
    });

  test('moves the last price by a split alone', () => {
    const { day } = lived();
    const lastOf = ({ lastPrices }: Session) => lastPrices.get(nvda);
    const last = lastOf(day.session());
    expect(last?.price).toBe(price.of('100'));
    expect(lastOf(applied(day.session(), split))).toEqual({ ...last, price: price.of('50') });
    expect(lastOf(applied(day.session(), dividend))).toEqual(last);
    expect(lastOf(applied(tradingDay().session(), split))).toBeUndefined();
  });

  test('moves stops that trail and have not been reached', () => {
    const trail = { amount: price.of('2'), bps: null };
    const trailing = orderOf({ orderType: 'trailing_stop', side: 'sell', trail });
    const stopAt = price.of('98');
    const fixed = orderOf({ orderType: 'stop', side: 'sell', triggerPrice: stopAt });
    const at = (order: ReturnType<typeof orderOf>, rest: Partial<typeof order>) => {
      const one = { ...order, ...rest };
      const data = { orders: [one], at: noon };
      const carried: SessionEvent = { type: 'WorkingOrdersCarried', data };
      const session = after(tradingDay().session(), carried);
      const { working, orders } = applied(session, split);
      return [working.get(one.orderId)?.stopAt, orders.get(one.orderId)?.stopAt];
    };
    const moved = price.of('49');
    expect(at(trailing, { stopAt })).toEqual([moved, moved]);
    expect(at(trailing, {})).toEqual([undefined, undefined]);
    expect(at(trailing, { stopAt, triggeredAt: noon })).toEqual([stopAt, stopAt]);
    expect(at(fixed, { stopAt })).toEqual([stopAt, stopAt]);
    const other = { ...trailing.intent, symbol: 'MSFT' as typeof nvda };
    expect(at(trailing, { stopAt, intent: other })).toEqual([stopAt, stopAt]);
  });
});

test('an action in a session that trades, of an older log, leaves nothing to be adjusted', () => {
  const day = tradingDay();
  day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('99') });
  const action = { symbol: nvda, exDate: '2026-03-02' as TradingDate, dividend: null, split: null };
  const data = { action, cash: money.of('5'), position: null, mark: null, stops: [], at: noon };
  expect(after(day.session(), { type: 'CorporateActionApplied', data }).adjusting).toBeNull();
});

describe('an order that was placed for a reason', () => {
  test('is remembered with it while it works, and one placed for none with none', () => {
    const day = tradingDay();
    const order = day.place({ shares: 1 });
    const event = day.events.find(({ type }) => type === 'OrderSubmitted');
    if (event?.type !== 'OrderSubmitted') throw new Error('nothing was submitted');
    const data = { ...event.data, givenReason: 'a gap' };
    const { working, orders } = after(day.session(), { type: 'OrderSubmitted', data });
    expect(working.get(order)?.givenReason).toBe('a gap');
    expect(orders.get(order)?.givenReason).toBe('a gap');
    expect(day.session().orders.get(order)?.givenReason).toBeUndefined();
  });

  test('is remembered with it when it was denied, as one of ours that never traded', () => {
    const day = tradingDay();
    const order = day.place({ shares: 1 });
    const { decisionId, intent } = day.session().orders.get(order) ?? {};
    if (decisionId === undefined || intent === undefined) throw new Error('nothing was placed');
    const about = {
      orderId: nobody,
      decisionId,
      intent,
      code: 'DAILY_DRAWDOWN',
      message: 'no',
    } as const;
    const key = { idempotencyKey: null, paramsDigest: testDigest('1') };
    const data = { ...about, ...key, givenReason: 'a gap', at: noon };
    const session = after(day.session(), { type: 'OrderDenied', data });
    expect(session.orders.get(nobody)).toMatchObject({
      ...{
        status: 'denied',
        givenReason: 'a gap',
        reason: { code: 'DAILY_DRAWDOWN', message: 'no' },
      },
      ...{ external: false, executions: [], busted: [], fills: 0 },
    });
    expect(session.keys.size).toBe(0);
  });
});

describe('what a strategy has sent', () => {
  test('is counted for a strategy alone', () => {
    const day = tradingDay();
    day.place({ shares: 1 });
    expect(day.session().executions.size).toBe(0);
  });

  test('is remembered by its last ten thousand orders', () => {
    const day = tradingDay();
    day.place({ shares: 1 });
    const event = day.events.find(({ type }) => type === 'OrderSubmitted');
    if (event?.type !== 'OrderSubmitted') throw new Error('nothing was submitted');
    const intent = { ...event.data.intent, strategyId: 'momentum' };
    const submitted: SessionEvent = { type: 'OrderSubmitted', data: { ...event.data, intent } };
    const [key = ''] = after(day.session(), submitted)
      .executions.entries()
      .map(([each]) => each);
    const before = Array.from({ length: 10_000 }, (_, n) => n);
    const { executions } = day.session();
    const session = { ...day.session(), executions: executions.with(key, before) };
    const times = after(session, submitted).executions.get(key) ?? [];
    expect([times.length, times.at(0), times.at(-1)]).toEqual([
      ...[10_000, 1, noon.epochMilliseconds],
    ]);
  });
});

describe('a wish to wind down', () => {
  const windDownId = '01890000-0000-7000-8000-00000000aaaa' as WindDownId;
  const by = { givenReason: null, requestedBy: 'human:test', idempotencyKey: null };
  const wish = { windDownId, kind: 'cancel_all' as const, symbol: null, held: [], ...by, at: noon };

  test('begins with nothing canceled for it', () => {
    const { windDowns } = after(tradingDay().session(), { type: 'WindDownRequested', data: wish });
    expect(windDowns.get(windDownId)).toMatchObject({ canceled: [], outcome: null });
  });

  test('of a session before leaves nothing when it ends here, nor when it has an order canceled', () => {
    const day = tradingDay();
    const orderId = day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('99') });
    const canceled = { orderId, symbol: nvda, reason: 'test', windDownId, at: noon };
    const { windDowns } = after(
      day.session(),
      { type: 'OrderPendingCancel', data: canceled },
      { type: 'WindDownEnded', data: { windDownId, outcome: 'done', at: noon } },
    );
    expect(windDowns.size).toBe(0);
  });
});
