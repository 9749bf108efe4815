import { orderIdSchema, price, quantity, type StreamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { closingMarket } from '../test-kit/closing-market.ts';
import { stillMarket } from '../test-kit/still-market.ts';
import { testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';
import { settled } from '../test-kit/test-timers.ts';

const nvda = 'NVDA' as Ticker;
const msft = 'MSFT' as Ticker;
const ten = { symbol: nvda, qty: quantity.fromShares(10) };
const bracket = { take_profit: price.of('120'), stop_loss: price.of('80') };

type Options = Omit<NonNullable<Parameters<typeof testDesk>[1]>, 'pause'>;

/** As the house acts by itself: in its own name, and of no correlation but its own. */
const house = {
  ...testContext.metadata,
  ...{ principal: 'system:wind-down', correlationId: 'house', causationId: 'house' },
};
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const asking = {
  ...testContext,
  metadata: { ...testContext.metadata, correlationId: 'asked', causationId: 'asked', traceparent },
};

/** A desk whose house goes on by itself whenever a caller waits for it. */
const livingDesk = async (options: Options = {}) => {
  const still = options.still ?? stillMarket(tuesdayNoon);
  const store = memoryEventStore({ now: () => tuesdayNoon });
  /** How many positions stood without any order at the end of each moment. */
  const bare: number[] = [];
  const desk = testDesk(store, {
    ...options,
    still,
    limits: { maxPositionBps: 5_000, maxGrossExposureBps: 9_000, ...options.limits },
    pause: async () => pass(),
  });
  await desk.open(desk.limits);
  const stream = async (): Promise<StreamName> => {
    const current = await desk.sessions.current(testContext.metadata);
    if (!current.ok) throw new Error(current.refusal.message);
    return current.value;
  };
  /** A moment of the market, in which the house does what it does by itself. */
  const pass = async (milliseconds = 60): Promise<void> => {
    const now = await stream();
    await desk.routing.step(now);
    await desk.way.step(now, house);
    still.wait({ milliseconds });
    await desk.routing.step(await stream());
    await settled();
    const { positions, working } = await session();
    const covered = new Set([...working.values()].map(({ intent }) => intent.symbol));
    bare.push([...positions.keys()].filter((symbol) => !covered.has(symbol)).length);
  };
  const session = async () => {
    const { state } = await desk.sessions.load(await stream());
    if (state.phase !== 'open') throw new Error('not open');
    return state;
  };
  const types = async () => (await store.readStream(await stream())).map(({ type }) => type);
  const filled = async (...args: Parameters<typeof desk.order>) => {
    const placed = await desk.order(...args);
    if (!placed.ok) throw new Error(placed.refusal.message);
    await pass();
    await pass();
    return placed.value.order.order_id;
  };
  const held = async (symbol = nvda) =>
    (await session()).positions.get(symbol)?.quantity ?? quantity.zero;
  return { ...desk, store, still, bare, stream, pass, session, types, filled, held };
};
type Living = Awaited<ReturnType<typeof livingDesk>>;

const close = ({ handlers }: Living, args: object = {}, context = testContext) =>
  handlers.ClosePosition({ symbol: nvda, ...args }, context);

/** Moments in which shares were held and nothing protected or closed them. */
const unprotected = async ({ store }: Living): Promise<number> => {
  const all = await store.readAll({ maxCount: 1_000 });
  const asked = all.findIndex(({ type }) => type === 'WindDownRequested');
  const cancels = all.slice(asked).filter(({ type }) => type === 'OrderCanceled');
  const submitted = all.slice(asked).find(({ type }) => type === 'OrderSubmitted');
  const last = cancels.at(-1)?.data as { at: string } | undefined;
  const begins = submitted?.data as { at: string } | undefined;
  if (last === undefined || begins === undefined) throw new Error('nothing was closed');
  return (
    Temporal.Instant.from(begins.at).epochMilliseconds -
    Temporal.Instant.from(last.at).epochMilliseconds
  );
};

describe('close_position', () => {
  test('cancels the exits, closes at market, and tells what it did', async () => {
    const desk = await livingDesk();
    await desk.filled({ ...ten, ...bracket });
    expect((await desk.session()).working.size).toBe(2);
    const closed = await close(desk, { reason: 'enough' });
    expect(closed).toMatchObject({
      ok: true,
      value: {
        status: 'done',
        repeated: false,
        positions: [{ symbol: 'NVDA', qty_before: ten.qty, qty_now: 0n }],
        canceled_orders: [{ status: 'canceled' }, { status: 'canceled' }],
      },
    });
    const { working, positions } = await desk.session();
    expect([working.size, positions.size]).toEqual([0, 0]);
    expect((await desk.types()).filter((type) => type === 'WindDownEnded')).toHaveLength(1);
    // From when the venue let go of the shares until the closing order stood: one look.
    expect(await unprotected(desk)).toBeLessThanOrEqual(60);
  });

  test('leaves what protects a position alone while its closing order would not be taken', async () => {
    const desk = await livingDesk({ limits: { maxMessagesPerMinute: 3 } });
    await desk.filled({ ...ten, ...bracket });
    await desk.order({ ...ten, symbol: msft, order_type: 'limit', limit_price: price.of('90') });
    await desk.order({ ...ten, symbol: msft, order_type: 'limit', limit_price: price.of('91') });
    const asked = await close(desk);
    expect(asked).toMatchObject({ ok: true, value: { status: 'waiting', canceled_orders: [] } });
    if (!asked.ok) throw new Error('refused');
    expect(asked.value.next).toContain('order message');
    expect(
      [...(await desk.session()).working.values()].filter(({ intent }) => intent.symbol === nvda),
    ).toHaveLength(2);
    desk.still.wait({ minutes: 1 });
    for (let n = 0; n < 6; n++) await desk.pass();
    expect(await desk.held()).toBe(0n);
  });

  test('is not held up by its own cancels: they have a budget of their own', async () => {
    const desk = await livingDesk({ limits: { maxMessagesPerSecond: 1 } });
    await desk.filled({ ...ten, ...bracket });
    desk.still.wait({ seconds: 2 });
    expect(await close(desk)).toMatchObject({ ok: true, value: { status: 'done' } });
  });

  test('leads from whoever asked to the cancels and the order that follow, in the name of the house', async () => {
    const desk = await livingDesk();
    await desk.filled({ ...ten, ...bracket });
    const ordered = (await desk.types()).length;
    await close(desk, {}, asking);
    const events = (await desk.store.readStream(await desk.stream())).slice(ordered);
    const asked = events.find(({ type }) => type === 'WindDownRequested');
    const followed = events.filter(
      ({ type, metadata }) =>
        ['OrderPendingCancel', 'RiskAssessed', 'OrderSubmitted'].includes(type) &&
        metadata.principal.startsWith('system:'),
    );
    expect(followed.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['OrderPendingCancel', 'RiskAssessed', 'OrderSubmitted']),
    );
    for (const { metadata } of followed)
      expect(metadata).toEqual({
        ...{ ...house, correlationId: 'asked', causationId: asked?.id, traceparent },
      });
  });

  test('takes no key that an order or a reset was given', async () => {
    const desk = await livingDesk();
    await desk.filled({ ...ten, idempotency_key: 'of an order' });
    const reused = { ok: false, refusal: { code: 'IDEMPOTENCY_KEY_REUSED' } };
    expect(await close(desk, { idempotency_key: 'of an order' })).toMatchObject(reused);
    expect(await desk.held()).toBe(ten.qty);
    await desk.handlers.ResetPaper({ idempotency_key: 'of a reset' }, testContext);
    desk.still.wait({ minutes: 1 });
    await desk.filled(ten);
    expect(await close(desk, { idempotency_key: 'of a reset' })).toMatchObject(reused);
    expect(await desk.held()).toBe(ten.qty);
  });

  test('works while a halt stands', async () => {
    const desk = await livingDesk();
    await desk.filled({ ...ten, ...bracket });
    await desk.handlers.EngageHalt({ scope: 'global' }, testContext);
    expect(await close(desk)).toMatchObject({ ok: true, value: { status: 'done' } });
  });

  test('answers a repeated key how the first call with it went, and begins nothing new', async () => {
    const desk = await livingDesk();
    await desk.filled(ten);
    const first = await close(desk, { idempotency_key: 'k' });
    desk.still.wait({ minutes: 1 });
    await desk.filled(ten);
    const again = await close(desk, { idempotency_key: 'k' });
    if (!first.ok || !again.ok) throw new Error('refused');
    expect(again.value).toMatchObject({
      wind_down_id: first.value.wind_down_id,
      repeated: true,
      status: 'done',
    });
    expect(await desk.held()).toBe(ten.qty);
    const other = await desk.handlers.FlattenAll({ idempotency_key: 'k' }, testContext);
    expect(other).toMatchObject({ ok: false, refusal: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    desk.still.wait({ hours: 13 });
    await desk.pass();
    expect(await close(desk, { idempotency_key: 'k' })).toMatchObject({
      ok: true,
      value: { wind_down_id: first.value.wind_down_id, repeated: true },
    });
    expect(await desk.held()).toBe(ten.qty);
  });

  test('of two callers at once trades once', async () => {
    const desk = await livingDesk();
    await desk.filled({ ...ten, ...bracket });
    const answers = await Promise.all([
      close(desk),
      close(desk),
      desk.handlers.FlattenAll({}, testContext),
    ]);
    for (let n = 0; n < 4; n++) await desk.pass();
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(await desk.held()).toBe(0n);
    expect((await desk.types()).filter((type) => type === 'WindDownEnded')).toHaveLength(3);
    const sold = (await desk.store.readAll({ maxCount: 1_000 })).filter(
      ({ type, data }) =>
        type === 'OrderFilled' && (data as { readonly side: string }).side === 'sell',
    );
    expect(sold).toHaveLength(1);
  });

  test('goes on through fills in part until nothing is held', async () => {
    const desk = await livingDesk();
    await desk.filled({ ...ten, ...bracket });
    desk.still.show(3);
    expect(await close(desk)).toMatchObject({ ok: true, value: { status: 'done' } });
    const types = await desk.types();
    expect(types).toContain('OrderPartiallyFilled');
    expect(await desk.held()).toBe(0n);
    // The exits are canceled, and what closes is never taken for what is in its way.
    expect(types.filter((type) => type === 'OrderPendingCancel')).toHaveLength(2);
    expect(types.filter((type) => type === 'OrderSubmitted')).toHaveLength(4);
  });

  test('closes what an entry fills while it is being canceled, and a short position', async () => {
    const still = stillMarket(tuesdayNoon);
    const borrow = { available: quantity.fromShares(1_000), annualFeeBps: 30 };
    const instrument = async (symbol: Ticker) => ({ symbol, name: symbol, sector: null, borrow });
    const desk = await livingDesk({
      still: { ...still, market: { ...still.market, instrument } },
      limits: { margin: { initialBps: 5_000, maintenanceBps: 3_000, shortMarkBps: 10_300 } },
    });
    await desk.filled({ ...ten, side: 'sell_short' });
    expect(await desk.held()).toBe(-ten.qty);
    expect(await close(desk)).toMatchObject({ ok: true, value: { status: 'done' } });
    desk.still.wait({ minutes: 1 });
    // Not yet accepted when the account is flattened.
    await desk.order(ten);
    expect(await close(desk)).toMatchObject({ ok: true, value: { status: 'done' } });
    expect(await desk.held()).toBe(0n);
    expect((await desk.session()).working.size).toBe(0);
  });

  test('of nothing is refused with what is held', async () => {
    const desk = await livingDesk();
    await desk.filled(ten);
    expect(await close(desk, { symbol: msft })).toMatchObject({
      ok: false,
      refusal: { code: 'NOTHING_TO_CLOSE', remedy: 'Close one of NVDA.' },
    });
  });

  test('on a closed market waits for the opening, says so, and lets the exits stand', async () => {
    const before = Temporal.Instant.from('2026-03-03T20:00:00Z');
    const still = closingMarket(before, { gapCents: 0, seed: 1 });
    const desk = await livingDesk({ still });
    await desk.filled({ ...ten, ...bracket });
    still.wait({ hours: 3 });
    const asked = await close(desk);
    if (!asked.ok) throw new Error(asked.refusal.message);
    expect(asked.value).toMatchObject({ status: 'waiting', canceled_orders: [] });
    expect(asked.value.next).toContain('2026-03-04T14:30:00Z');
    expect((await desk.session()).working.size).toBe(2);
    still.wait({ hours: 15, minutes: 31 });
    for (let n = 0; n < 6; n++) await desk.pass();
    expect(await desk.held()).toBe(0n);
    expect((await desk.session()).working.size).toBe(0);
  });

  test('is called off by cancel_all as long as nothing came of it', async () => {
    const before = Temporal.Instant.from('2026-03-03T20:00:00Z');
    const still = closingMarket(before, { gapCents: 0, seed: 1 });
    const desk = await livingDesk({ still });
    await desk.filled(ten);
    still.wait({ hours: 3 });
    await close(desk, { idempotency_key: 'k' });
    for (let n = 0; n < 6; n++) await desk.pass(2_000);
    expect(await desk.types()).not.toContain('RiskAssessed');
    await desk.handlers.CancelAll({}, testContext);
    still.wait({ hours: 15, minutes: 31 });
    for (let n = 0; n < 6; n++) await desk.pass();
    expect(await desk.held()).toBe(ten.qty);
    expect(await close(desk, { idempotency_key: 'k' })).toMatchObject({
      ok: true,
      value: { status: 'revoked' },
    });
  });

  test('that a day ends in the midst of goes on in the next', async () => {
    const before = Temporal.Instant.from('2026-03-03T20:59:00Z');
    const still = closingMarket(before, { gapCents: 0, seed: 1 });
    const desk = await livingDesk({ still, limits: { closingWindowMinutes: 0 } });
    await desk.filled({ ...ten, ...bracket });
    still.wait({ seconds: 50 });
    const { pass: _, ...rest } = desk;
    const { state } = await rest.sessions.load((await desk.session()).account as StreamName);
    expect(state.phase).toBe('unopened');
    const current = await desk.sessions.current(testContext.metadata);
    if (!current.ok) throw new Error('no session');
    const wish = {
      ...({
        kind: 'close_position',
        symbol: nvda,
        givenReason: null,
        idempotencyKey: null,
      } as const),
      windDownId: '01890000-0000-7000-8000-0000000000aa' as never,
      ...{ requestedBy: 'local:test', at: still.market.now() },
    };
    await desk.sessions.execute(
      current.value,
      { type: 'RequestWindDown', wish, earlierUse: null },
      asking.metadata,
    );
    await desk.way.step(current.value, house);
    still.wait({ hours: 18 });
    for (let n = 0; n < 6; n++) await desk.pass();
    expect(await desk.held()).toBe(0n);
    expect((await desk.session()).windDowns.size).toBe(1);
    // The next day's wish and its order are led by whoever asked the day before.
    const next = (await desk.store.readStream(await desk.stream())).filter(
      ({ type, metadata }) =>
        ['WindDownRequested', 'OrderSubmitted'].includes(type) &&
        metadata.principal === house.principal,
    );
    expect(next.map(({ type, metadata }) => [type, metadata.correlationId])).toEqual([
      ['WindDownRequested', 'asked'],
      ['OrderSubmitted', 'asked'],
    ]);
  });
});

describe('a closing order that ends unfilled', () => {
  test('just before the close is followed by another the next day', async () => {
    const before = Temporal.Instant.from('2026-03-03T20:00:00Z');
    const still = closingMarket(before, { gapCents: 0, seed: 1 });
    const desk = await livingDesk({ still });
    await desk.filled(ten);
    still.wait({ minutes: 59, seconds: 59 });
    const { metadata } = testContext;
    const asked = await close(desk, {}, { ...testContext, signal: AbortSignal.abort() });
    const current = await desk.sessions.current(metadata);
    if (!asked.ok || !current.ok) throw new Error('refused');
    await desk.way.step(current.value, metadata);
    const [closing] = [...(await desk.session()).working.values()];
    if (closing === undefined) throw new Error('nothing is on its way');
    const about = { orderId: closing.orderId, venueOrderId: null, at: still.market.now() };
    const reports = [{ ...about, execType: 'canceled', reason: 'the venue stops' }] as const;
    await desk.sessions.execute(current.value, { type: 'ReportVenue', reports }, metadata);
    still.wait({ hours: 18 });
    for (let n = 0; n < 6; n++) await desk.pass();
    expect(await desk.held()).toBe(0n);
  });
});

describe('with an order of unknown outcome', () => {
  test('what is free is closed at once, and the rest when it is known', async () => {
    const faults = {
      rejectBps: 0,
      timeoutBps: 0,
      duplicateFillBps: 0,
      lateFillBps: 0,
      disconnectBps: 0,
    };
    const desk = await livingDesk({ venue: { faults } });
    await desk.filled(ten);
    const stop = await desk.order({
      ...ten,
      qty: quantity.fromShares(4),
      side: 'sell',
      order_type: 'stop',
      stop_price: price.of('80'),
      time_in_force: 'gtc',
    });
    if (!stop.ok) throw new Error(stop.refusal.message);
    await desk.pass();
    const { order_id: orderId } = stop.value.order;
    const stream = await desk.sessions.current(testContext.metadata);
    if (!stream.ok) throw new Error('no session');
    const about = {
      orderId: orderIdSchema.parse(orderId),
      venueOrderId: null,
      at: desk.still.market.now(),
    };
    await desk.sessions.execute(
      stream.value,
      { type: 'ReportVenue', reports: [{ ...about, execType: 'unknown', reason: 'no answer' }] },
      testContext.metadata,
    );
    const asked = await desk.handlers.ClosePosition(
      { symbol: nvda },
      { ...testContext, signal: AbortSignal.abort() },
    );
    expect(asked.ok).toBe(true);
    for (let n = 0; n < 10; n++) await desk.pass();
    expect(await desk.held()).toBe(0n);
    expect((await desk.session()).working.size).toBe(0);
  });
});

describe('flatten_all and cancel_all', () => {
  test('D27: flatten cancels all, closes all, and is not stopped by one that cannot be traded', async () => {
    const desk = await livingDesk();
    await desk.filled({ ...ten, ...bracket });
    await desk.filled({ ...ten, symbol: msft });
    await desk.order({
      ...ten,
      symbol: 'AAPL' as Ticker,
      order_type: 'limit',
      limit_price: price.of('90'),
    });
    const told: string[] = [];
    const context = {
      ...testContext,
      progress: (done: number, total: number) => told.push(`${done}/${total}`),
    };
    expect(await desk.handlers.FlattenAll({}, context)).toMatchObject({
      ok: true,
      value: { status: 'done' },
    });
    const { working, positions } = await desk.session();
    expect([working.size, positions.size]).toEqual([0, 0]);
    expect(told[0]).toBe('0/3');
    expect(told.at(-1)).toMatch(/^(\d)\/\1$/);
  });

  test('a large account is flattened within the message limits, each position protected until its turn', async () => {
    const symbols = ['AA', 'BB', 'CC', 'DD', 'EE', 'FF', 'GG'].map((each) => each as Ticker);
    const desk = await livingDesk({
      limits: { maxMessagesPerSecond: 2, maxConcurrentPositions: 20, maxCorrelationBps: 10_000 },
    });
    for (const symbol of symbols) {
      await desk.filled({ symbol, qty: ten.qty, ...bracket });
      desk.still.wait({ seconds: 1 });
    }
    desk.still.wait({ seconds: 2 });
    expect(await desk.handlers.FlattenAll({}, testContext)).toMatchObject({
      ok: true,
      value: { status: 'done' },
    });
    expect((await desk.session()).positions.size).toBe(0);
    expect(await desk.types()).not.toContain('OrderDenied');
    // No more stand bare at once than closing orders are taken in a second.
    expect(Math.max(...desk.bare)).toBe(2);
  });

  test('cancel_all ends every order, those of one symbol alone when asked, and a repeated key none that came later', async () => {
    const desk = await livingDesk();
    const resting = {
      order_type: 'limit',
      limit_price: price.of('90'),
      time_in_force: 'gtc',
    } as const;
    await desk.order({ ...ten, ...resting });
    await desk.order({ ...ten, ...resting, symbol: msft });
    await desk.pass();
    const one = await desk.handlers.CancelAll({ symbol: nvda, idempotency_key: 'k' }, testContext);
    expect(one).toMatchObject({
      ok: true,
      value: { status: 'done', canceled_orders: [{ symbol: 'NVDA', status: 'canceled' }] },
    });
    desk.still.wait({ minutes: 1 });
    await desk.order({ ...ten, ...resting });
    await desk.pass();
    await desk.handlers.CancelAll({ symbol: nvda, idempotency_key: 'k' }, testContext);
    expect((await desk.session()).working.size).toBe(2);
    expect(await desk.handlers.CancelAll({}, testContext)).toMatchObject({
      ok: true,
      value: { status: 'done' },
    });
    expect((await desk.session()).working.size).toBe(0);
    expect(await desk.handlers.CancelAll({}, testContext)).toMatchObject({
      ok: true,
      value: { status: 'done', canceled_orders: [] },
    });
  });
});

describe('reset_paper', () => {
  test('D23: cancels what works, closes what is held, and erases nothing', async () => {
    const desk = await livingDesk();
    await desk.filled({ ...ten, ...bracket });
    const before = (await desk.store.readAll({ maxCount: 1_000 })).length;
    const reset = await desk.handlers.ResetPaper({ idempotency_key: 'anew' }, testContext);
    expect(reset).toMatchObject({
      ok: true,
      value: { epoch: 2, cash: 100_000_000_000n },
    });
    const { working, positions, cash } = await desk.session();
    expect([working.size, positions.size, cash]).toEqual([0, 0, 100_000_000_000n]);
    expect((await desk.store.readAll({ maxCount: 1_000 })).length).toBeGreaterThan(before);
    expect(await desk.handlers.ResetPaper({ idempotency_key: 'anew' }, testContext)).toMatchObject({
      ok: true,
      value: { epoch: 2, repeated: true },
    });
    desk.still.wait({ hours: 13 });
    await desk.pass();
    expect((await desk.session()).epoch).toBe(2);
    expect(await desk.handlers.ResetPaper({}, testContext)).toMatchObject({
      ok: true,
      value: { epoch: 3 },
    });
    await desk.filled(ten);
    expect(await desk.handlers.ResetPaper({ idempotency_key: 'again' }, testContext)).toMatchObject(
      {
        value: { epoch: 4 },
      },
    );
    await desk.handlers.ResetPaper({ idempotency_key: 'another' }, testContext);
    desk.still.wait({ minutes: 1 });
    await desk.filled(ten);
    // A late repetition, after another one: it begins nothing anew, and what is held stays.
    expect(await desk.handlers.ResetPaper({ idempotency_key: 'again' }, testContext)).toMatchObject(
      {
        value: { epoch: 4, repeated: true },
      },
    );
    expect(await desk.held()).toBe(ten.qty);
  });

  test('on a closed market is refused while something is held, and touches nothing', async () => {
    const before = Temporal.Instant.from('2026-03-03T20:00:00Z');
    const still = closingMarket(before, { gapCents: 0, seed: 1 });
    const desk = await livingDesk({ still });
    await desk.filled({ ...ten, ...bracket });
    still.wait({ hours: 3 });
    expect(await desk.handlers.ResetPaper({}, testContext)).toMatchObject({
      ok: false,
      refusal: { code: 'POSITIONS_HELD' },
    });
    expect((await desk.session()).working.size).toBe(2);
    expect((await desk.session()).windDowns.size).toBe(0);
  });

  test('takes nothing that is still heard of the account before it', async () => {
    const desk = await livingDesk();
    const resting = await desk.order({
      ...{ ...ten, order_type: 'limit', limit_price: price.of('90'), time_in_force: 'gtc' },
    });
    if (!resting.ok) throw new Error(resting.refusal.message);
    await desk.pass();
    await desk.handlers.ResetPaper({}, testContext);
    const current = await desk.sessions.current(testContext.metadata);
    if (!current.ok) throw new Error('no session');
    const late = {
      ...{ orderId: resting.value.order.order_id, venueOrderId: null, venueExecutionId: 'late' },
      ...({ at: desk.still.market.now(), execType: 'trade', price: price.of('90') } as const),
      quantity: ten.qty,
    };
    const report = { type: 'ReportVenue', reports: [late] } as const;
    await desk.sessions.execute(current.value, report, testContext.metadata);
    const { positions, cash } = await desk.session();
    expect([positions.size, cash]).toEqual([0, 100_000_000_000n]);
  });

  test('D23: is refused while a halt stands', async () => {
    const desk = await livingDesk();
    await desk.filled(ten);
    await desk.handlers.EngageHalt({ scope: 'symbol', target: 'MSFT' }, testContext);
    expect(await desk.handlers.ResetPaper({}, testContext)).toMatchObject({
      ok: false,
      refusal: { code: 'HALTED' },
    });
    expect(await desk.held()).toBe(ten.qty);
  });
});
