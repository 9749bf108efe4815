import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InputOf } from '@sentinel/contracts';
import {
  type EventId,
  type EventMetadata,
  type Json,
  type LogPosition,
  type RequestContext,
  streamName,
} from '@sentinel/contracts/kernel';
import type { Timeframe } from '@sentinel/contracts/market';
import { regimeQueries } from '@sentinel/contracts/regime';
import { memoryEventStore } from '@sentinel/infra/event-store/memory';
import { describe, expect, test } from 'vitest';
import { noon, ticker } from '../samples/events.ts';
import { foldTo, houseOn } from '../samples/house.ts';
import { sampleId } from '../samples/ids.ts';
import { regimeQueryHandlers } from './classifications.ts';

const context: RequestContext = {
  metadata: {} as EventMetadata,
  signal: new AbortController().signal,
  progress: () => undefined,
};
const metadata = {
  principal: 'local:test',
  client: 'test',
  tool: 'test',
  correlationId: 'test',
  causationId: 'test',
};

/** A payload as an older or the present program stored it. */
const stored = (schemaVersion: number): { readonly [member: string]: Json } =>
  JSON.parse(
    readFileSync(
      join(
        import.meta.dirname,
        `../../../contracts/corpus/RegimeClassified.v${schemaVersion}.json`,
      ),
      'utf8',
    ),
  );

type Told = {
  readonly symbol: string;
  readonly timeframe?: Timeframe;
  readonly schemaVersion?: number;
};

/** What the log tells of these classifications, one after the other. */
const given = async (...told: readonly Told[]) => {
  const eventStore = memoryEventStore({ now: () => noon });
  for (const [n, { symbol, timeframe = '1Day', schemaVersion = 2 }] of told.entries()) {
    const data = { ...stored(schemaVersion), symbol, timeframe };
    const id = sampleId(n + 1) as EventId;
    const event = { id, type: 'RegimeClassified', schemaVersion, data, metadata };
    await eventStore.appendToStream(streamName('regime', symbol), [event], 'any');
  }
  const house = houseOn(eventStore);
  await foldTo(house, BigInt(told.length) as LogPosition);
  const { ListClassifications } = regimeQueryHandlers(house);
  return async (input: Partial<InputOf<'ListClassifications'>> = {}) => {
    const wanted = { symbol: ticker('NVDA'), limit: 20, ...input };
    const outcome = await ListClassifications(wanted, context);
    if (!outcome.ok) throw new Error(outcome.refusal.message);
    expect(() => regimeQueries.ListClassifications.output.encode(outcome.value)).not.toThrow();
    return outcome.value;
  };
};

describe('past classifications', () => {
  test('are those of one symbol, newest first, each with its event and what it rests on', async () => {
    const ask = await given({ symbol: 'NVDA' }, { symbol: 'MSFT' }, { symbol: 'NVDA' });
    const { classifications, as_of_position, next_cursor } = await ask();
    expect(classifications.map(({ event_id }) => event_id)).toEqual([sampleId(3), sampleId(1)]);
    expect(classifications[0]).toMatchObject({
      symbol: 'NVDA',
      label: 'trending_bull',
      confidence: 0.65,
      tradeability: 0.8,
      volatility_state: 'normal',
      source: 'mock',
      bars_digest: 'ab'.repeat(32),
      policy_version: 'regime-2',
    });
    expect(as_of_position).toBe('3');
    expect(next_cursor).toBeNull();
    expect((await ask({ symbol: ticker('AAPL') })).classifications).toEqual([]);
  });

  test('of the first version are lifted where they are folded: the model was not asked', async () => {
    const ask = await given({ symbol: 'NVDA', schemaVersion: 1 });
    expect((await ask()).classifications).toMatchObject([
      { label: 'trending_bull', volatility_state: null, policy_version: 'regime-1' },
    ]);
  });

  test('narrow to a timeframe, and page without losing or doubling any', async () => {
    const told = Array.from(
      { length: 23 },
      (_, n) =>
        ({
          symbol: n % 3 === 0 ? 'MSFT' : 'NVDA',
          timeframe: n % 2 === 0 ? '1Day' : '5Min',
        }) as const,
    );
    const ask = await given(...told);
    const wanted = told
      .flatMap((one, n) =>
        one.symbol === 'NVDA' && one.timeframe === '5Min' ? [sampleId(n + 1)] : [],
      )
      .reverse();
    const found: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const page = await ask({
        timeframe: '5Min',
        limit: 3,
        ...(cursor !== undefined && { cursor }),
      });
      found.push(...page.classifications.map(({ event_id }) => event_id));
      cursor = page.next_cursor ?? undefined;
      if (cursor === undefined) break;
    }
    expect(found).toEqual(wanted);
    expect((await ask({ limit: 100 })).classifications).toHaveLength(15);
  });
});
