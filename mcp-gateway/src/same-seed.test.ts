import { join } from 'node:path';
import { type LogPosition, money, quantity, type RecordedEvent } from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { parseConfig, riskLimitsOf } from '@sentinel/infra/config';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { historicalMarketData, mockMarketData } from '@sentinel/infra/market-data';
import { monotonicIds, sha256, systemClock } from '@sentinel/infra/runtime';
import { tradingDesk, tradingFloor } from '@sentinel/services/execution';
import { regimeEvaluator, regimeHandlers } from '@sentinel/services/regime';
import { describe, expect, test } from 'vitest';

const start = Temporal.Instant.from('2026-03-03T17:00:00Z');
const context = {
  metadata: {
    principal: 'local:test',
    client: 'test',
    tool: 'test',
    correlationId: 'c',
    causationId: 'c',
  },
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** A clock that the day's script moves, from which both kinds of market take their time. */
const handClock = () => {
  let ms = 0;
  return {
    ms: () => ms,
    now: () => start.add({ milliseconds: ms }),
    pass: (more: number) => (ms += more),
  };
};

type Script = {
  readonly market: (clock: ReturnType<typeof handClock>) => Promise<MarketData>;
  readonly symbol: Ticker;
};

/** Some days of trading by a script: orders of every kind, cancels, halts, closings. */
const live = async ({ market: open, symbol }: Script): Promise<readonly RecordedEvent[]> => {
  const clock = handClock();
  const market = await open(clock);
  const eventStore = memoryEventStore({ now: systemClock });
  const newId = monotonicIds();
  const config = parseConfig({});
  if (!config.ok) throw new Error('no configuration');
  const codeDigest = sha256('code');
  const floor = tradingFloor({
    eventStore,
    market,
    findStrategy: async () => undefined,
    findSignal: async () => undefined,
    newId,
    digest: sha256,
    codeDigest,
    now: clock.now,
  });
  const desk = tradingDesk(floor, {
    account: 'paper',
    startingCash: money.of('100000'),
    venue: { seed: 7, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' },
  });
  await floor.open(riskLimitsOf(config.value));
  const regime = regimeHandlers({
    regime: regimeEvaluator({ eventStore, market, evidence: floor.evidence, newId, codeDigest }),
  });
  const order = {
    symbol,
    side: 'buy' as const,
    order_type: 'market' as const,
    time_in_force: 'day' as const,
  };
  for (let step = 0; step < 40; step++) {
    await regime.EvaluateRegime({ symbol, timeframe: '1Day' }, context);
    await desk.handlers.ValidateTrade({ ...order, qty: quantity.fromShares(1 + step) }, context);
    const placed = await desk.handlers.PlaceOrder(
      { ...order, side: step % 3 === 2 ? 'sell' : 'buy', qty: quantity.fromShares(1 + (step % 7)) },
      context,
    );
    if (placed.ok && step % 5 === 0)
      await desk.handlers.CancelOrder(
        { order_id: placed.value.order.order_id, reason: 'script' },
        context,
      );
    if (step === 20)
      await desk.handlers.EngageHalt(
        { scope: 'symbol', target: 'MSFT', reason: 'for the script' },
        context,
      );
    for (let look = 0; look < 3; look++) {
      clock.pass(60);
      for (const { stream } of await desk.sessions.open()) await desk.routing.step(stream);
    }
    clock.pass(3_600_000);
  }
  return eventStore.readAll({ after: 0n as LogPosition, maxCount: 5000 });
};

/** The events as bytes, each id replaced by the order of its first appearance, recorded time left out. */
const bytesOf = (events: readonly RecordedEvent[]): string => {
  const seen = new Map<string, string>();
  const rename = (text: string): string =>
    text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, (id) => {
      const known = seen.get(id) ?? `id-${seen.size + 1}`;
      seen.set(id, known);
      return known;
    });
  // Digests of inputs that hold halts and orders differ with their ids, and only so.
  return events
    .map(({ id, type, schemaVersion, data, metadata, stream, version }) =>
      rename(
        JSON.stringify({ id, type, schemaVersion, data, metadata, stream, version: `${version}` }),
      ),
    )
    .join('\n')
    .replace(/"inputsDigest":"[0-9a-f]{64}"/g, '"inputsDigest":"…"');
};

const scripts: Readonly<Record<string, Script>> = {
  'the mock market': {
    symbol: 'NVDA' as Ticker,
    market: async (clock) => mockMarketData({ now: clock.now, seed: 11 }),
  },
  'historical bars': {
    symbol: 'AAPL' as Ticker,
    market: (clock) =>
      historicalMarketData({
        directory: join(import.meta.dirname, '..', '..', 'docs', 'examples', 'bars'),
        speed: 1,
        monotonicMs: clock.ms,
      }),
  },
};

describe.each(Object.entries(scripts))('the same seed and the same bars on %s', (_, script) => {
  test('give the same events twice, byte for byte but for ids and recorded time', async () => {
    const first = await live(script);
    const second = await live(script);
    expect(first.filter(({ type }) => type === 'OrderFilled').length).toBeGreaterThan(5);
    expect(first.filter(({ type }) => type === 'SessionClosed').length).toBeGreaterThan(0);
    expect(bytesOf(second)).toBe(bytesOf(first));
    expect(first.map(({ id }) => id)).not.toEqual(second.map(({ id }) => id));
  });
});
