import { type EventId, type EventStore, streamName } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pagesAround } from './pages-around.ts';

const stream = streamName('long', 'one');
const metadata = {
  ...{ principal: 'test', client: 'test', tool: 'test' },
  ...{ correlationId: 'c', causationId: 'c' },
};
const begin = Temporal.Instant.from('2026-03-02T14:30:00Z');

const idAt = (moment: Temporal.Instant, n = 0): string => {
  const time = moment.epochMilliseconds.toString(16).padStart(12, '0');
  const chance = n.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${chance}`;
};

/** Events each of the moment at which it was recorded, one a second where nothing else is said. */
const storeOf = async (count: number, everyMs = 1_000): Promise<EventStore> => {
  let now = begin;
  const store = memoryEventStore({ now: () => now });
  for (let n = 0; n < count; n++) {
    now = begin.add({ milliseconds: n * everyMs });
    const id = idAt(now, n) as EventId;
    const event = { id, type: 'Counted', schemaVersion: 1, data: n, metadata };
    await store.appendToStream(stream, [event], 'any');
  }
  return store;
};

/** The events read until the `n`-th is found, and how many reads that took. */
const search = async (store: EventStore, n: number, id: string) => {
  let reads = 0;
  const counting: Pick<EventStore, 'readStream'> = {
    readStream: (...call) => {
      reads += 1;
      return store.readStream(...call);
    },
  };
  for await (const page of pagesAround(counting, stream, id))
    if (page.some(({ data }) => data === n)) return reads;
  return undefined;
};

describe('what stands in a stream', () => {
  test.each([10_000, 1_000, 1])(
    'is found in a long one with few reads, one every %i ms',
    async (everyMs) => {
      const store = await storeOf(6_000, everyMs);
      for (const n of [0, 59, 60, 61, 99, 100, 101, 2_999, 3_000, 5_899, 5_900, 5_999])
        expect(
          await search(store, n, idAt(begin.add({ milliseconds: n * everyMs }))),
          `${n}`,
        ).toBeLessThan(20);
    },
  );

  test('comes once, whatever its id says of when it was made', async () => {
    const seconds = fc.integer({ min: -200_000, max: 200_000 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 450 }), seconds, async (count, at) => {
        const read: unknown[] = [];
        const id = idAt(begin.add({ seconds: at % (2 * count + 200) }));
        for await (const page of pagesAround(await storeOf(count), stream, id))
          read.push(...page.map(({ data }) => data));
        expect(read.toSorted((a, b) => Number(a) - Number(b))).toEqual([...Array(count).keys()]);
      }),
    );
  });

  test('is found by an id that says nothing of time', async () => {
    expect(await search(await storeOf(350), 349, 'an order')).toBeLessThan(10);
  });
});
