import type { InputOf } from '@sentinel/contracts';
import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  money,
  type OrderId,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { marginLimits } from '../../risk/fixtures.ts';
import { workingInTurn } from '../session/index.ts';
import { barMarket, type MinuteBar } from '../test-kit/test-bar-market.ts';
import { testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';

const stream = 'session-paper-2026-03-03' as StreamName;
const symbols = ['NVDA', 'MSFT'].map((symbol) => symbol as Ticker);
const limits = {
  ...marginLimits,
  maxPositionBps: 100_000,
  maxGrossExposureBps: 100_000,
  maxTradeRiskBps: 100_000,
  maxDailyDrawdownBps: 100_000,
  maxWeeklyDrawdownBps: 100_000,
  maxSectorBps: 100_000,
  duplicateWindowMs: 0,
  order: {
    maxValue: money.of('1000000'),
    maxValueBps: 100_000,
    maxQuantity: quantity.fromShares(10_000),
  },
  maxMessagesPerSecond: 1_000,
  maxMessagesPerMinute: 1_000,
  maxMessagesPerDay: 10_000,
};

type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** Cents around a hundred dollars. */
const cents = fc.integer({ min: -300, max: 300 });
const dollars = (offset: number) => price.of(((10_000 + offset) / 100).toFixed(2));
const step = fc.record({
  gap: fc.integer({ min: -40, max: 40 }),
  move: fc.integer({ min: -120, max: 120 }),
  up: fc.nat(80),
  down: fc.nat(80),
  volume: fc.nat(900),
});

/** Bars one after another, from a hundred dollars on. */
const walked = (steps: readonly Of<typeof step>[]): readonly MinuteBar[] => {
  let last = 10_000;
  return steps.map(({ gap, move, up, down, volume }) => {
    const open = last + gap;
    last = open + move;
    const [high, low] = [Math.max(open, last) + up, Math.min(open, last) - down];
    return { open, high, low, close: last, volume };
  });
};

const order = fc.record({
  symbol: fc.constantFrom(...symbols),
  shares: fc.integer({ min: 1, max: 60 }),
  kind: fc.constantFrom(
    ...(['market', 'limit', 'stop', 'stop_limit', 'bracket', 'sell'] as const),
    ...(['trailing', 'trailing_sell', 'trailing_sell'] as const),
  ),
  at: cents,
  trail: fc.integer({ min: 100, max: 600 }),
});

const action = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('order' as const), order }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('cancel' as const, 'replace' as const),
      which: fc.nat(8),
      shares: fc.integer({ min: 1, max: 120 }),
      at: cents,
    }),
  },
);
const minute = fc.record({ nvda: step, msft: step, action, looks: fc.boolean() });
const day = fc.array(minute, { minLength: 12, maxLength: 40, size: 'max' });
type Day = Of<typeof day>;

const inputOf = ({ symbol, shares, kind, at, trail }: Of<typeof order>): InputOf<'PlaceOrder'> => {
  const common = { symbol, side: 'buy', qty: quantity.fromShares(shares) } as const;
  const [low, high] = [dollars(at - 100), dollars(at + 100)];
  const trails = (trail / 100).toFixed(2);
  switch (kind) {
    case 'market':
      return { ...common, order_type: 'market' };
    case 'limit':
      return { ...common, order_type: 'limit', limit_price: dollars(at), time_in_force: 'gtc' };
    case 'stop':
      return { ...common, order_type: 'stop', stop_price: dollars(at) };
    case 'stop_limit':
      return { ...common, order_type: 'stop_limit', stop_price: dollars(at), limit_price: high };
    case 'trailing':
      return { ...common, order_type: 'trailing_stop', trail: trails };
    case 'trailing_sell':
      return { ...common, side: 'sell', order_type: 'trailing_stop', trail: trails };
    case 'bracket':
      return {
        ...common,
        order_type: 'limit',
        limit_price: dollars(at),
        stop_loss: low,
        take_profit: high,
      };
    default:
      return { ...common, side: 'sell', order_type: 'limit', limit_price: dollars(at) };
  }
};

type Way = { readonly looksAt: (n: number) => boolean; readonly restarts: boolean };

/** A day of minutes, looked at in one way: before whatever we do, and whenever the way says. */
const lived = async (minutes: Day, { looksAt, restarts }: Way) => {
  const eventStore = memoryEventStore({ now: () => tuesdayNoon });
  const { market, wait, ...still } = barMarket(tuesdayNoon, {
    NVDA: walked(minutes.map(({ nvda }) => nvda)),
    MSFT: walked(minutes.map(({ msft }) => msft)),
  });
  let starts = 0x1000;
  const start = async () => {
    starts += 1;
    const ids = starts.toString(16);
    const venue = { bars: '1Min', slippageBps: 5 } as const;
    const options = { still: { ...still, market, wait }, market, ids, limits, venue };
    const desk = testDesk(eventStore, options);
    await desk.open(desk.limits);
    return desk;
  };
  let desk = await start();
  const placed: OrderId[] = [];
  const act = async (wish: NonNullable<Of<typeof action>>) => {
    if (wish.type === 'order') {
      const answer = await desk.handlers.PlaceOrder(inputOf(wish.order), testContext);
      if (answer.ok) placed.push(answer.value.order.order_id);
      return;
    }
    const { state } = await desk.sessions.load(stream);
    const working = state.phase === 'open' ? workingInTurn(state) : [];
    const chosen = working[wish.which % working.length];
    if (chosen === undefined) return;
    const { orderId: order_id, intent } = chosen;
    if (wish.type === 'cancel') {
      await desk.handlers.CancelOrder({ order_id, reason: 'test' }, testContext);
      return;
    }
    const qty = quantity.fromShares(wish.shares);
    const changes = intent.limitPrice === null ? { qty } : { limit_price: dollars(wish.at) };
    await desk.handlers.ReplaceOrder({ order_id, ...changes }, testContext);
  };
  for (const [n, each] of minutes.entries()) {
    wait({ minutes: 1 });
    if (restarts) desk = await start();
    if (looksAt(n) || each.action !== null) await desk.routing.step(stream);
    if (each.action !== null) await act(each.action);
  }
  await desk.routing.step(stream);
  await desk.routing.lastStep(stream);
  const { state } = await desk.sessions.load(stream);
  const events = (await eventStore.readStream(stream)).map((recorded) =>
    decodeEvent(sessionEvents, recorded),
  );
  return { events, state, placed };
};

/** What was traded and how it ended, each order by its place in the row of those that we placed. */
const storyOf = ({ events, state, placed }: Awaited<ReturnType<typeof lived>>) => {
  const names = new Map<string, string>(placed.map((orderId, n) => [orderId, `${n}`]));
  const story = events.flatMap((event): readonly string[] => {
    switch (event.type) {
      case 'OrderSubmitted': {
        const { link, orderId } = event.data;
        if (link !== undefined && !names.has(orderId))
          names.set(orderId, `${link.role} of ${names.get(link.parentId)} ${event.data.at}`);
        return [];
      }
      case 'OrderFilled':
      case 'OrderPartiallyFilled': {
        const { orderId, at, lastQuantity, lastPrice, leavesQuantity } = event.data;
        const [shares, left] = [lastQuantity, leavesQuantity].map(quantity.format);
        return [
          `${names.get(orderId)}: ${shares} at ${price.format(lastPrice)}, ${left} left, ${at}`,
        ];
      }
      case 'OrderTriggered':
      case 'OrderCanceled':
      case 'OrderExpired':
        return [`${names.get(event.data.orderId)}: ${event.type} ${event.data.at}`];
      default:
        return [];
    }
  });
  if (state.phase === 'unopened') return { story };
  const stops = state.working
    .values()
    .map(({ orderId, stopAt }) => `${names.get(orderId)} ${stopAt}`)
    .sort();
  return { story, stops, cash: money.format(state.cash) };
};

const every: Way = { looksAt: () => true, restarts: false };

/** Each case lives two days at a desk: in the long form a fifth of what others are tried on. */
const runs = { numRuns: Math.min(propertyRuns(40), 2_000) };

describe('on bars, a day', () => {
  test('is meant to meet fills, stops that trail, and orders that rest', async () => {
    const seen = new Map<string, number>();
    for (const minutes of fc.sample(day, { numRuns: 20, seed: 3 }))
      for (const { type } of (await lived(minutes, every)).events)
        seen.set(type, (seen.get(type) ?? 0) + 1);
    for (const type of [
      'OrderPartiallyFilled',
      'OrderFilled',
      'OrderTriggered',
      'OrderStopMoved',
      'OrderReplaced',
      'OrderCanceled',
    ])
      expect(seen.get(type) ?? 0, type).toBeGreaterThan(5);
  });

  test('has the same fills and ends however seldom it is looked at', async () => {
    await fc.assert(
      fc.asyncProperty(day, async (minutes) => {
        const seldom = await lived(minutes, {
          looksAt: (n) => minutes[n]?.looks === true,
          restarts: false,
        });
        expect(storyOf(seldom)).toEqual(storyOf(await lived(minutes, every)));
      }),
      runs,
    );
  });

  test('has the same fills and ends when the process is a new one at every look', async () => {
    await fc.assert(
      fc.asyncProperty(day, async (minutes) => {
        const restarted = await lived(minutes, { looksAt: () => true, restarts: true });
        expect(storyOf(restarted)).toEqual(storyOf(await lived(minutes, every)));
      }),
      runs,
    );
  });
});
