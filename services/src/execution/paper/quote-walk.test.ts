import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, money, price, quantity, type StreamName } from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { historicalMarketData } from '@sentinel/infra/market-data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyPatienceMs, propertyRuns } from '../../kernel/test-property-runs.ts';
import { marginLimits } from '../../risk/fixtures.ts';
import { testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';

const abc = 'ABC' as Ticker;
const stream = 'session-paper-2026-03-05' as StreamName;
const openMs = Date.UTC(2026, 2, 5, 14, 30);
const minuteMs = 60_000;
const wide = {
  ...marginLimits,
  ...{ maxPositionBps: 100_000, maxGrossExposureBps: 100_000, maxTradeRiskBps: 100_000 },
  ...{ maxDailyDrawdownBps: 100_000, maxWeeklyDrawdownBps: 100_000, maxSectorBps: 100_000 },
  ...{ duplicateWindowMs: 0, minAverageDailyVolume: quantity.fromShares(1) },
  ...{ maxOrderVolumeBps: 10_000, maxSpreadBps: 10_000, maxMessagesPerSecond: 100 },
  order: {
    maxValue: money.of('1000000'),
    maxValueBps: 100_000,
    maxQuantity: quantity.fromShares(10_000),
  },
};

type Bar = {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};
/** A bar from a text such as "100 101 99 100", prices in dollars. */
const bar = (prices: string, volume = 60_000): Bar => {
  const [open = 0, high = 0, low = 0, close = 0] = prices
    .split(' ')
    .map((each) => Number(each) * 100);
  return { open, high, low, close, volume };
};

const rowOf = (startMs: number, { open, high, low, close, volume }: Bar): string =>
  [
    new Date(startMs).toISOString().replace('.000', ''),
    ...[open, high, low, close].map((cents) => (cents / 100).toFixed(2)),
    volume,
  ].join(',');

/** Minutes of the session, after some quiet ones on the three weeks before by which volumes are measured. */
const fileOf = (minutes: readonly Bar[]): string => {
  const before = Array.from({ length: 29 }, (_, n) => openMs - (29 - n) * 86_400_000)
    .filter((ms) => ![0, 6].includes(new Date(ms).getUTCDay()) && new Date(ms).getUTCDate() !== 16)
    .map((ms) => rowOf(ms, bar('100 101 99 100', 4_000_000)));
  const rows = minutes.map((each, n) => rowOf(openMs + n * minuteMs, each));
  return ['timestamp,open,high,low,close,volume', ...before, ...rows].join('\n');
};

const withFile = async <Value>(
  minutes: readonly Bar[],
  work: (directory: string) => Promise<Value>,
): Promise<Value> => {
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-walk-'));
  try {
    writeFileSync(join(directory, 'ABC.csv'), fileOf(minutes));
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

type Options = {
  readonly limits?: typeof wide;
  readonly slippageBps?: number;
  readonly cash?: string;
  /** Each second is looked at, and the market is not asked which of them say nothing. */
  readonly everySecond?: boolean;
};

const withoutCalm = ({ staysUntil: _, ...market }: MarketData): MarketData => ({
  ...market,
  freeze: (at) => withoutCalm(market.freeze(at)),
});

const begun = async (
  directory: string,
  { limits = wide, slippageBps = 0, cash, everySecond = false }: Options = {},
) => {
  let ms = 0;
  const replay = await historicalMarketData({
    ...{ directory, speed: 1, monotonicMs: () => ms },
    start: Temporal.Instant.fromEpochMilliseconds(openMs),
  });
  const market = everySecond ? withoutCalm(replay) : replay;
  const store = memoryEventStore({ now: () => tuesdayNoon });
  let processes = 0;
  const start = async () => {
    const ids = (0x0189 + processes++).toString(16).padStart(4, '0');
    const desk = testDesk(store, { market, limits, ids, venue: { slippageBps } });
    await desk.open(desk.limits);
    return cash === undefined ? desk : { ...desk, ...desk.deskOf('paper', cash) };
  };
  const events = async () =>
    (await store.readStream(stream)).map((each) => decodeEvent(sessionEvents, each));
  return {
    store,
    start,
    events,
    at: (seconds: number) => {
      ms = Math.round(seconds * 1_000);
    },
    fills: async () =>
      (await events()).flatMap(({ type, data }) =>
        type === 'OrderFilled' || type === 'OrderPartiallyFilled' ? [data] : [],
      ),
  };
};
type Desk = Awaited<ReturnType<Awaited<ReturnType<typeof begun>>['start']>>;
type Input = Parameters<Desk['handlers']['PlaceOrder']>[0];

const orderOf = (input: Partial<Input> & { readonly shares: number }): Input => {
  const { shares, ...rest } = input;
  const plain = { side: 'buy', order_type: 'market', time_in_force: 'day' } as const;
  return { symbol: abc, ...plain, qty: quantity.fromShares(shares), ...rest };
};
const placed = async (desk: Desk, input: Partial<Input> & { readonly shares: number }) => {
  const answer = await desk.handlers.PlaceOrder(orderOf(input), testContext);
  if (!answer.ok) throw new Error(answer.refusal.message);
  return answer.value.order.order_id;
};

describe('on quotes', () => {
  test('a stop that was touched between two looks fires where it was touched', () =>
    withFile(
      [bar('100 100 100 100'), bar('100 100 94 100'), ...Array(8).fill(bar('100 100 100 100'))],
      async (directory) => {
        const day = await begun(directory);
        const desk = await day.start();
        day.at(5);
        await placed(desk, { shares: 10 });
        day.at(20);
        await desk.routing.step(stream);
        await placed(desk, {
          shares: 10,
          side: 'sell',
          order_type: 'stop',
          stop_price: price.of('96'),
        });
        day.at(540);
        await desk.routing.step(stream);
        const [, sold] = await day.fills();
        expect(sold?.at.toString().slice(11, 16)).toBe('14:31');
        expect(Number(price.format(sold?.lastPrice ?? price.of('0')))).toBeCloseTo(95.8, 0);
        expect(sold && sold.lastPrice <= (sold.quote?.bid ?? 0n)).toBe(true);
      },
    ));

  test('a tenth of a bar’s volume is taken at the most, at however many looks, and nothing of none', () =>
    withFile(
      [
        bar('100 100 100 100'),
        bar('100 100 100 100', 1_000),
        bar('100 100 100 100', 0),
        bar('100 100 100 100', 2_000),
      ],
      async (directory) => {
        const day = await begun(directory);
        const desk = await day.start();
        day.at(59.99);
        await placed(desk, { shares: 900, time_in_force: 'gtc' });
        for (let second = 60; second < 240; second++) {
          day.at(second);
          await desk.routing.step(stream);
        }
        const byMinute = new Map<string, bigint>();
        for (const { at, lastQuantity } of await day.fills()) {
          const minute = at.toString().slice(11, 16);
          byMinute.set(minute, (byMinute.get(minute) ?? 0n) + lastQuantity);
        }
        expect(byMinute.get('14:31')).toBe(quantity.fromShares(100));
        expect(byMinute.get('14:32')).toBe(undefined);
        expect(byMinute.get('14:33')).toBe(quantity.fromShares(200));
      },
    ));

  test.each([false, true])(
    'what a quote displays is taken once, by whichever orders come to it (a new process between: %s)',
    (restarts) =>
      withFile(Array(4).fill(bar('100 100 100 100')), async (directory) => {
        const day = await begun(directory, { cash: '1000000' });
        let desk = await day.start();
        for (const second of [61.1, 61.3, 61.6]) {
          day.at(second);
          await placed(desk, { shares: 2_000, limit_price: price.of('101'), order_type: 'limit' });
          day.at(second + 0.1);
          await desk.routing.step(stream);
          if (restarts) desk = await day.start();
        }
        const first = await day.fills();
        const [quote] = first.map((fill) => fill.quote);
        const taken = first.reduce((sum, { lastQuantity }) => sum + lastQuantity, 0n);
        expect(taken).toBe(quote?.askSize);
        // The next quote displays anew.
        day.at(62);
        await desk.routing.step(stream);
        const all = await day.fills();
        const next = all.filter(({ at }) => at.epochMilliseconds === openMs + 62_000);
        expect(next.reduce((sum, { lastQuantity }) => sum + lastQuantity, 0n)).toBe(
          next[0]?.quote?.askSize,
        );
      }),
  );

  test.each([1, 60, 540])(
    'more than one append holds is met by each order where it touched it (a look each %s seconds)',
    (everySeconds) =>
      withFile(
        [bar('100 100 100 100'), bar('100 100 97 100'), ...Array(8).fill(bar('100 100 100 100'))],
        async (directory) => {
          const many = { maxMessagesPerSecond: 1_000, maxMessagesPerMinute: 1_000 };
          const day = await begun(directory, { limits: { ...wide, ...many }, cash: '1000000' });
          const desk = await day.start();
          day.at(5);
          const limit = { order_type: 'limit', limit_price: price.of('99') } as const;
          for (let n = 0; n < 70; n++) await placed(desk, { shares: 1, ...limit });
          for (let second = everySeconds; second <= 540; second += everySeconds) {
            day.at(second);
            // As often as the house goes on while the venue has news.
            for (let n = 0; n < 3; n++) await desk.routing.step(stream);
          }
          const fills = await day.fills();
          expect(fills).toHaveLength(70);
          expect(new Set(fills.map(({ at }) => `${at}`)).size).toBe(1);
        },
      ),
  );

  test('a cash account fills what its cash pays for when the price runs away, and cancels the rest', () =>
    withFile([bar('100 100 100 100'), bar('160 160 160 160')], async (directory) => {
      const { margin: _, ...limits } = wide;
      const day = await begun(directory, { limits: limits as typeof wide, cash: '1000' });
      const desk = await day.start();
      day.at(59.99);
      const order = await placed(desk, {
        shares: 9,
        order_type: 'stop',
        stop_price: price.of('100.5'),
      });
      day.at(65);
      await desk.routing.step(stream);
      const events = await day.events();
      const fills = await day.fills();
      expect(fills.map(({ lastQuantity }) => quantity.format(lastQuantity))).toEqual(['6']);
      expect((fills[0]?.cash ?? -1n) >= 0n).toBe(true);
      expect(events.at(-1)).toMatchObject({
        type: 'OrderCanceled',
        data: { orderId: order, reason: expect.stringContaining('pays for 6 shares') },
      });
    }));
});

const cents = fc.integer({ min: 9_700, max: 10_300 });
const step = fc.record({
  gap: fc.integer({ min: -40, max: 40 }),
  move: fc.integer({ min: -120, max: 120 }),
  up: fc.nat(80),
  down: fc.nat(80),
  volume: fc.constantFrom(0, 900, 6_000, 90_000),
});
const wish = fc.record({
  second: fc.integer({ min: 1, max: 11 * 60 }),
  shares: fc.integer({ min: 1, max: 400 }),
  side: fc.constantFrom('buy' as const, 'sell' as const, 'sell_short' as const),
  kind: fc.constantFrom('market', 'limit', 'stop', 'stop_limit', 'trailing', 'bracket', 'cancel'),
  at: cents,
  away: fc.integer({ min: 5, max: 300 }),
});
type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

const walked = (steps: readonly Of<typeof step>[]): readonly Bar[] => {
  let last = 10_000;
  return steps.map(({ gap, move, up, down, volume }) => {
    const open = last + gap;
    last = open + move;
    return {
      open,
      high: Math.max(open, last) + up,
      low: Math.min(open, last) - down,
      close: last,
      volume,
    };
  });
};
const dollars = (each: number) => price.of((each / 100).toFixed(2));

const inputOf = ({ shares, side, kind, at, away }: Of<typeof wish>): Input => {
  const beyond = side === 'buy' ? away : -away;
  const common = { shares, side };
  switch (kind) {
    case 'limit':
      return orderOf({ ...common, order_type: 'limit', limit_price: dollars(at) });
    case 'stop':
      return orderOf({ ...common, order_type: 'stop', stop_price: dollars(at) });
    case 'stop_limit':
      return orderOf({
        ...{ ...common, order_type: 'stop_limit', stop_price: dollars(at) },
        limit_price: dollars(at + beyond),
      });
    case 'trailing':
      return orderOf({ ...common, order_type: 'trailing_stop', trail: (away / 100).toFixed(2) });
    case 'bracket':
      return orderOf({
        ...{ ...common, order_type: 'limit', limit_price: dollars(at) },
        ...{ stop_loss: dollars(at - beyond), take_profit: dollars(at + beyond) },
      });
    default:
      return orderOf(common);
  }
};

type Way = {
  readonly everySeconds: number;
  readonly restarts: boolean;
  readonly everySecond?: boolean;
};

/** What was traded and how orders ended, each order by its turn. */
const lived = async (
  directory: string,
  wishes: readonly Of<typeof wish>[],
  { everySeconds, restarts, everySecond = false }: Way,
) => {
  const day = await begun(directory, { slippageBps: 5, everySecond });
  let desk = await day.start();
  const inTurn = [...wishes].sort((a, b) => a.second - b.second);
  const looks = Array.from({ length: Math.floor(720 / everySeconds) }, (_, n) => n * everySeconds);
  for (const second of [...new Set([...looks, ...inTurn.map((each) => each.second), 719])].sort(
    (a, b) => a - b,
  )) {
    day.at(second);
    if (restarts) desk = await day.start();
    await desk.sessions.current(testContext.metadata);
    await desk.routing.step(stream);
    for (const each of inTurn.filter((of) => of.second === second)) {
      if (each.kind !== 'cancel') {
        await desk.handlers.PlaceOrder(inputOf(each), testContext);
        continue;
      }
      const { state } = await desk.sessions.load(stream);
      const first = state.phase === 'open' ? state.working.values()[0]?.orderId : undefined;
      if (first !== undefined)
        await desk.handlers.CancelOrder({ order_id: first, reason: 'test' }, testContext);
    }
  }
  return (await day.events()).flatMap(({ type, data }) => {
    if (type === 'OrderFilled' || type === 'OrderPartiallyFilled')
      return [[type, `${data.at}`, data.side, data.lastQuantity, data.lastPrice, data.cash]];
    if (type === 'OrderTriggered' || type === 'OrderStopMoved')
      return [[type, `${data.at}`, data.stopAt]];
    return type === 'OrderCanceled' || type === 'OrderExpired' || type === 'OrderAccepted'
      ? [[type, `${data.at}`]]
      : [];
  });
};

describe('the same quotes', () => {
  test(
    'give the same fills however seldom they are looked at, and with a new process at each look',
    async () => {
      let fills = 0;
      const cases = fc.record({
        steps: fc.array(step, { minLength: 12, maxLength: 12 }),
        wishes: fc.array(wish, { minLength: 1, maxLength: 6 }),
        everySeconds: fc.constantFrom(7, 60, 720),
        restarts: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(cases, ({ steps, wishes, ...way }) =>
          withFile(walked(steps), async (directory) => {
            const every = { everySeconds: 1, restarts: false, everySecond: true };
            const closely = await lived(directory, wishes, every);
            expect(await lived(directory, wishes, way)).toEqual(closely);
            fills += closely.filter(([type]) => type === 'OrderFilled').length;
          }),
        ),
        { numRuns: propertyRuns(12) },
      );
      expect(fills).toBeGreaterThan(propertyRuns(12) / 12);
    },
    propertyPatienceMs(100),
  );
});
