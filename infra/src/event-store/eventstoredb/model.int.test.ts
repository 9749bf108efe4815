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
import {
  metadata,
  outcomeOf,
  readBehind,
  sampleEvent,
} from '../../contract-tests/event-store/samples.ts';
import { systemClock } from '../../runtime/clock.ts';
import { newId } from '../../runtime/ids.ts';
import { memoryEventStore } from '../memory/memory-event-store.ts';
import { appendFaults, type FakeOrder, readFaults } from './fake/faults.ts';
import { openTestFake, type TestFake } from './fake/open-test-fake.ts';

let fake: TestFake;
let store: EventStore;
beforeAll(async () => {
  fake = await openTestFake();
  store = await fake.open();
});
afterAll(() => fake.dispose());

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
const again = fc.array(
  fc.record({
    id: fc.nat(5),
    data: fc.constantFrom(1, 1, 1, 2),
    type: fc.constantFrom('A', 'A', 'A', 'B'),
  }),
  { minLength: 1, maxLength: 3 },
);
let fresh = 100;
const append: fc.Arbitrary<Append> = fc
  .record({
    stream: fc.nat(2),
    expected,
    events: fc.option(again, { freq: 3 }),
    count: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ count, events, ...rest }) => ({
    ...rest,
    events: events ?? Array.from({ length: count }, () => ({ id: fresh++, data: 1, type: 'A' })),
  }));
const fault: fc.Arbitrary<FakeOrder> = fc.oneof(
  fc.constantFrom(...appendFaults).map((what) => ({ do: 'fault', on: 'append', what }) as const),
  fc.constantFrom(...readFaults).map((what) => ({ do: 'fault', on: 'read', what }) as const),
  fc.constant({ do: 'restart', downMs: 10 } as const),
  fc.constant({ do: 'append', stream: 'orders-1', type: 'OrderPlaced' } as const),
);
const round = fc.record({
  faults: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(fault, { maxLength: 2 })),
  appends: fc.array(append, { minLength: 1, maxLength: 6 }),
});
type Round = typeof round extends fc.Arbitrary<infer Value> ? Value : never;

/** Sends rounds of appends, those of a round all at once; answers the outcomes and what then stands. */
const play = async (
  played: EventStore,
  rounds: readonly Round[],
  { idOf, lay }: { idOf: (name: string) => EventId; lay: (order: FakeOrder) => Promise<unknown> },
) => {
  const before = await played.lastPosition();
  const outcomes: unknown[] = [];
  for (const { faults, appends } of rounds) {
    for (const order of faults) await lay(order);
    const answers = appends.map(({ stream, expected: at, events }) => {
      const named = events.map(
        ({ id, data, type }): NewEvent => ({
          ...{ id: idOf(`${stream} ${id}`), type, schemaVersion: 1, data, metadata },
        }),
      );
      return played.appendToStream(streamName('model', idOf(`${stream}`)), named, at).then(
        ({ version, repeated }) => ({ version, repeated }),
        (error: Error) => `${error.name}: ${error.message}`,
      );
    });
    outcomes.push(...(await Promise.all(answers)));
  }
  const log = (await readBehind(played, before))
    .map(({ recordedAt: _, logPosition: __, ...event }) => event)
    .toSorted((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0));
  return { outcomes, log };
};

test('answers any sequence of appends as the memory store does, whatever fails in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 5 }), async (rounds) => {
      const ids = new Map<string, EventId>();
      const idOf = (name: string) => {
        const known = ids.get(name) ?? (newId() as EventId);
        ids.set(name, known);
        return known;
      };
      const memory = memoryEventStore({ now: systemClock });
      const model = await play(memory, rounds, { idOf, lay: async () => undefined });
      const played = await play(store, rounds, { idOf, lay: fake.order });
      await fake.order({ do: 'calm' });
      expect(played).toEqual(model);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('two processes that append to one stream lose nothing and write nothing twice', async () => {
  const other = await fake.open();
  const stream = streamName('race', newId());
  const taken: string[] = [];
  const race = async (writer: EventStore) => {
    for (let turn = 0; turn < 20; turn++) {
      const event = sampleEvent({ turn });
      if (turn % 5 === 0)
        await fake.order({ do: 'fault', on: 'append', what: appendFaults[turn % 4] ?? 'slow' });
      const outcome = await outcomeOf(writer.appendToStream(stream, [event], 'any'));
      if (typeof outcome !== 'string') taken.push(`${outcome.version} ${event.id}`);
    }
  };
  await Promise.all([race(store), race(other), race(other)]);
  const stands = (await store.readStream(stream)).map(({ version, id }) => `${version} ${id}`);
  expect(taken).toHaveLength(60);
  expect(stands.toSorted()).toEqual(taken.toSorted());
});
