import {
  type EventStore,
  money,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { type MarketData, MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import { marketDataContract } from '@sentinel/infra/contract-tests/market-data';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { mockMarketData } from '@sentinel/infra/market-data';
import { describe, expect, test } from 'vitest';
import { closingMarket } from './closing-market.ts';
import { realTimers, slowMarket } from './slow-market.ts';
import { stillMarket } from './still-market.ts';
import { slowed, testContext, testDesk, tuesdayNoon } from './test-desk.ts';
import { handTimers, settled } from './test-timers.ts';

const nvda = 'NVDA' as Ticker;
const session = 'session-paper-2026-03-03' as StreamName;
const one = quantity.fromShares(1);

marketDataContract('a slow mock market', async () => {
  let now = tuesdayNoon;
  const market = mockMarketData({ now: () => now });
  return {
    marketData: slowMarket(market, { latencyMs: 1, seed: 1, timers: realTimers }),
    advance: (ms) => {
      now = now.add({ milliseconds: ms });
    },
    known: nvda,
    unknown: 'ABCDEF' as Ticker,
    timeframes: ['1Min', '1Day'],
  };
});

marketDataContract('a market that closes over night', async () => {
  const unknown = 'ABCDEF' as Ticker;
  const closing = closingMarket(tuesdayNoon, { gapCents: 300, seed: 3, unknown: [unknown] });
  return {
    marketData: closing.market,
    advance: (ms) => closing.wait({ milliseconds: ms }),
    known: nvda,
    unknown,
    timeframes: ['1Day'],
  };
});

describe('a slow market', () => {
  const actions = async (market: MarketData) => {
    const { date } = market.session(market.now());
    return market.corporateActions?.({ from: date, to: date });
  };
  const asked = (market: MarketData): readonly Promise<unknown>[] => [
    market.instrument(nvda),
    market.quote(nvda),
    market.bars(nvda, { timeframe: '1Day', limit: 5 }),
    actions(market),
    market.health(),
  ];
  const still = () => ({
    ...stillMarket(tuesdayNoon).market,
    corporateActions: async () => [],
  });

  test('gives no answer before its time, and each of them then, as it was when asked', async () => {
    const timers = handTimers();
    const inner = stillMarket(tuesdayNoon);
    const market = slowMarket(
      { ...inner.market, corporateActions: async () => [] },
      { latencyMs: 150, seed: 1, timers },
    );
    let answers = 0;
    const all = asked(market).map((answer) => answer.then(() => (answers += 1)));
    const quote = market.quote(nvda);
    inner.move({ bid: '200', ask: '201' });
    await timers.pass(149);
    expect(answers).toBe(0);
    await timers.pass(1);
    expect(answers).toBe(5);
    await Promise.all(all);
    expect((await quote)?.bid).toBe(price.of('100'));
  });

  test('fails one answer in so many, the same ones for the same seed', async () => {
    const failures = async (seed: number, failEvery: number) => {
      const timers = { wait: async () => undefined };
      const market = slowMarket(still(), { latencyMs: 1, failEvery, seed, timers });
      const failed: number[] = [];
      for (let n = 0; n < 1_000; n++)
        await market.quote(nvda).catch((error: unknown) => {
          expect(error).toBeInstanceOf(MarketDataUnavailable);
          failed.push(n);
        });
      return failed;
    };
    const [first, same, other] = [await failures(1, 4), await failures(1, 4), await failures(2, 4)];
    expect(first).toEqual(same);
    expect(first).not.toEqual(other);
    expect(first.length).toBeGreaterThan(200);
    expect(first.length).toBeLessThan(300);
    expect(await failures(1, 1)).toHaveLength(1_000);
  });
});

const typesIn = async (store: EventStore, stream = session) =>
  (await store.readStream(stream)).map(({ type }) => type);

describe('a desk whose market fails one answer in three', () => {
  test.each([1, 2, 3, 4, 5])(
    'takes an order whole or not at all, and its books conserve (seed %i)',
    async (seed) => {
      const store = memoryEventStore({ now: () => tuesdayNoon });
      const still = stillMarket(tuesdayNoon);
      const timers = { wait: async () => undefined };
      const market = slowMarket(still.market, { latencyMs: 1, failEvery: 3, seed, timers });
      const desk = testDesk(store, { still: { ...still, market } });
      await desk.open(desk.limits);
      const outcomes: string[] = [];
      for (let n = 0; n < 40; n++) {
        still.wait({ seconds: 31 });
        try {
          const placed = await desk.order({ symbol: nvda, qty: one });
          outcomes.push(placed.ok ? 'ok' : placed.refusal.code);
        } catch (error) {
          expect(error).toBeInstanceOf(MarketDataUnavailable);
          outcomes.push('unavailable');
        }
        for (const { stream } of await desk.sessions.open()) await desk.routing.step(stream);
      }
      expect(new Set(outcomes).size).toBeGreaterThan(2);
      const types = await typesIn(store);
      const assessed = types.flatMap((type, n) => (type === 'RiskAssessed' ? [types[n + 1]] : []));
      expect(new Set(assessed)).toEqual(new Set(['OrderSubmitted', 'OrderDenied']));
      expect(types.filter((type) => type === 'OrderSubmitted')).toHaveLength(
        outcomes.filter((outcome) => outcome === 'ok').length,
      );
      const { state } = await desk.sessions.load(session);
      if (state.phase !== 'open') throw new Error('not open');
      const cost = state.positions.get(nvda)?.cost ?? money.zero;
      expect(money.add(state.cash, cost, state.fees)).toBe(money.of('100000'));
    },
  );
});

describe('a desk on a market that closes over night', () => {
  const opened = async () => {
    const store = memoryEventStore({ now: () => tuesdayNoon });
    const still = closingMarket(tuesdayNoon, { gapCents: 300, seed: 3 });
    const desk = testDesk(store, { still });
    await desk.open(desk.limits);
    return { ...desk, log: store };
  };

  test('takes no new risk at night, and rolls to the next session at the close', async () => {
    const desk = await opened();
    expect((await desk.order({ symbol: nvda, qty: one })).ok).toBe(true);
    desk.still.wait({ hours: 5 });
    expect(await desk.order({ symbol: nvda, qty: quantity.fromShares(2) })).toMatchObject({
      ok: false,
      refusal: { code: 'STALE_DATA' },
    });
    expect((await desk.sessions.open()).map(({ stream }) => stream)).toEqual([
      'session-paper-2026-03-04',
    ]);
  });

  test('fills a stop that the night has jumped over at the price behind the jump', async () => {
    const desk = await opened();
    await desk.order({ symbol: nvda, qty: quantity.fromShares(10) });
    desk.still.wait({ seconds: 1 });
    await desk.routing.step(session);
    const stop = await desk.order({
      symbol: nvda,
      qty: quantity.fromShares(10),
      side: 'sell',
      order_type: 'stop',
      stop_price: price.of('99.5'),
      time_in_force: 'gtc',
    });
    if (!stop.ok) throw new Error(stop.refusal.message);
    desk.still.wait({ seconds: 1 });
    await desk.routing.step(session);
    // Nights pass until one has taken the price below the stop.
    let quote = await desk.still.market.quote(nvda);
    for (let night = 0; night < 10 && (quote?.bid ?? 0n) >= price.of('99.5'); night++) {
      desk.still.wait({ hours: 24 });
      quote = await desk.still.market.quote(nvda);
    }
    const current = await desk.sessions.current(testContext.metadata);
    if (!current.ok || quote === undefined) throw new Error('no session');
    await desk.routing.step(current.value);
    desk.still.wait({ seconds: 1 });
    await desk.routing.step(current.value);
    const { state } = await desk.sessions.load(current.value);
    if (state.phase !== 'open') throw new Error('not open');
    const order = state.orders.get(stop.value.order.order_id);
    expect(order?.status).toBe('filled');
    const average = Number(order?.filledNotional) / 10;
    expect(average).toBeLessThanOrEqual(Number(quote.bid));
    expect(average).toBeGreaterThan(Number(quote.bid) * 0.995);
  });
});

test('30 orders in flight, 150 ms an answer: a halt stands at once, and no order after it', async () => {
  const timers = handTimers();
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const often = {
    maxConcurrentPositions: 1_000,
    maxGrossExposureBps: 1_000_000,
    maxMessagesPerSecond: 1_000,
    maxMessagesPerMinute: 1_000,
    maxMessagesPerDay: 1_000,
  };
  const still = slowed(stillMarket(tuesdayNoon), 150, timers);
  const desk = testDesk(store, { limits: often, still });
  await desk.open(desk.limits);
  const first = desk.order({ symbol: nvda, qty: one });
  await timers.pass(2_000);
  expect(await first).toMatchObject({ ok: true });
  const orders = Array.from({ length: 30 }, (_, n) =>
    desk.order({ symbol: `T${n}` as Ticker, qty: one }),
  );
  // Each has its first answer, and none has all that it needs.
  await timers.pass(200);

  let acknowledged = false;
  const reason = 'for a test of the halt';
  const halt = desk.handlers.EngageHalt({ scope: 'global', reason }, testContext).then((answer) => {
    acknowledged = true;
    return answer;
  });
  await settled();
  expect(acknowledged).toBe(true);
  expect((await halt).ok).toBe(true);

  await timers.pass(600_000);
  const outcomes = await Promise.all(orders);
  const types = await typesIn(store);
  const halted = types.indexOf('HaltEngaged');
  expect(halted).toBeGreaterThan(0);
  expect(types.slice(halted)).not.toContain('OrderSubmitted');
  const refused = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal.code]));
  expect(new Set(refused)).toEqual(new Set(['KILL_STATE']));
  expect(refused.length + types.slice(0, halted).filter(isSubmitted).length).toBe(31);
});

const isSubmitted = (type: string): boolean => type === 'OrderSubmitted';
