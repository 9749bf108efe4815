import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import {
  type EventStore,
  EventStoreCorrupt,
  type LogPosition,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  follow,
  freshStream,
  outcomeOf,
  readBehind,
  sampleEvent,
  sampleEvents,
} from '../../contract-tests/event-store/samples.ts';
import { appendFaults, feedFaults, readFaults } from './fake/faults.ts';
import { openTestFake, type TestFake } from './fake/open-test-fake.ts';
import { openEventStoreDb } from './open-eventstoredb.ts';

let fake: TestFake;
let store: EventStore;
beforeAll(async () => {
  fake = await openTestFake();
  store = await fake.open();
});
afterEach(() => fake.order({ do: 'calm' }));
afterAll(() => fake.dispose());

const version = (value: bigint) => value as StreamVersion;

describe('an append that meets a fault', () => {
  const cases = appendFaults.flatMap((fault) =>
    (['no-stream', 'any'] as const).map((expected) => ({ fault, expected })),
  );
  test.each(cases)('stands once after $fault, expecting $expected', async ({ fault, expected }) => {
    const stream = freshStream();
    const events = sampleEvents(3);
    const before = await fake.order({ do: 'fault', on: 'append', what: fault });
    const result = await store.appendToStream(stream, events, expected);
    expect(await fake.order({ do: 'calm' })).toBe(before + 1);
    expect(result).toMatchObject({ version: 2n, repeated: false });
    const stands = await store.readStream(stream);
    expect(stands.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(stands.at(-1)?.logPosition).toBe(result.logPosition);
    const next = await store.appendToStream(stream, [sampleEvent()], version(2n));
    expect(next.version).toBe(3n);
  });

  test('ends in time when the server never answers, and can be repeated', async () => {
    const impatient = await fake.open({ appendMs: 300 });
    const stream = freshStream();
    const events = sampleEvents(2);
    for (let times = 0; times < 10; times++)
      await fake.order({ do: 'fault', on: 'append', what: 'silent-after' });
    const begun = performance.now();
    expect(await outcomeOf(impatient.appendToStream(stream, events, 'any'))).toBe(
      'EventStoreUnavailable',
    );
    expect(performance.now() - begun).toBeLessThan(2_000);
    await fake.order({ do: 'calm' });
    expect(await impatient.appendToStream(stream, events, 'any')).toMatchObject({
      version: 1n,
      repeated: true,
    });
    expect(await store.readStream(stream)).toHaveLength(2);
  });

  test('hears at once of a call that breaks off, not when its time is up', async () => {
    const patient = await fake.open({ callMs: 120_000, appendMs: 120_000 });
    for (const what of ['cut-before', 'cut-after', 'refused'] as const) {
      await fake.order({ do: 'fault', on: 'append', what });
      const result = patient.appendToStream(freshStream(), sampleEvents(2), 'no-stream');
      expect(await result).toMatchObject({ version: 1n, repeated: false });
    }
  });

  test('of a race over a doubt the loser hears that it has lost', async () => {
    const other = await fake.open();
    const stream = freshStream();
    await fake.order({ do: 'fault', on: 'append', what: 'silent-before' });
    const doubted = outcomeOf(store.appendToStream(stream, sampleEvents(2), 'no-stream'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await other.appendToStream(stream, sampleEvents(1), 'no-stream');
    expect(await doubted).toBe('WrongExpectedVersion');
    expect(await store.readStream(stream)).toHaveLength(1);
  });
});

test('a cluster of which nobody answers is given up in time', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const begun = performance.now();
  const url = `esdb://127.0.0.1:${port},127.0.0.1:${port}?tls=false`;
  const opening = openEventStoreDb({ url, callMs: 100 });
  await expect(opening).rejects.toThrow('does not answer');
  expect(performance.now() - begun).toBeLessThan(6_000);
  silent.close();
});

describe('what another process has written', () => {
  test.each(['no-stream', 'any'] as const)(
    'is repeated, or is a conflict, after a restart as well, expecting %s',
    async (expected) => {
      const stream = freshStream();
      const events = sampleEvents(2);
      const first = await store.appendToStream(stream, events, expected);
      await fake.order({ do: 'restart', downMs: 20 });
      const other = await fake.open();
      expect(await other.appendToStream(stream, events, expected)).toEqual({
        ...first,
        repeated: true,
      });
      const changed = events.map((event) => ({ ...event, data: 'changed' }));
      const third = await fake.open();
      expect(await outcomeOf(third.appendToStream(stream, changed, expected))).toBe(
        'EventIdConflict',
      );
      expect(await other.readStream(stream)).toHaveLength(2);
    },
  );

  test('is met where it was just written, once its position has been seen', async () => {
    const other = await fake.open();
    const stream = freshStream();
    await store.appendToStream(stream, [sampleEvent()], 'no-stream');
    const events = sampleEvents(2);
    const first = await other.appendToStream(stream, events, version(0n));
    expect(await store.lastPosition()).toBe(first.logPosition);
    const again = store.appendToStream(stream, events, version(0n));
    expect(await again).toEqual({ ...first, repeated: true });
    const third = sampleEvents(1);
    await other.appendToStream(stream, third, version(2n));
    await store.lastPosition();
    const changed = third.map((event) => ({ ...event, data: 'changed' }));
    expect(await outcomeOf(store.appendToStream(stream, changed, version(2n)))).toBe(
      'EventIdConflict',
    );
  });

  test('moves the version that any append goes to', async () => {
    const other = await fake.open();
    const stream = freshStream();
    for (let n = 0n; n < 6n; n++) {
      const writer = n % 2n === 0n ? store : other;
      expect(await writer.appendToStream(stream, [sampleEvent()], 'any')).toMatchObject({
        version: n,
      });
    }
    expect(await outcomeOf(store.appendToStream(stream, [sampleEvent()], version(4n)))).toBe(
      'WrongExpectedVersion',
    );
  });
});

describe('a read that meets a fault', () => {
  test.each(readFaults)('%s: gives the whole answer', async (fault) => {
    const stream = freshStream();
    const { logPosition } = await store.appendToStream(stream, sampleEvents(3), 'any');
    await fake.order({ do: 'fault', on: 'read', what: fault });
    expect(await store.readStream(stream)).toHaveLength(3);
    await fake.order({ do: 'fault', on: 'read', what: fault });
    expect(await store.lastPosition()).toBe(logPosition);
  });

  test('a position where no event stands is a log that has changed', async () => {
    const { logPosition } = await store.appendToStream(freshStream(), sampleEvents(2), 'any');
    const ofAnotherLog = 7n as LogPosition;
    const between = (logPosition - 1n) as LogPosition;
    const nowhere = (logPosition - (1n << 64n) - 1n) as LogPosition;
    const beyond = (logPosition + (10_000_000n << 64n)) as LogPosition;
    for (const after of [ofAnotherLog, between, nowhere, beyond]) {
      await expect(store.readAll({ after })).rejects.toBeInstanceOf(EventStoreCorrupt);
      const following = follow(store, after, () => true);
      await expect(following).rejects.toBeInstanceOf(EventStoreCorrupt);
    }
  });
});

describe('a follower', () => {
  const others = [
    { do: 'append', stream: 'orders-1', type: 'OrderPlaced' },
    { do: 'append', stream: 'sentinel.test.session-1', type: 'OrderPlaced' },
    { do: 'append', stream: 'sentinel.session-1', type: '$streamDeleted' },
  ] as const;
  const write = async (count: number) => {
    for (let n = 0; n < count; n++) {
      for (const order of others) await fake.order(order);
      await store.appendToStream(freshStream(), sampleEvents(2), 'no-stream');
    }
  };

  test.each(feedFaults)('sees every event once over subscriptions that end: %s', async (fault) => {
    const after = await store.lastPosition();
    await write(3);
    for (let times = 0; times < 3; times++)
      await fake.order({ do: 'fault', on: 'feed', what: fault });
    const caughtUp: boolean[] = [];
    const seen: unknown[] = [];
    const stop = new AbortController();
    const last = setTimeout(() => stop.abort(), 4_000);
    const writing = new Promise((resolve) => setTimeout(resolve, 100)).then(async () => {
      await write(2);
      await fake.order({ do: 'end-feeds', how: fault });
      await write(2);
    });
    for await (const page of store.subscribeToAll(after, stop.signal)) {
      if (page.events.length === 0) caughtUp.push(page.caughtUp);
      seen.push(...page.events);
      if (seen.length >= 14) stop.abort();
    }
    clearTimeout(last);
    await writing;
    expect(seen).toEqual(await readBehind(store, after));
    expect(seen).toHaveLength(14);
    expect(caughtUp.length).toBeLessThanOrEqual(1);
  });

  test('goes on over a restart, and passes by what is not ours', async () => {
    const after = await store.lastPosition();
    const following = follow(store, after, (seen) => seen.length >= 8);
    await write(2);
    await fake.order({ do: 'restart', downMs: 150 });
    await write(2);
    expect(await following).toEqual(await readBehind(store, after));
  });
});

test('an event in a stream of ours that Sentinel did not write is an alarm, not a gap', async () => {
  const after = await store.lastPosition();
  await fake.order({ do: 'append', stream: 'sentinel.session-2', type: 'OrderPlaced' });
  await expect(store.readStream(streamName('session', '2'))).rejects.toBeInstanceOf(
    EventStoreCorrupt,
  );
  await expect(store.readAll({ after })).rejects.toBeInstanceOf(EventStoreCorrupt);
});
