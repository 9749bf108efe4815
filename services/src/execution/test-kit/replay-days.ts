import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  money,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import {
  type MarketData,
  nyseCalendar,
  type Ticker,
  type Timeframe,
} from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { historicalMarketData } from '@sentinel/infra/market-data';
import { withFiles } from '@sentinel/infra/test-kit';
import { marginLimits } from '../../risk/fixtures.ts';
import { testContext, testDesk, tuesdayNoon } from './test-desk.ts';

const barMs = 15 * 60_000;
const limits = {
  ...marginLimits,
  ...{ maxPositionBps: 100_000, maxGrossExposureBps: 100_000, maxTradeRiskBps: 100_000 },
  ...{ maxDailyDrawdownBps: 100_000, maxWeeklyDrawdownBps: 100_000, maxSectorBps: 100_000 },
  ...{ duplicateWindowMs: 0, minAverageDailyVolume: quantity.fromShares(1) },
  ...{ maxOrderVolumeBps: 10_000, maxSpreadBps: 10_000 },
  ...{ maxMessagesPerSecond: 1_000, maxMessagesPerMinute: 1_000, maxMessagesPerDay: 10_000 },
  order: {
    maxValue: money.of('1000000'),
    maxValueBps: 100_000,
    maxQuantity: quantity.fromShares(10_000),
  },
};

/** Thursday 5 March 2026. */
const usualMs = Date.UTC(2026, 2, 5, 12);

/** The trading day after a moment and the next ones, with 22 before by which volumes are measured. */
const tradingDays = (count: number, firstMs: number) => {
  const calendar = nyseCalendar();
  const days = [calendar.nextSession(firstMs)];
  while (days.length < count) days.push(calendar.nextSession(days.at(-1)?.closeMs ?? firstMs));
  const before = [calendar.previousSession(firstMs)];
  while (before.length < 22) before.unshift(calendar.previousSession(before[0]?.openMs ?? firstMs));
  return { before, days };
};

/** What a symbol prints: a price in dollars for each bar of each day, or none. */
export type Printing = (day: number, bar: number) => number | undefined;

const fileOf = (prints: Printing, { before, days }: ReturnType<typeof tradingDays>): string => {
  const rows = [...before, ...days].flatMap(({ openMs, closeMs }, all) =>
    Array.from({ length: Math.round((closeMs - openMs) / barMs) }, (_, bar) => bar).flatMap(
      (bar) => {
        const day = all - before.length;
        const at = day < 0 ? 100 : prints(day, bar);
        const text = new Date(openMs + bar * barMs).toISOString().replace('.000', '');
        return at === undefined ? [] : [`${text},${Array(4).fill(at.toFixed(2)).join(',')},400000`];
      },
    ),
  );
  return `timestamp,open,high,low,close,volume\n${rows.join('\n')}\n`;
};

export type Replay = {
  /** By symbol; the first one keeps the market open, and so must print always. */
  readonly prints: Readonly<Record<string, Printing>>;
  readonly days: number;
  /** A moment before the first of them. */
  readonly firstMs?: number;
  readonly files?: Readonly<Record<string, string>>;
  readonly bars?: Timeframe;
  readonly cash?: string;
  /** The market as the desk sees it. */
  readonly over?: (market: MarketData) => MarketData;
};

/** A desk on files of quarter-hour bars, whose clock is moved by hand; processes come and go. */
export const replayDays = async <Value>(
  { prints, days: count, files = {}, firstMs = usualMs, ...rest }: Replay,
  live: (day: Awaited<ReturnType<typeof begun>>) => Promise<Value>,
): Promise<Value> => {
  const around = tradingDays(count, firstMs);
  const printed = Object.entries(prints).map(([symbol, each]) => [
    `${symbol}.csv`,
    fileOf(each, around),
  ]);
  return withFiles({ ...Object.fromEntries(printed), ...files }, async (directory) =>
    live(await begun(directory, { ...around, ...rest })),
  );
};

type Begin = ReturnType<typeof tradingDays> & Pick<Replay, 'bars' | 'cash' | 'over'>;

const begun = async (directory: string, { days, bars, cash, over = (market) => market }: Begin) => {
  let ms = 0;
  const store: EventStore = memoryEventStore({ now: () => tuesdayNoon });
  const market = over(
    await historicalMarketData({
      ...{ directory, speed: 1, monotonicMs: () => ms },
      start: Temporal.Instant.fromEpochMilliseconds(days[0]?.openMs ?? 0),
    }),
  );
  let processes = 0;
  const start = async (account = 'paper') => {
    const ids = (0x0189 + processes++).toString(16).padStart(4, '0');
    const venue = { slippageBps: 0, ...(bars !== undefined && { bars }) };
    const desk = testDesk(store, { market, limits, ids, venue });
    await desk.open(desk.limits);
    const own = account === 'paper' && cash === undefined ? desk : desk.deskOf(account, cash);
    return { ...desk, ...own };
  };
  type Desk = Awaited<ReturnType<typeof start>>;
  const look = async (desk: Desk) => {
    await desk.sessions.current(testContext.metadata);
    for (const { stream } of await desk.sessions.open()) await desk.routing.step(stream);
  };
  const dates = days.map(({ date }) => date);
  return {
    store,
    market,
    start,
    look,
    /** Goes to a bar of a day, and some seconds into it; the clock knows trading hours alone. */
    goTo: (day: number, bar: number, seconds = 0) => {
      const spent = days
        .slice(0, day)
        .reduce((sum, { openMs, closeMs }) => sum + closeMs - openMs, 0);
      ms = spent + bar * barMs + seconds * 1_000;
    },
    /** Past the last bar of all. */
    goToEnd: () => {
      ms = days.reduce((sum, { openMs, closeMs }) => sum + closeMs - openMs, 0) + 60_000;
    },
    place: (
      desk: Desk,
      input: Omit<Partial<Parameters<Desk['order']>[0]>, 'symbol'> & {
        readonly symbol: string;
        readonly shares: number;
      },
    ) => {
      const { symbol, shares, ...rest } = input;
      return desk.handlers.PlaceOrder(
        {
          ...({ side: 'buy', order_type: 'market', time_in_force: 'day' } as const),
          ...{ ...rest, symbol: symbol as Ticker, qty: quantity.fromShares(shares) },
        },
        testContext,
      );
    },
    events: async (day: number, account = 'paper') =>
      (await store.readStream(`session-${account}-${dates[day]}` as StreamName)).map((each) =>
        decodeEvent(sessionEvents, each),
      ),
  };
};
