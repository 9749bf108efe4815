import type { VenueTerms } from '@sentinel/contracts/execution';
import {
  type EventStore,
  EventStoreUnavailable,
  money,
  price,
  quantity,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { accountOf } from '../risk/index.ts';
import { sessionOf } from './sessions/session-books.ts';
import type { stillMarket } from './test-kit/still-market.ts';
import { testContext, testDesk, testMarkets, testYes, tuesdayNoon } from './test-kit/test-desk.ts';

const session = streamName('session', 'paper-2026-03-03');
const named = sessionOf('paper', '2026-03-03' as TradingDate);
const nvda = 'NVDA' as Ticker;
const ten = { symbol: nvda, qty: quantity.fromShares(10) };

const openDeskOn = async (
  still: ReturnType<typeof stillMarket>,
  store: EventStore = memoryEventStore({ now: () => tuesdayNoon }),
  venue: Partial<VenueTerms> = {},
) => {
  const desk = testDesk(store, { still, venue });
  await desk.open(desk.limits);
  return {
    ...desk,
    store,
    types: async (stream = session) => (await store.readStream(stream)).map(({ type }) => type),
  };
};

describe.each(testMarkets)('a desk whose market answers %s', (_, marketAt) => {
  const openDesk = (venue: Partial<VenueTerms> = {}) =>
    openDeskOn(marketAt(tuesdayNoon), undefined, venue);

  test('takes an order from assessment to fill, and the books conserve', async () => {
    const { order, still, routing, types, sessions } = await openDesk();
    const placed = await order(ten);
    expect(placed).toMatchObject({
      ok: true,
      value: { order: { status: 'submitted' }, repeated: false },
    });
    expect(await routing.step(session)).toMatchObject({ working: 1 });
    still.wait({ milliseconds: 100 });
    expect(await routing.step(session)).toMatchObject({ working: 0 });
    expect(await types()).toEqual([
      'SessionOpened',
      'TradingEnabled',
      'RiskAssessed',
      'OrderSubmitted',
      'OrderAccepted',
      'OrderFilled',
    ]);
    const { state } = await sessions.load(session);
    if (state.phase !== 'open') throw new Error('not open');
    const position = state.positions.get(nvda);
    expect(position?.quantity).toBe(quantity.fromShares(10));
    expect(money.add(state.cash, position?.cost ?? money.zero, state.fees)).toBe(
      money.of('100000'),
    );
    expect((position?.averagePrice ?? 0n) >= price.of('100.02')).toBe(true);
  });

  test('D17: answers a repeated key with the recorded outcome, and refuses other parameters', async () => {
    const { order, types } = await openDesk();
    const first = await order({ ...ten, idempotency_key: 'k' });
    const again = await order({ ...ten, idempotency_key: 'k' });
    if (!first.ok || !again.ok) throw new Error('refused');
    expect(again.value).toEqual({ ...first.value, repeated: true });
    expect(
      await order({ ...ten, qty: quantity.fromShares(11), idempotency_key: 'k' }),
    ).toMatchObject({
      ok: false,
      refusal: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect((await types()).filter((type) => type === 'OrderSubmitted')).toHaveLength(1);
  });

  test('remembers a denied key too, and a key of yesterday', async () => {
    const { order, still } = await openDesk();
    const tooMuch = { symbol: nvda, qty: quantity.fromShares(100), idempotency_key: 'big' };
    const first = await order(tooMuch);
    expect(first).toMatchObject({ ok: false, refusal: { code: 'MAX_ORDER_VALUE' } });
    const again = await order(tooMuch);
    if (first.ok || again.ok) throw new Error('taken');
    expect(first.refusal.message).toMatch(/ Measured [^(]+ \(usd\)\./);
    expect(again.refusal).toEqual(first.refusal);
    const bought = await order({ ...ten, idempotency_key: 'day' });
    still.wait({ hours: 13 });
    const next = await order({ ...ten, idempotency_key: 'day' });
    if (!bought.ok || !next.ok) throw new Error('refused');
    expect(next.value.order.order_id).toBe(bought.value.order.order_id);
    expect(next.value.repeated).toBe(true);
    expect(await order(tooMuch)).toEqual(first);
  });

  test('closes the books at the end of the day and opens the next session from them', async () => {
    const { order, still, routing, sessions, types, control } = await openDesk();
    await order(ten);
    still.wait({ milliseconds: 100 });
    await routing.step(session);
    const resting = await order({
      ...ten,
      order_type: 'limit',
      limit_price: price.of('90'),
      time_in_force: 'gtc',
    });
    await order({ ...ten, order_type: 'limit', limit_price: price.of('91') });
    still.wait({ hours: 13 });
    still.move({ bid: '99', ask: '99.02' });
    const next = await sessions.current(testContext.metadata);
    expect(next).toEqual({ ok: true, value: 'session-paper-2026-03-04' });
    expect((await types()).slice(-2)).toEqual(['OrderExpired', 'SessionClosed']);
    const before = (await sessions.load(session)).state;
    const after = (await sessions.load(streamName('session', 'paper-2026-03-04'))).state;
    if (before.phase === 'unopened' || after.phase === 'unopened') throw new Error('not open');
    expect(after.cash).toBe(before.cash);
    expect([...after.positions.values()]).toEqual([...before.positions.values()]);
    expect(after.working.values().map(({ orderId }) => orderId)).toEqual(
      resting.ok ? [resting.value.order.order_id] : [],
    );
    // What the market moved to after the end of the day is no part of it.
    expect(after.dayStartEquity).toBe(money.add(before.cash, money.of('1000')));
    const open = accountOf(await control.load(), 'paper').openSessions;
    expect(open.map(({ stream }) => stream)).toEqual(['session-paper-2026-03-04']);
  });

  test('recovers a session that was registered but never opened, and one that was closed but not struck off', async () => {
    const { store, sessions, control, still, order } = await openDesk();
    await control.execute(
      { type: 'RegisterSession', session: named, at: tuesdayNoon },
      testContext.metadata,
    );
    expect(await sessions.current(testContext.metadata)).toEqual({ ok: true, value: session });
    await order(ten);
    await sessions.execute(
      session,
      { type: 'CloseSession', at: still.market.now(), marks: [], asked: [nvda] },
      testContext.metadata,
    );
    still.wait({ hours: 13 });
    const later = testDesk(store, { still, ids: '018f' });
    await later.open(later.limits);
    expect(await later.sessions.current(testContext.metadata)).toEqual({
      ok: true,
      value: 'session-paper-2026-03-04',
    });
  });

  test('shares what one quote displays among the orders that it fills', async () => {
    const { order, still, routing, sessions } = await openDesk({ latencyMs: 0 });
    still.move({ bid: '9.99', ask: '10' });
    for (const shares of [400, 90]) {
      await order({ symbol: nvda, qty: quantity.fromShares(shares), stop_price: price.of('9.5') });
    }
    still.show(450);
    still.wait({ milliseconds: 100 });
    await routing.step(session);
    const { state } = await sessions.load(session);
    if (state.phase !== 'open') throw new Error('not open');
    expect(state.positions.get(nvda)?.quantity).toBe(quantity.fromShares(450));
    expect(state.working.values().map((working) => working.leavesQuantity)).toEqual([
      quantity.fromShares(40),
    ]);
    still.wait({ seconds: 1 });
    expect(await routing.step(session)).toMatchObject({ working: 0 });
  });

  test('refuses to trade on a date before the log', async () => {
    const { store, order } = await openDesk();
    await order(ten);
    const yesterday = testDesk(store, {
      still: marketAt(tuesdayNoon.subtract({ hours: 24 })),
      ids: '018f',
    });
    await yesterday.open(yesterday.limits);
    expect(await yesterday.order(ten)).toMatchObject({
      ok: false,
      refusal: { code: 'CLOCK_BACKWARD' },
    });
  });

  test('cancels a resting order at its next look, and counts the cancel as a message', async () => {
    const { order, handlers, still, routing, sessions, types } = await openDesk();
    const placed = await order({ ...ten, order_type: 'limit', limit_price: price.of('90') });
    if (!placed.ok) throw new Error('refused');
    const { order_id } = placed.value.order;
    const canceled = await handlers.CancelOrder(
      { order_id, reason: 'changed my mind' },
      testContext,
    );
    expect(canceled).toMatchObject({ ok: true, value: { order: { status: 'pending_cancel' } } });
    still.wait({ seconds: 1 });
    expect(await routing.step(session)).toMatchObject({ working: 0 });
    expect((await types()).slice(-2)).toEqual(['OrderAccepted', 'OrderCanceled']);
    const { state } = await sessions.load(session);
    expect(state.phase === 'open' && state.messages.size).toBe(2);
    expect(await handlers.CancelOrder({ order_id, reason: 'again' }, testContext)).toMatchObject({
      ok: false,
      refusal: { code: 'ORDER_NOT_WORKING' },
    });
  });

  test('puts a halt into every open session, and only a human takes it out', async () => {
    const { order, handlers, approvals, types } = await openDesk();
    await order({ symbol: 'MSFT' as Ticker, qty: quantity.fromShares(1) });
    const halt = await handlers.EngageHalt(
      { scope: 'symbol', target: 'nvda', reason: 'news is pending' },
      testContext,
    );
    expect(halt).toMatchObject({
      ok: true,
      value: { target: 'NVDA', already_engaged: false, trading_state: 'ACTIVE' },
    });
    expect((await types()).at(-1)).toBe('HaltEngaged');
    expect(await order(ten)).toMatchObject({ ok: false, refusal: { code: 'KILL_STATE' } });
    const request = await handlers.RequestHaltRelease(
      { scope: 'symbol', target: 'NVDA', reason: 'the news is out' },
      testContext,
    );
    if (!request.ok) throw new Error('refused');
    const { request_id: requestId } = request.value;
    expect(await order(ten)).toMatchObject({ ok: false, refusal: { code: 'KILL_STATE' } });
    const approval = { requestId, ...testYes };
    expect(
      await approvals.answer({ ...approval, digest: 'other' }, testContext.metadata),
    ).toMatchObject({ ok: false, refusal: { code: 'REQUEST_CHANGED' } });
    const digest = (await approvals.find(requestId))?.digest ?? '';
    expect(await approvals.answer({ ...approval, digest }, testContext.metadata)).toMatchObject({
      ok: true,
    });
    expect((await types()).at(-1)).toBe('HaltReleased');
    expect(await order({ ...ten, qty: quantity.fromShares(9) })).toMatchObject({ ok: true });
    expect(await approvals.answer({ ...approval, digest }, testContext.metadata)).toMatchObject({
      ok: false,
      refusal: { code: 'ALREADY_RELEASED' },
    });
  });

  test('D1: takes no order while nobody knows whether a halt stands, and finds it by itself', async () => {
    const store = memoryEventStore({ now: () => tuesdayNoon });
    let broken = false;
    const flaky: EventStore = {
      ...store,
      appendToStream: async (stream, events, expected) => {
        const appended = await store.appendToStream(stream, events, expected);
        // The append took effect, and its caller never learns so.
        if (broken) throw new EventStoreUnavailable('the connection is gone');
        return appended;
      },
    };
    const desk = testDesk(flaky, { still: marketAt(tuesdayNoon) });
    await desk.open(desk.limits);
    await desk.order(ten);
    broken = true;
    const halt = desk.handlers.EngageHalt(
      { scope: 'global', reason: 'the line is noisy' },
      testContext,
    );
    await expect(halt).rejects.toThrow(EventStoreUnavailable);
    await expect(desk.order({ ...ten, qty: quantity.fromShares(9) })).rejects.toThrow(
      EventStoreUnavailable,
    );
    broken = false;
    expect(await desk.order({ ...ten, qty: quantity.fromShares(8) })).toMatchObject({
      ok: false,
      refusal: { code: 'KILL_STATE' },
    });
  });

  test('keeps the limits of the log whatever a later start is told', async () => {
    const { store, desk, still, order } = await openDesk().then((desk) => ({ ...desk, desk }));
    await order(ten);
    await desk.open(desk.limits);
    expect((await desk.control.load()).limits?.version).toBe(1);
    const stricter = testDesk(store, { still, limits: { maxPositionBps: 1 }, ids: '018f' });
    await stricter.open(stricter.limits);
    expect(await stricter.order({ ...ten, qty: quantity.fromShares(11) })).toMatchObject({
      ok: true,
    });
    expect((await stricter.control.load()).limits?.version).toBe(1);
  });

  test('adopts changed limits as a new version when told to, in the open session too', async () => {
    const { order, limits, halting, control } = await openDesk();
    await order(ten);
    const stricter = { ...limits, maxPositionBps: 1 };
    const command = { type: 'AdoptLimits', limits: stricter, at: tuesdayNoon } as const;
    await halting.change(command, testContext.metadata);
    expect(await order({ ...ten, qty: quantity.fromShares(11) })).toMatchObject({
      ok: false,
      refusal: { code: 'POSITION_SIZE' },
    });
    expect((await control.load()).limits?.version).toBe(2);
  });
});

test('closes a day of more orders than one append can end', async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const many = {
    maxMessagesPerSecond: 10_000,
    maxMessagesPerMinute: 10_000,
    maxMessagesPerDay: 10_000,
  };
  const desk = testDesk(store, { limits: many });
  await desk.open(desk.limits);
  for (let n = 1; n <= 901; n++) {
    const cents = `0.${`${n}`.padStart(4, '0')}`;
    await desk.order({
      symbol: nvda,
      qty: quantity.of(cents),
      order_type: 'limit',
      limit_price: price.of('1'),
    });
  }
  desk.still.wait({ hours: 13 });
  expect(await desk.sessions.current(testContext.metadata)).toMatchObject({ ok: true });
  const ended = (await store.readStream(session)).map(({ type }) => type);
  expect(ended.filter((type) => type === 'OrderExpired')).toHaveLength(901);
  expect(ended.at(-1)).toBe('SessionClosed');
});

test('carries any number of orders over night, and knows their keys the next day', async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const many = {
    maxMessagesPerSecond: 10_000,
    maxMessagesPerMinute: 10_000,
    maxMessagesPerDay: 10_000,
    duplicateWindowMs: 0,
  };
  const desk = testDesk(store, { limits: many });
  await desk.open(desk.limits);
  const small = (n: number) =>
    desk.order({
      symbol: nvda,
      qty: quantity.of('0.001'),
      order_type: 'limit',
      limit_price: price.of('1'),
      time_in_force: 'gtc',
      idempotency_key: `${n}`.padStart(100, 'k'),
    });
  const placed = await Promise.all(Array.from({ length: 2_500 }, (_, n) => small(n)));
  expect(placed.every(({ ok }) => ok)).toBe(true);
  desk.still.wait({ hours: 13 });
  expect(await desk.sessions.current(testContext.metadata)).toMatchObject({ ok: true });
  const { state } = await desk.sessions.load(streamName('session', 'paper-2026-03-04'));
  expect(state.phase === 'open' && state.working.size).toBe(2_500);
  for (const n of [0, 2_499]) {
    const again = await small(n);
    const first = placed[n];
    if (!again.ok || first?.ok !== true) throw new Error('refused');
    expect(again.value.repeated).toBe(true);
    expect(again.value.order.order_id).toBe(first.value.order.order_id);
  }
  desk.still.wait({ hours: 24 });
  const late = await small(0);
  expect(late.ok && late.value.repeated).toBe(false);
}, 120_000);
