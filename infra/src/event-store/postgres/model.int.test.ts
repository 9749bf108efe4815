import {
  type EventId,
  type EventStore,
  type ExpectedVersion,
  type NewEvent,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { metadata, readBehind } from '../../contract-tests/event-store/samples.ts';
import { systemClock } from '../../runtime/clock.ts';
import { newId } from '../../runtime/ids.ts';
import { memoryEventStore } from '../memory/memory-event-store.ts';
import { openTestStore } from './open-test-store.ts';

let under: Awaited<ReturnType<typeof openTestStore>>;
beforeAll(async () => {
  under = await openTestStore();
});
afterAll(() => under.dispose());

type Append = {
  readonly stream: number;
  readonly expected: ExpectedVersion;
  readonly events: readonly { readonly id: number; readonly data: number; readonly type: string }[];
};

// Small pools, so that versions are missed, ids come again, and payloads differ, all of it often.
const expected: fc.Arbitrary<ExpectedVersion> = fc.oneof(
  fc.constantFrom('any' as const, 'no-stream' as const),
  fc.bigInt({ min: 0n, max: 6n }).map((version) => version as StreamVersion),
);
const events = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.record({
        id: fc.nat(5),
        data: fc.constantFrom(1, 1, 1, 2),
        type: fc.constantFrom('A', 'A', 'A', 'B'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  },
);
let fresh = 100;
const append: fc.Arbitrary<Append> = fc
  .record({ stream: fc.nat(2), expected, events, count: fc.integer({ min: 1, max: 3 }) })
  .map(({ count, events: again, ...rest }) => ({
    ...rest,
    events: again ?? Array.from({ length: count }, () => ({ id: fresh++, data: 1, type: 'A' })),
  }));

/** Sends rounds of appends, those of a round all at once, and answers every outcome, places relative to the start. */
const play = async (
  store: EventStore,
  rounds: readonly (readonly Append[])[],
  idOf: (id: number) => EventId,
) => {
  const base = await store.lastPosition();
  const outcomes: unknown[] = [];
  for (const round of rounds) {
    const answers = round.map(async ({ stream, expected: at, events: of }) => {
      const named = of.map(
        ({ id, data, type }): NewEvent => ({
          id: idOf(id),
          type,
          schemaVersion: 1,
          data,
          metadata,
        }),
      );
      return store.appendToStream(streamName('model', `${idOf(stream)}`), named, at).then(
        ({ logPosition, ...result }) => ({ ...result, offset: logPosition - base }),
        (error: Error) => `${error.name}: ${error.message}`,
      );
    });
    outcomes.push(...(await Promise.all(answers)));
  }
  const log = (await readBehind(store, base)).map(({ recordedAt: _, logPosition, ...event }) => ({
    ...event,
    offset: logPosition - base,
  }));
  return { outcomes, log };
};

test('answers any sequence of concurrent appends exactly as the memory store does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(append, { minLength: 1, maxLength: 10 }), { minLength: 1, maxLength: 8 }),
      async (rounds) => {
        const ids = new Map<number, EventId>();
        const idOf = (id: number) => {
          const known = ids.get(id) ?? (newId() as EventId);
          ids.set(id, known);
          return known;
        };
        const model = await play(memoryEventStore({ now: systemClock }), rounds, idOf);
        expect(await play(under.store, rounds, idOf)).toEqual(model);
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);
