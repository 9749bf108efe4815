import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InputOf } from '@sentinel/contracts';
import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventMetadata,
  type EventOf,
  type EventStore,
  type LogPosition,
  money,
  type Price,
  price,
  quantity,
  type RecordedEvent,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { parseConfig, riskLimitsOf } from '@sentinel/infra/config';
import { memoryEventStore, openPostgresEventStore } from '@sentinel/infra/event-store';
import { historicalMarketData } from '@sentinel/infra/market-data';
import { createTestDatabase, migrate } from '@sentinel/infra/postgres';
import { monotonicIds, sha256, systemClock } from '@sentinel/infra/runtime';
import { reExecute, replaySession } from '@sentinel/services/audit';
import {
  backtest,
  meetBar,
  type SessionEvent,
  type SessionState,
  sessionDecider,
  tradingDesk,
  tradingFloor,
} from '@sentinel/services/execution';
import { ema, marketBars } from '@sentinel/services/market';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const symbol = 'AAPL' as Ticker;
const example = join(import.meta.dirname, '../../docs/examples/bars/AAPL.csv');
let directory = '';

/** What Apple paid in those two years, by ex-date. */
const dividends = `symbol,date,amount
AAPL,2015-05-07,0.52
AAPL,2015-08-06,0.52
AAPL,2015-11-05,0.52
AAPL,2016-02-04,0.52
AAPL,2016-05-05,0.57
AAPL,2016-08-04,0.57
AAPL,2016-11-03,0.57
AAPL,2017-02-09,0.57
`;
const metadata: EventMetadata = {
  principal: 'local:test',
  client: 'test',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};
const context = { metadata, signal: new AbortController().signal, progress: () => undefined };

const openMarket = async () => {
  let ms = 0;
  const market = await historicalMarketData({
    directory,
    speed: 1,
    start: Temporal.Instant.from('2015-02-18T14:40:00Z'),
    monotonicMs: () => ms,
  });
  return { market, pass: (minutes: number) => (ms += minutes * 60_000) };
};

const deskOn = (
  eventStore: EventStore,
  market: Awaited<ReturnType<typeof openMarket>>['market'],
) => {
  const floor = tradingFloor({
    eventStore,
    market,
    findStrategy: async () => undefined,
    findSignal: async () => undefined,
    newId: monotonicIds(),
    digest: sha256,
    codeDigest: sha256('code'),
    now: market.now,
  });
  const desk = tradingDesk(floor, {
    account: 'paper',
    startingCash: money.of('100000'),
    venue: {
      seed: 7,
      latencyMs: 50,
      slippageBps: 5,
      feeSchedule: 'us-equity-1',
      bars: '1Day',
    },
  });
  return { ...floor, ...desk };
};

const limits = () => {
  const config = parseConfig({ MAX_POSITION_PCT: '0.2', MAX_TRADE_RISK_PCT: '0.02' });
  if (!config.ok) throw new Error(config.refusal.message);
  return riskLimitsOf(config.value);
};

const away = (close: number, share: number): Price =>
  price.toTick(price.fromFloat(close * (1 + share)), 'down');

/** An order of another kind for each third day, with the trend, always with a stop and a target. */
const orderOn = (closes: Float64Array, day: number): InputOf<'PlaceOrder'> => {
  const close = closes.at(-1) as number;
  const rises = close > (ema(closes, 20).at(-1) as number);
  const sign = rises ? 1 : -1;
  const common = {
    symbol,
    side: rises ? ('buy' as const) : ('sell_short' as const),
    qty: quantity.fromShares(20 + (day % 7)),
    stop_loss: away(close, -0.03 * sign),
    take_profit: away(close, 0.04 * sign),
  };
  switch (day % 3) {
    case 0:
      return { ...common, order_type: 'market', time_in_force: 'gtc' };
    case 1:
      return {
        ...common,
        order_type: 'limit',
        limit_price: away(close, -0.01 * sign),
        time_in_force: 'gtc',
      };
    default:
      return {
        ...common,
        order_type: 'stop',
        stop_price: away(close, 0.005 * sign),
        time_in_force: 'gtc',
      };
  }
};

/** Every day one order as long as nothing is held; after three weeks everything is canceled and sold. */
const trader = ({
  desk,
  market,
}: {
  readonly desk: ReturnType<typeof deskOn>;
  readonly market: Awaited<ReturnType<typeof openMarket>>['market'];
}) => {
  let day = 0;
  return async (): Promise<void> => {
    day += 1;
    const { close } = await market.bars(symbol, { timeframe: '1Day', limit: 60 });
    if (close.length < 25) return;
    const current = await desk.sessions.current(metadata);
    if (!current.ok) throw new Error(current.refusal.code);
    const { state } = await desk.sessions.load(current.value);
    if (state.phase === 'unopened') return;
    const held = state.positions.get(symbol)?.quantity ?? 0n;
    if (day % 15 === 0) {
      for (const { orderId } of state.working.values())
        await desk.handlers.CancelOrder({ order_id: orderId, reason: 'three weeks' }, context);
      return;
    }
    if (day % 15 === 1 && held !== 0n) {
      const qty = quantity.absolute(held as never);
      const side = held > 0n ? 'sell' : 'buy';
      await desk.handlers.PlaceOrder(
        { symbol, side, qty, order_type: 'market', time_in_force: 'gtc' },
        context,
      );
      return;
    }
    if (held === 0n) await desk.handlers.PlaceOrder(orderOn(close, day), context);
  };
};

const lived = async (eventStore: EventStore, lookEveryMinutes: number) => {
  const { market, pass } = await openMarket();
  const desk = deskOn(eventStore, market);
  await desk.open(limits());
  const sessions = await backtest({
    desk,
    market,
    pass,
    lookEveryMinutes,
    decideAfterMinutes: 10,
    decide: trader({ desk, market }),
    mostLooks: 60_000,
    metadata: () => metadata,
  });
  const log: RecordedEvent[] = [];
  for (let after = 0n as LogPosition; ; ) {
    const page = await eventStore.readAll({ after, maxCount: 1_000 });
    log.push(...page);
    const end = page.at(-1);
    if (end === undefined) return { sessions, log };
    after = end.logPosition;
  }
};

const isSession = ({ stream }: RecordedEvent) => stream.startsWith('session-');
const decoded = (log: readonly RecordedEvent[]) =>
  log.filter(isSession).map((recorded) => decodeEvent(sessionEvents, recorded));

/** What was decided and what was filled, ids aside: they are drawn anew each time. */
const story = (log: readonly RecordedEvent[]) =>
  decoded(log).flatMap((event: EventOf<typeof sessionEvents>): readonly string[] => {
    switch (event.type) {
      case 'RiskAssessed':
        return [`${event.data.at} ${event.data.outcome} ${event.data.resultDigest}`];
      case 'OrderPartiallyFilled':
      case 'OrderFilled': {
        const { at, side, lastQuantity, lastPrice, fees, cash } = event.data;
        return [`${at} ${event.type} ${side} ${lastQuantity} ${lastPrice} ${fees} ${cash}`];
      }
      case 'OrderCanceled':
      case 'OrderExpired':
      case 'OrderTriggered':
        return [`${event.data.at} ${event.type}`];
      default:
        return [];
    }
  });

describe('the same 500 real bars', () => {
  let close: () => Promise<void>;
  let paper: Awaited<ReturnType<typeof lived>>;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sentinel-bars-'));
    await copyFile(example, join(directory, 'AAPL.csv'));
    await writeFile(join(directory, 'dividends.csv'), dividends);
    const { connectionString, drop } = await createTestDatabase();
    await migrate(connectionString);
    const log = { info: () => undefined, warn: () => undefined };
    const store = await openPostgresEventStore({ connectionString, now: systemClock, log });
    close = async () => {
      await store.close();
      await drop();
      await rm(directory, { recursive: true });
    };
    // On paper the desk looks at the market many times a day, as the running program does.
    paper = await lived(store, 30);
  }, 240_000);
  afterAll(() => close());

  test('are traded on paper, with orders of all kinds filled and denied', () => {
    expect(paper.sessions).toBeGreaterThan(450);
    const types = new Map<string, number>();
    for (const { type } of decoded(paper.log)) types.set(type, (types.get(type) ?? 0) + 1);
    expect(types.get('OrderFilled')).toBeGreaterThan(100);
    expect(types.get('OrderTriggered')).toBeGreaterThan(20);
    expect(types.get('OrderCanceled')).toBeGreaterThan(50);
    expect(types.get('BorrowFeeCharged')).toBeGreaterThan(5);
    expect(types.get('CorporateActionApplied')).toBeGreaterThan(3);
  });

  test('give a backtest the same decisions and fills, one look a day into a store in memory', async () => {
    const tested = await lived(memoryEventStore({ now: systemClock }), 390);
    expect(story(tested.log)).toEqual(story(paper.log));
  }, 120_000);

  test('give a replay of the log the same decisions and fills', async () => {
    const { market } = await openMarket();
    const decider = sessionDecider(sha256);
    const bars = await allBars(market);
    let [assessed, met] = [0, 0];
    for (const events of sessionsOf(paper.log)) {
      let state: SessionState = decider.initialState;
      for (let n = 0; n < events.length; ) {
        const { event, byVenue } = events[n] as (typeof events)[number];
        if (event.type === 'RiskAssessed' && state.phase === 'open') {
          expect(reExecute(event.data, state, sha256).result).toBe('equal');
          assessed += 1;
        }
        let again: readonly SessionEvent[] = [event];
        // The venue answers as soon as an order arrives, and sees no bar for that.
        const isOfBar = byVenue && event.type !== 'OrderAccepted';
        const bar = isOfBar ? barOf(event, bars) : undefined;
        if (bar !== undefined && state.phase === 'open') {
          // All that came of a bar was recorded together, and comes of it again.
          const session = market.session(bar.start);
          const { reports } = meetBar({ bar, session }, state, sha256);
          const decision = decider.decide({ type: 'ReportVenue', reports }, state);
          again = decision.ok ? decision.value : [];
          expect(events.slice(n, n + again.length).map((each) => each.event)).toEqual(again);
          expect(again.length).toBeGreaterThan(0);
          met += again.length;
        }
        for (const each of again) state = decider.evolve(state, each);
        n += again.length;
      }
    }
    expect(assessed).toBe(decoded(paper.log).filter(({ type }) => type === 'RiskAssessed').length);
    expect(met).toBeGreaterThan(400);
  }, 120_000);

  test('are equal when each session is executed again, the books of the last one included', () => {
    const { evolve, initialState } = sessionDecider(sha256);
    let previous: Parameters<typeof replaySession>[1]['previous'];
    const streams = Map.groupBy(paper.log.filter(isSession), ({ stream }) => stream);
    for (const [stream, records] of streams) {
      const entries = records.map((recorded) => ({
        ...{ id: recorded.id, older: false },
        event: decodeEvent(sessionEvents, recorded) as SessionEvent,
      }));
      const replay = replaySession(entries, { digest: sha256, previous });
      expect(replay.firstDifference).toBe(null);
      expect([...replay.taken]).toEqual([]);
      const state = entries.reduce<SessionState>((b, { event }) => evolve(b, event), initialState);
      if (state.phase === 'unopened') throw new Error(`${stream} was never opened`);
      previous = { stream, session: state };
    }
    expect(streams.size).toBeGreaterThan(400);
  }, 120_000);
});

const allBars = async (market: Awaited<ReturnType<typeof openMarket>>['market']) => {
  // The files once more, from their end.
  const { market: ended, pass } = await openMarket();
  pass(1e6);
  const series = await ended.bars(symbol, { timeframe: '1Day', limit: 5_000 });
  return marketBars(series, { from: 0, market });
};

/** The bar that an event of the venue came of. */
const barOf = ({ data }: SessionEvent, bars: Awaited<ReturnType<typeof allBars>>) => {
  const { at } = data as { readonly at: Temporal.Instant };
  return bars.findLast(({ start }) => start.epochNanoseconds <= at.epochNanoseconds);
};

/** Each session's events, with whether the venue said them. */
const sessionsOf = (log: readonly RecordedEvent[]) => {
  const streams = Map.groupBy(log.filter(isSession), ({ stream }) => stream);
  return [...streams.values()].map((records) =>
    records.map((recorded) => ({
      event: decodeEvent(sessionEvents, recorded) as SessionEvent,
      byVenue: recorded.metadata.tool === 'paper-venue',
    })),
  );
};
