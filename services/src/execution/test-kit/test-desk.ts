import type { InputOf } from '@sentinel/contracts';
import type { VenueTerms } from '@sentinel/contracts/execution';
import {
  type Digest,
  type EventMetadata,
  type EventStore,
  money,
  type RequestContext,
  type Sha256,
  type Timer,
} from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { RiskLimits } from '@sentinel/contracts/risk';
import { expect, onTestFinished } from 'vitest';
import { derivedId, type WorkflowStep } from '../../kernel/index.ts';
import { ordinaryLimits } from '../../risk/fixtures.ts';
import type { CountOrder, FindStrategy } from '../../risk/index.ts';
import { replayLog } from '../../test-replay-log.ts';
import { tradingDesk, tradingFloor } from '../desk.ts';
import { realTimers, slowMarket, type Timers } from './slow-market.ts';
import { stillMarket } from './still-market.ts';

export const tuesdayNoon = Temporal.Instant.from('2026-03-03T17:00:00Z');

/** A digest for tests: not SHA-256, but as long, and different for different texts. */
export const testDigest: Digest = (text) => {
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193) >>> 0;
    b = Math.imul(b + text.charCodeAt(i), 0x85ebca6b) >>> 0;
  }
  return `${a.toString(16).padStart(8, '0')}${b.toString(16).padStart(8, '0')}`.repeat(4) as Sha256;
};

/** Ids 1, 2, 3 … in the shape of UUIDs, so that two equal runs give equal events. */
const countedIds = (prefix = '0189') => {
  let count = 0;
  return () => `${prefix}0000-0000-7000-8000-${(++count).toString(16).padStart(12, '0')}`;
};

export const testMetadata: EventMetadata = {
  principal: 'local:test',
  client: 'vitest',
  tool: 'test',
  correlationId: 'test',
  causationId: 'test',
};

/** A yes of whoever can read the operator's key. */
export const testYes = {
  approves: true,
  by: { principal: 'operator-key:test', identifiedBy: 'operator_key', through: 'command' },
} as const;

export const testContext: RequestContext = {
  metadata: testMetadata,
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** A look of the guard at a session, as its workflow would have it. */
export const guardStep = (stream: string): Pick<WorkflowStep, 'key' | 'idFor'> => ({
  key: stream,
  idFor: (cause, purpose) =>
    derivedId(testDigest, { workflow: 'guard', key: stream, cause, purpose }),
});

type TestMarket = ReturnType<typeof stillMarket>;

/** The same market behind a line on which every answer takes so long, by the machine's timers unless told. */
export const slowed = <Market extends TestMarket>(
  still: Market,
  latencyMs: number,
  timers: Timers = realTimers,
): Market => ({
  ...still,
  market: slowMarket(still.market, { latencyMs, seed: 7, timers }),
});

/** Markets on which a desk must do the same, by how they answer. */
export const testMarkets = [
  ['at once', stillMarket],
  ['after 5 ms', (start: Temporal.Instant) => slowed(stillMarket(start), 5)],
] as const;

/** Of one test so many logs, the first: each is held until its end, and a long form writes tens of thousands. */
const mostReplayed = 200;
const replayedAtTheEnd = new WeakSet<EventStore>();
let waiting = 0;

/** Desks of tests write many logs: every session in each of them must come out the same when it is executed again. */
const replayAtTheEnd = (eventStore: EventStore): void => {
  if (replayedAtTheEnd.has(eventStore) || waiting === mostReplayed) return;
  replayedAtTheEnd.add(eventStore);
  waiting += 1;
  onTestFinished(async () => {
    waiting = 0;
    expect(await replayLog(eventStore, { digest: testDigest, mostEvents: 500 })).toEqual([]);
  });
};

/** A desk on a still market, over any event store. */
export const testDesk = (
  eventStore: EventStore,
  options: {
    readonly limits?: Partial<RiskLimits>;
    readonly still?: TestMarket;
    readonly ids?: string;
    readonly market?: MarketData;
    readonly venue?: Partial<VenueTerms>;
    readonly viewsProblem?: () => string | undefined;
    readonly countOrder?: CountOrder;
    readonly pause?: Timer['pause'];
    readonly now?: () => Temporal.Instant;
    readonly strategies?: () => Promise<readonly string[]>;
    readonly findStrategy?: FindStrategy;
    /** False over a log with other digests, or one that answers nothing at the end. */
    readonly replayed?: false;
  } = {},
) => {
  if (options.replayed !== false) replayAtTheEnd(eventStore);
  const still = options.still ?? stillMarket(tuesdayNoon);
  const floor = tradingFloor({
    eventStore,
    market: options.market ?? still.market,
    findStrategy: options.findStrategy ?? (async () => undefined),
    findSignal: async () => undefined,
    newId: countedIds(options.ids),
    digest: testDigest,
    codeDigest: testDigest('code'),
    now: options.now ?? (() => tuesdayNoon),
    pause: options.pause,
    viewsProblem: options.viewsProblem,
    countOrder: options.countOrder,
    strategies: options.strategies,
  });
  const account = (name: string, startingCash = '100000') =>
    tradingDesk(floor, {
      account: name,
      startingCash: money.of(startingCash),
      venue: {
        seed: 7,
        latencyMs: 50,
        slippageBps: 5,
        feeSchedule: 'us-equity-1',
        ...options.venue,
      },
    });
  const desk = account('paper');
  const limits = { ...ordinaryLimits, ...options.limits };
  const order = (
    input: Partial<InputOf<'PlaceOrder'>> & Pick<InputOf<'PlaceOrder'>, 'symbol' | 'qty'>,
  ) =>
    desk.handlers.PlaceOrder(
      { side: 'buy', order_type: 'market', time_in_force: 'day', ...input },
      testContext,
    );
  return { ...floor, ...desk, floor, deskOf: account, still, limits, order };
};
