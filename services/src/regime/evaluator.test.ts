import { decodeEvent, type Sha256, streamName } from '@sentinel/contracts/kernel';
import {
  type MarketData,
  type Ticker,
  type Timeframe,
  timeframeSchema,
} from '@sentinel/contracts/market';
import { regimeEvents } from '@sentinel/contracts/regime';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { mockMarketData } from '@sentinel/infra/market-data';
import { monotonicIds, sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { evidenceLocker, findEvidence } from '../market/index.ts';
import { regimeEvaluator } from './evaluator.ts';

const metadata = {
  principal: 'local:test',
  client: 'test',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};
const symbol = 'NVDA' as Ticker;

/** A market of made-up prices that opens at half past nine in New York. */
const exchange = (now: string): MarketData => {
  const market = mockMarketData({ now: () => Temporal.Instant.from(now) });
  return {
    ...market,
    session: (at) => {
      const day = at.toZonedDateTimeISO('America/New_York').startOfDay();
      const opensAt = day.with({ hour: 9, minute: 30 }).toInstant();
      return { ...market.session(at), opensAt, closesAt: day.with({ hour: 16 }).toInstant() };
    },
  };
};

/** Evaluates once, and answers what was recorded of it. */
const evaluated = async (market: MarketData, timeframe: Timeframe) => {
  const eventStore = memoryEventStore({ now: market.now });
  const newId = monotonicIds();
  const evidence = evidenceLocker({ eventStore, newId, digest: sha256 });
  const regime = regimeEvaluator({
    ...{ eventStore, market, evidence, newId },
    codeDigest: sha256('code'),
  });
  const wanted = { symbol, timeframe, historyBars: 60, withModel: false };
  const outcome = await regime.evaluate(wanted, metadata);
  expect(outcome.ok).toBe(true);
  const [recorded] = await eventStore.readStream(streamName('regime', symbol));
  const { data } = decodeEvent(regimeEvents, recorded!);
  return {
    data,
    window: async (digest: string) => (await findEvidence(eventStore, digest as Sha256))!.content,
  };
};

const lengthMs: Readonly<Record<Timeframe, number>> = {
  '1Min': 60_000,
  '5Min': 300_000,
  '15Min': 900_000,
  '1Hour': 3_600_000,
  '1Day': 86_400_000,
};

describe('an evaluation', () => {
  const minutes = ['00:00', '07:30', '14:59', '15:00', '29:59', '59:59'];
  test.each(timeframeSchema.options.flatMap((each) => minutes.map((at) => [each, at] as const)))(
    'on %s bars at %s past the hour rests on completed bars alone, of the symbol and of the context',
    async (timeframe, at) => {
      const now = `2026-03-04T15:${at}Z`;
      const { data, window } = await evaluated(exchange(now), timeframe);
      const [bars, context] = [
        await window(data.barsDigest),
        await window(data.contextBarsDigest!),
      ];
      expect(bars).toMatchObject({ symbol, timeframe });
      expect(context.symbol).toBe('SPY');
      expect(bars.start).toHaveLength(60);
      const nowMs = Temporal.Instant.from(now).epochMilliseconds;
      for (const { start, timeframe: length } of [bars, context]) {
        expect(start.at(-1)! + lengthMs[length]).toBeLessThanOrEqual(nowMs);
        // Nor are they older than they have to be.
        expect(start.at(-1)! + 2 * lengthMs[length]).toBeGreaterThan(nowMs);
      }
      expect(data.classification.metrics.contextMovePct).not.toBeNull();
    },
  );

  test.each([
    ['winter', '2026-03-06T14:45:00Z', 'opening_noise'],
    ['summer', '2026-03-09T13:45:00Z', 'opening_noise'],
    ['summer, at the hour that it would have been in winter', '2026-03-09T14:45:00Z', undefined],
    ['winter, at the hour that it would be in summer', '2026-03-06T13:45:00Z', undefined],
  ])('D8: counts minutes from the opening in New York, in %s', async (_, now, label) => {
    const { data } = await evaluated(exchange(now), '5Min');
    const { label: found, metrics } = data.classification;
    if (label === undefined) expect(found).not.toBe('opening_noise');
    else {
      expect(found).toBe(label);
      expect(metrics.minutesSinceOpen).toBe(15);
    }
  });
});
