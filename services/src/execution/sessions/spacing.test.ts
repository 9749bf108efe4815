import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  isBefore,
  money,
  notional,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { nyseCalendar, type Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { historicalMarketData } from '@sentinel/infra/market-data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyPatienceMs, propertyRuns } from '../../kernel/test-property-runs.ts';
import { marginLimits } from '../../risk/fixtures.ts';
import type { SessionEvent } from '../session/index.ts';
import { testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';

const symbols = ['AAA', 'BBB', 'CCC'].map((symbol) => symbol as Ticker);
const minuteMs = 60_000;
const barMs = 15 * minuteMs;
const sessionsInAll = 5;
const begin = Date.UTC(2026, 2, 5, 15);
const limits = {
  ...marginLimits,
  ...{ maxPositionBps: 100_000, maxGrossExposureBps: 100_000, maxTradeRiskBps: 100_000 },
  ...{ maxDailyDrawdownBps: 100_000, maxWeeklyDrawdownBps: 100_000, maxSectorBps: 100_000 },
  ...{ duplicateWindowMs: 0, minAverageDailyVolume: quantity.fromShares(1) },
  ...{ maxOrderVolumeBps: 10_000, maxSpreadBps: 10_000 },
  order: {
    maxValue: money.of('1000000'),
    maxValueBps: 100_000,
    maxQuantity: quantity.fromShares(10_000),
  },
};

type Trading = { readonly openMs: number; readonly closeMs: number; readonly date: string };

/** A Thursday to the next Wednesday, over a weekend and the change to summer time. */
const sessions = Array.from({ length: sessionsInAll }).reduce<Trading[]>((all) => {
  const calendar = nyseCalendar();
  const after = all.at(-1)?.closeMs ?? begin - 60 * minuteMs;
  all.push(calendar.sessionAt(after) ?? calendar.nextSession(after));
  return all;
}, []);

/** What came before, by which ranges and volumes are measured. */
const history = Array.from({ length: 22 }).reduce<Trading[]>((all) => {
  all.unshift(nyseCalendar().previousSession(all[0]?.openMs ?? sessions[0]?.openMs ?? begin));
  return all;
}, []);

const shape = fc.record({
  /** Moves of a cent or so between bars, by which a symbol walks. */
  steps: fc.array(fc.integer({ min: -150, max: 150 }), { minLength: 13, maxLength: 13 }),
  /** Bars without a print at the opening of each session. */
  late: fc.nat(9),
  /** A session without any bar of it. */
  missing: fc.option(fc.integer({ min: 1, max: sessionsInAll - 2 })),
  /** The session after which its bars end. */
  ends: fc.integer({ min: 2, max: sessionsInAll - 1 }),
});
type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

const dollars = (cents: number) => (cents / 100).toFixed(2);

/** A file of bars. The first symbol prints always, so that the market is open all the time. */
const fileOf = ({ steps, late, missing, ends }: Shape, prints: boolean): string => {
  let cents = 10_000;
  const rows = [...history, ...sessions].flatMap(({ openMs, closeMs }, all) => {
    const n = all - history.length;
    if (!prints && (n === missing || n > ends)) return [];
    const bars: string[] = [];
    for (let bar = 0; openMs + bar * barMs < closeMs; bar++) {
      const open = cents;
      cents = Math.max(2_000, cents + (steps[(bar + all) % steps.length] ?? 0));
      if (!prints && n >= 0 && bar < late) continue;
      const [low, high] = [Math.min(open, cents) - 7, Math.max(open, cents) + 5];
      const at = new Date(openMs + bar * barMs).toISOString().replace('.000', '');
      bars.push(`${at},${[open, high, low, cents].map(dollars).join(',')},40000`);
    }
    return bars;
  });
  return `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`;
};

const order = fc.record({
  /** Market minutes after the beginning. */
  minute: fc.integer({ min: 5, max: 390 * 4 }),
  symbol: fc.constantFrom(...symbols),
  side: fc.constantFrom('buy' as const, 'buy' as const, 'sell' as const, 'sell_short' as const),
  shares: fc.integer({ min: 1, max: 300 }),
  kind: fc.constantFrom('market', 'limit', 'stop', 'trailing'),
  cents: fc.integer({ min: 9_000, max: 11_000 }),
  time_in_force: fc.constantFrom('day' as const, 'gtc' as const),
});
type Order = typeof order extends fc.Arbitrary<infer Value> ? Value : never;

const inputOf = ({ symbol, side, shares, kind, cents, time_in_force }: Order) => {
  const common = { symbol, side, qty: quantity.fromShares(shares), time_in_force };
  const at = price.of(dollars(cents));
  if (kind === 'market') return { ...common, time_in_force: 'day' as const };
  if (kind === 'limit') return { ...common, order_type: 'limit' as const, limit_price: at };
  if (kind === 'stop') return { ...common, order_type: 'stop' as const, stop_price: at };
  return { ...common, order_type: 'trailing_stop' as const, trail: '1.50' };
};

type Way = {
  /** Market minutes between two looks. */
  readonly everyMinutes: number;
  /** A new process takes over at each look. */
  readonly restarts: boolean;
};

const lastMinute = 390 * sessionsInAll;

/** Lives through all sessions on the files of `directory`; answers what every session recorded. */
const lived = async (
  directory: string,
  { orders, ...way }: Way & { readonly orders: readonly Order[] },
) => {
  let ms = 0;
  const market = await historicalMarketData({
    directory,
    speed: 1,
    start: Temporal.Instant.fromEpochMilliseconds(sessions[0]?.openMs ?? 0),
    monotonicMs: () => ms,
  });
  const store = memoryEventStore({ now: () => tuesdayNoon });
  let processes = 0;
  const start = async () => {
    const ids = (0x0189 + processes++).toString(16).padStart(4, '0');
    const desk = testDesk(store, { market, limits, ids, venue: { bars: '15Min' } });
    await desk.open(desk.limits);
    return desk;
  };
  let desk = await start();
  const look = async () => {
    await desk.sessions.current(testContext.metadata);
    for (const { stream } of await desk.sessions.open()) await desk.routing.step(stream);
  };
  const inTurn = [...orders].sort((a, b) => a.minute - b.minute);
  const looks = Array.from(
    { length: lastMinute / way.everyMinutes },
    (_, n) => n * way.everyMinutes,
  );
  const moments = [...new Set([...looks, ...inTurn.map(({ minute }) => minute), lastMinute - 1])];
  await look();
  for (const minute of moments.sort((a, b) => a - b)) {
    ms = minute * minuteMs;
    if (way.restarts) desk = await start();
    await look();
    for (const each of inTurn.filter((of) => of.minute === minute)) await desk.order(inputOf(each));
  }
  const streams = sessions.map(({ date }) => `session-paper-${date}` as StreamName);
  const recorded = await Promise.all(streams.map((stream) => store.readStream(stream)));
  return recorded.map((events) => events.map((each) => decodeEvent(sessionEvents, each)));
};

/** What an event says of the market and of money, without ids. */
const tellingOf = ({ type, data }: SessionEvent) => [
  type,
  ...('at' in data ? [data.at.toString()] : []),
  ...('symbol' in data ? [data.symbol] : []),
  ...('lastPrice' in data ? [data.lastPrice, data.lastQuantity] : []),
  ...('cash' in data ? [data.cash] : []),
  ...('equity' in data ? [data.equity, data.marks.map(({ at, price: of }) => [`${at}`, of])] : []),
];
const fateOf = (all: readonly (readonly SessionEvent[])[]) =>
  all.map((events) => events.filter(({ type }) => type !== 'RiskAssessed').map(tellingOf));

const cases = fc.record({
  shapes: fc.tuple(shape, shape, shape),
  orders: fc.array(order, { minLength: 1, maxLength: 12 }),
  everyMinutes: fc.constantFrom(7, 30, 60, 390, 390 * 2, 390 * 3),
  restarts: fc.boolean(),
});

const withFiles = async (
  shapes: readonly Shape[],
  work: (directory: string) => Promise<void>,
): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-spacing-'));
  try {
    for (const [n, each] of shapes.entries())
      writeFileSync(join(directory, `${symbols[n]}.csv`), fileOf(each, n === 0));
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

describe('the same bars', () => {
  test(
    'give the same sessions, fills and books, however far apart the looks, with restarts between',
    async () => {
      let fills = 0;
      await fc.assert(
        fc.asyncProperty(cases, ({ shapes, orders, everyMinutes, restarts }) =>
          withFiles(shapes, async (directory) => {
            const closely = await lived(directory, { orders, everyMinutes: 10, restarts: false });
            const seldom = await lived(directory, { orders, everyMinutes, restarts });
            expect(fateOf(seldom)).toEqual(fateOf(closely));
            fills += closely.flat().filter(({ type }) => type === 'OrderFilled').length;
          }),
        ),
        { numRuns: propertyRuns(12) },
      );
      // Otherwise it would be the same nothing that stays the same.
      expect(fills).toBeGreaterThan(propertyRuns(12) / 3);
    },
    propertyPatienceMs(100),
  );
});

describe('any days of trading', () => {
  test(
    'add up: what the days made is what equity became, and nothing is dated outside its session',
    async () => {
      await fc.assert(
        fc.asyncProperty(cases, ({ shapes, orders, everyMinutes, restarts }) =>
          withFiles(shapes, async (directory) => {
            const all = await lived(directory, { orders, everyMinutes, restarts });
            let before: bigint | undefined;
            for (const events of all) {
              const opened = events.find(({ type }) => type === 'SessionOpened');
              const closed = events.find(({ type }) => type === 'SessionClosed');
              if (opened?.type !== 'SessionOpened') throw new Error('a session was left out');
              const { at, endsAt, equity } = opened.data;
              if (before !== undefined) expect(equity).toBe(before);
              for (const { data } of events) {
                if (!('at' in data)) continue;
                expect(isBefore(data.at, at)).toBe(false);
                expect(endsAt !== null && isBefore(endsAt, data.at)).toBe(false);
              }
              if (closed?.type !== 'SessionClosed') continue;
              const { cash, positions, marks } = closed.data;
              const values = positions.map(({ symbol, quantity: shares }) =>
                notional(
                  marks.find((mark) => mark.symbol === symbol)?.price ?? price.of('0'),
                  shares,
                  'half-even',
                ),
              );
              expect(closed.data.equity).toBe(money.add(cash, ...values));
              before = closed.data.equity;
            }
            expect(all.at(-1)?.[0]?.type).toBe('SessionOpened');
          }),
        ),
        { numRuns: propertyRuns(12) },
      );
    },
    propertyPatienceMs(100),
  );
});
