import type { InputOf } from '@sentinel/contracts';
import {
  type Digest,
  type EventMetadata,
  type EventStore,
  money,
  type RequestContext,
  type Sha256,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { RiskLimits, VenueKind } from '@sentinel/contracts/risk';
import { ordinaryLimits } from '../risk/fixtures.ts';
import { tradingDesk } from './desk.ts';
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

const testMetadata: EventMetadata = {
  principal: 'local:test',
  client: 'vitest',
  tool: 'test',
  correlationId: 'test',
  causationId: 'test',
};

export const testContext: RequestContext = {
  metadata: testMetadata,
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** A desk on a still market, over any event store. */
export const testDesk = (
  eventStore: EventStore,
  options: {
    readonly limits?: Partial<RiskLimits>;
    readonly still?: ReturnType<typeof stillMarket>;
    readonly ids?: string;
    readonly viewsProblem?: () => string | undefined;
    readonly venue?: VenueKind;
  } = {},
) => {
  const still = options.still ?? stillMarket(tuesdayNoon);
  const submitted: StreamName[] = [];
  const desk = tradingDesk({
    eventStore,
    market: still.market,
    findStrategy: async () => undefined,
    findSignal: async () => undefined,
    newId: countedIds(options.ids),
    digest: testDigest,
    codeDigest: testDigest('code'),
    now: () => tuesdayNoon,
    account: 'paper',
    startingCash: money.of('100000'),
    venue: {
      seed: 7,
      latencyMs: 50,
      slippageBps: 5,
      feeSchedule: 'us-equity-1',
      ...(options.venue !== undefined && { venue: options.venue }),
    },
    viewsProblem: options.viewsProblem,
    onSubmitted: (stream) => void submitted.push(stream),
  });
  const limits = { ...ordinaryLimits, ...options.limits };
  const order = (
    input: Partial<InputOf<'PlaceOrder'>> & Pick<InputOf<'PlaceOrder'>, 'symbol' | 'qty'>,
  ) =>
    desk.handlers.PlaceOrder(
      { side: 'buy', order_type: 'market', time_in_force: 'day', ...input },
      testContext,
    );
  return { ...desk, still, limits, order };
};
