import {
  type EventId,
  type EventStore,
  EventStoreUnavailable,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, systemClock } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { readPages } from './read-pages.ts';

const stream = streamName('long', 'one');
const metadata = {
  principal: 'test',
  client: 'test',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};

const storeOf = async (count: number): Promise<EventStore> => {
  const store = memoryEventStore({ now: systemClock });
  const newId = monotonicIds();
  for (let n = 0; n < count; n++) {
    const event = { id: newId() as EventId, type: 'Counted', schemaVersion: 1, data: n, metadata };
    await store.appendToStream(stream, [event], 'any');
  }
  return store;
};

const versionsFrom = async (store: Pick<EventStore, 'readStream'>, from?: bigint) => {
  const pages: (readonly bigint[])[] = [];
  for await (const page of readPages(store, stream, from as StreamVersion | undefined))
    pages.push(page.map(({ version }) => version));
  return pages;
};

/** A store whose reads fail from the n-th on. */
const failingAt = (store: EventStore, n: number): Pick<EventStore, 'readStream'> => {
  let reads = 0;
  return {
    readStream: async (...call) => {
      if (++reads >= n) throw new EventStoreUnavailable('it is gone');
      return store.readStream(...call);
    },
  };
};

describe('a stream read in pages', () => {
  test.each([0, 1, 99, 100, 101, 200, 250])('is whole and in order: %i events', async (count) => {
    const pages = await versionsFrom(await storeOf(count));
    expect(pages.flat()).toEqual(Array.from({ length: count }, (_, n) => BigInt(n)));
    expect(pages.every(({ length }) => length > 0 && length <= 100)).toBe(true);
  });

  test('begins where it is told to', async () => {
    expect((await versionsFrom(await storeOf(250), 248n)).flat()).toEqual([248n, 249n]);
    expect(await versionsFrom(await storeOf(250), 250n)).toEqual([]);
  });

  test('tells of a page that cannot be read, after those that could', async () => {
    const seen: number[] = [];
    const reading = async () => {
      for await (const page of readPages(failingAt(await storeOf(250), 3), stream))
        seen.push(page.length);
    };
    await expect(reading()).rejects.toBeInstanceOf(EventStoreUnavailable);
    expect(seen).toEqual([100, 100]);
  });

  test('leaves no failure behind for whoever stopped reading before it', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    for await (const _ of readPages(failingAt(await storeOf(250), 2), stream)) break;
    // What nobody has taken up by the end of a turn is told then; the second page fails in the first.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });
});
