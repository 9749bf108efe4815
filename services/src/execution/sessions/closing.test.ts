import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  isBefore,
  money,
  type OrderId,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { closingMarket } from '../test-kit/closing-market.ts';
import { slowMarket } from '../test-kit/slow-market.ts';
import { guardStep, testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';

const nvda = 'NVDA' as Ticker;
const msft = 'MSFT' as Ticker;
const fridayNoon = Temporal.Instant.from('2026-03-06T17:00:00Z');
const fridayClose = Temporal.Instant.from('2026-03-06T21:00:00Z');
/** New York went over to summer time on the Sunday between. */
const mondayOpen = Temporal.Instant.from('2026-03-09T13:30:00Z');
const friday = 'session-paper-2026-03-06' as StreamName;
const monday = 'session-paper-2026-03-09' as StreamName;
const wide = {
  maxPositionBps: 10_000,
  maxGrossExposureBps: 10_000,
  maxTradeRiskBps: 10_000,
  order: {
    maxValue: money.of('100000'),
    maxValueBps: 10_000,
    maxQuantity: quantity.fromShares(9_000),
  },
};

const opened = async (over: (market: MarketData) => MarketData = (market) => market) => {
  const still = closingMarket(fridayNoon, { gapCents: 0, seed: 1 });
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const desk = testDesk(store, { still, market: over(still.market), limits: wide });
  await desk.open(desk.limits);
  const goTo = (at: Temporal.Instant) =>
    still.wait({ milliseconds: at.epochMilliseconds - still.market.now().epochMilliseconds });
  const buy = async (symbol: Ticker, shares: number) => {
    still.show(shares * 10);
    const answer = await desk.order({ symbol, qty: quantity.fromShares(shares) });
    if (!answer.ok) throw new Error(answer.refusal.message);
    still.wait({ seconds: 1 });
    for (const { stream } of await desk.sessions.open()) await desk.routing.step(stream);
  };
  const events = async (stream: StreamName) =>
    (await store.readStream(stream)).map((recorded) => decodeEvent(sessionEvents, recorded));
  const session = async (stream: StreamName) => {
    const { state } = await desk.sessions.load(stream);
    if (state.phase === 'unopened') throw new Error(`${stream} was never opened`);
    return state;
  };
  const roll = () => desk.sessions.current(testContext.metadata);
  return { ...desk, still, goTo, buy, events, session, roll };
};
type Opened = Awaited<ReturnType<typeof opened>>;

/** Whatever carries a time of the market carries one of its session. */
const expectWithin = async ({ events, session }: Opened, stream: StreamName) => {
  const { endsAt } = await session(stream);
  if (endsAt === null) throw new Error('a session has an end');
  for (const { data } of await events(stream))
    if ('at' in data) expect(isBefore(endsAt, data.at)).toBe(false);
};

describe('a session that is over', () => {
  test('closes at its close; the gap of the weekend belongs to Monday, and is seen there', async () => {
    const desk = await opened();
    await desk.buy(nvda, 400);
    desk.goTo(mondayOpen);
    desk.still.move({ bid: '88', ask: '88.02' });
    expect(await desk.guard.watch(guardStep(friday))).toEqual([]);
    await desk.roll();
    const closed = (await desk.session(friday)).closing;
    expect(closed?.at).toEqual(fridayClose);
    expect(closed?.marks).toEqual([{ symbol: nvda, price: price.of('100'), at: fridayClose }]);
    const today = await desk.session(monday);
    expect(today.dayStartEquity).toBe(money.add(today.cash, money.of('40000')));
    expect(today.weekStartEquity).toBe(today.dayStartEquity);
    expect((await desk.events(monday))[0]).toMatchObject({ data: { at: mondayOpen } });
    expect(await desk.guard.watch(guardStep(monday))).toEqual(['DAILY_LOSS']);
    await expectWithin(desk, friday);
  });

  test('is closed at the same values whenever it is found out, and each one missed in its turn', async () => {
    const desk = await opened();
    await desk.buy(nvda, 100);
    desk.goTo(mondayOpen);
    desk.still.move({ bid: '90', ask: '90.02' });
    desk.still.wait({ hours: 24 });
    desk.still.move({ bid: '95', ask: '95.02' });
    desk.still.wait({ hours: 25 });
    await desk.roll();
    const marks = async (date: string) =>
      (await desk.session(`session-paper-${date}` as StreamName)).closing?.marks.map((mark) => [
        price.format(mark.price),
        mark.at.toString(),
      ]);
    expect(await marks('2026-03-06')).toEqual([['100', '2026-03-06T21:00:00Z']]);
    expect(await marks('2026-03-09')).toEqual([['90', '2026-03-09T20:00:00Z']]);
    expect(await marks('2026-03-10')).toEqual([['95', '2026-03-10T20:00:00Z']]);
    expect((await desk.sessions.open()).map(({ date }) => date)).toEqual(['2026-03-11']);
    for (const date of ['2026-03-06', '2026-03-09', '2026-03-10', '2026-03-11'])
      await expectWithin(desk, `session-paper-${date}` as StreamName);
  });

  test('takes no order of the night: it belongs to the next one', async () => {
    const desk = await opened();
    await desk.buy(nvda, 10);
    desk.goTo(fridayClose.add({ milliseconds: 500 }));
    const late = await desk.order({ symbol: nvda, qty: quantity.fromShares(10) });
    expect(late).toMatchObject({ ok: false, refusal: { code: 'TRADING_HOURS' } });
    const types = (await desk.events(monday)).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['RiskAssessed', 'OrderDenied']);
    await expectWithin(desk, friday);
  });

  test('takes a cancel as of its last moment, when it comes before the books are closed', async () => {
    const desk = await opened();
    const resting = await desk.order({
      ...{ symbol: nvda, qty: quantity.fromShares(1), order_type: 'limit' },
      limit_price: price.of('99'),
    });
    const orderId = resting.ok ? resting.value.order.order_id : ('' as OrderId);
    const late = fridayClose.add({ seconds: 2 });
    const cancel = { type: 'CancelOrder', orderId, reason: 'late', at: late } as const;
    await desk.sessions.execute(friday, cancel, testContext.metadata);
    expect((await desk.events(friday)).at(-1)).toMatchObject({
      type: 'OrderPendingCancel',
      data: { at: fridayClose },
    });
  });
});

describe('one command', () => {
  test('sees one instant, however fast the market goes while its answers are under way', async () => {
    const still = closingMarket(fridayNoon, { gapCents: 0, seed: 1 });
    // Every answer takes 150 ms of the wall, and a market at 25,000 times goes on for an hour meanwhile.
    const wait = async (ms: number) => still.wait({ milliseconds: ms * 25_000 });
    const market = slowMarket(still.market, { latencyMs: 150, seed: 1, timers: { wait } });
    const desk = testDesk(memoryEventStore({ now: () => tuesdayNoon }), { market, limits: wide });
    await desk.open(desk.limits);
    const bought = await desk.order({ symbol: nvda, qty: quantity.fromShares(1) });
    expect(bought).toMatchObject({ ok: true });
  });
});

describe('what has no price now', () => {
  const from = fridayNoon.add({ minutes: 30 });
  /** Microsoft's last trade is at half past twelve, at a hundred dollars. */
  const silent = (market: MarketData): MarketData => ({
    ...market,
    freeze: (at) => silent(market.freeze(at)),
    quote: async (symbol) =>
      symbol === msft && !isBefore(market.now(), from) ? undefined : market.quote(symbol),
    lastTrade: async (symbol) =>
      symbol === msft && !isBefore(market.now(), from)
        ? { symbol, price: price.of('100'), at: from }
        : market.lastTrade(symbol),
  });

  test('keeps its last price, blocks new risk in itself, and nothing in others', async () => {
    const desk = await opened(silent);
    await desk.buy(msft, 20);
    desk.goTo(from.add({ hours: 1 }));
    const itself = await desk.order({ symbol: msft, qty: quantity.fromShares(1) });
    expect(itself.ok).toBe(false);
    const other = await desk.order({ symbol: nvda, qty: quantity.fromShares(5) });
    expect(other.ok).toBe(true);
    const assessed = (await desk.events(friday)).findLast(({ type }) => type === 'RiskAssessed');
    expect(assessed).toMatchObject({
      data: { facts: { marks: [{ symbol: msft, price: price.of('100'), at: from }] } },
    });
    desk.goTo(mondayOpen);
    await desk.roll();
    expect((await desk.session(friday)).closing?.marks).toContainEqual({
      ...{ symbol: msft, price: price.of('100'), at: from },
    });
  });

  test('halts the symbol alone once it had its time to trade after the opening', async () => {
    const desk = await opened(silent);
    await desk.buy(msft, 20);
    desk.goTo(mondayOpen.add({ seconds: 60 }));
    await desk.roll();
    expect(await desk.guard.watch(guardStep(monday))).toEqual([]);
    desk.still.wait({ seconds: 1 });
    expect(await desk.guard.watch(guardStep(monday))).toEqual(['STALE_DATA']);
    expect((await desk.session(monday)).halts).toMatchObject([{ scope: 'symbol', target: msft }]);
  });
});
