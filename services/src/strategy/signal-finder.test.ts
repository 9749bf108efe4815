import {
  type EventId,
  type EventMetadata,
  type EventStore,
  EventStoreCorrupt,
  encodeEvent,
  price,
  ReadStoreUnavailable,
  type SignalId,
  type StreamName,
  type StreamVersion,
  ViewParked,
} from '@sentinel/contracts/kernel';
import { regimeEvents } from '@sentinel/contracts/regime';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { type RecordedPlaces, recordedPlaces } from '../kernel/index.ts';
import { nvda } from '../risk/fixtures.ts';
import { signalFinder } from './signal-finder.ts';
import { recordSignals } from './signal-log.ts';
import { regimeOf } from './test-strategy-input.ts';

const noon = Temporal.Instant.from('2026-03-02T17:00:00Z');
const digest = sha256('bars');
const newId = monotonicIds();
const metadata: EventMetadata = {
  principal: 'local:test',
  client: 'vitest',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};
const strategyId = 'momentum_v1';

/** A store that counts the events that are read from it. */
const countingStore = () => {
  const store = memoryEventStore({ now: () => noon });
  let read = 0;
  const counting: EventStore = {
    ...store,
    readStream: async (stream, options) => {
      const events = await store.readStream(stream, options);
      read += events.length;
      return events;
    },
  };
  return { store: counting, read: () => read };
};

/** Classifies once and finds `count` signals by it; answers their ids. */
const recorded = async (
  store: EventStore,
  places: Pick<RecordedPlaces, 'remember'>,
  count: number,
) => {
  const regimeEventId = newId() as EventId;
  const stream = `regime-${nvda}` as StreamName;
  const classified = encodeEvent(regimeEvents, {
    type: 'RegimeClassified',
    data: {
      ...{ symbol: nvda, timeframe: '1Day', at: noon, source: 'mock', withModel: false },
      ...{ classification: regimeOf(), barsDigest: digest, policyVersion: 'regime-2' },
      ...{ contextSymbol: null, contextBarsDigest: null, codeDigest: digest },
    },
  });
  const event = { id: regimeEventId, ...classified, metadata };
  const { version } = await store.appendToStream(stream, [event], 'any');
  places.remember(regimeEventId, { stream, version });
  const ids = Array.from({ length: count }, () => newId() as SignalId);
  const events = ids.map((signalId) => ({
    type: 'SignalFound' as const,
    data: {
      signal: {
        ...{ signalId, strategyId, symbol: nvda, timeframe: '1Day' as const, side: 'buy' as const },
        ...{
          confidence: 0.7,
          entry: price.of('120'),
          stop: price.of('117'),
          target: price.of('126'),
        },
        ...{ maxHoldBars: 48, conditions: [], indicators: {}, barsDigest: digest },
      },
      ...{ regimeEventId, averageDailyVolume: null, source: 'mock' as const, at: noon },
      ...{ policyVersion: 'momentum-1', codeDigest: digest },
    },
  }));
  await recordSignals({ eventStore: store, newId, places }, { strategyId, events }, metadata);
  return ids;
};

/** What one look-up reads after `count` signals stand in the log. */
const costAfter = async (count: number) => {
  const { store, read } = countingStore();
  const places = recordedPlaces(async () => undefined);
  const ids = await recorded(store, places, count);
  const find = signalFinder({ eventStore: store, places });
  const before = read();
  const wanted = ids.at(Math.floor(ids.length / 2)) as SignalId;
  expect((await find(strategyId, wanted))?.signalId).toBe(wanted);
  return read() - before;
};

describe('finding a signal', () => {
  test('reads as many events from a long stream as from a short one', async () => {
    expect(await costAfter(1)).toBe(2);
    expect(await costAfter(2_000)).toBe(2);
  });

  test('asks an index for what another process recorded, and reads one event there too', async () => {
    const { store, read } = countingStore();
    const index = new Map<string, { stream: StreamName; version: StreamVersion }>();
    const remember = (id: string, place: { stream: StreamName; version: StreamVersion }) =>
      void index.set(id, place);
    const ids = await recorded(store, { remember }, 300);
    const places = recordedPlaces(async (id) => index.get(id));
    const before = read();
    const found = await signalFinder({ eventStore: store, places })(
      strategyId,
      ids[120] as SignalId,
    );
    expect(found).toMatchObject({ signalId: ids[120], label: 'trending_bull' });
    expect(read() - before).toBe(2);
  });

  test('knows nothing of an id that nobody recorded, nor of a signal of another strategy', async () => {
    const { store } = countingStore();
    const places = recordedPlaces(async () => undefined);
    const [id] = await recorded(store, places, 1);
    const find = signalFinder({ eventStore: store, places });
    expect(await find(strategyId, newId() as SignalId)).toBeUndefined();
    expect(await find('orb_v1', id as SignalId)).toBeUndefined();
    expect(await find('no such; name', id as SignalId)).toBeUndefined();
  });

  test.each([
    new ViewParked('findings', 'a payload'),
    new ReadStoreUnavailable('the database is gone'),
  ])('knows nothing while the index cannot be asked: %s', async (error) => {
    const { store } = countingStore();
    const places = recordedPlaces(() => Promise.reject(error));
    const find = signalFinder({ eventStore: store, places });
    expect(await find(strategyId, newId() as SignalId)).toBeUndefined();
  });

  test('believes no index that names another event, or none', async () => {
    const { store } = countingStore();
    const places = recordedPlaces(async () => undefined);
    const [first, second] = await recorded(store, places, 2);
    const stream = `signal-${strategyId}` as StreamName;
    for (const version of [1n, 7n]) {
      const wrong = recordedPlaces(async () => ({ stream, version: version as StreamVersion }));
      const find = signalFinder({ eventStore: store, places: wrong });
      await expect(find(strategyId, first as SignalId)).rejects.toThrow(EventStoreCorrupt);
    }
    expect(
      await signalFinder({ eventStore: store, places })(strategyId, second as SignalId),
    ).toBeDefined();
  });
});
