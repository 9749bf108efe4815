import {
  type EventStore,
  EventStoreUnavailable,
  type RecordedEvent,
  streamName,
} from '@sentinel/contracts/kernel';
import { afterAll, describe, expect, test } from 'vitest';
import { readBehind, sampleEvent } from '../contract-tests/event-store/samples.ts';
import { openTestFake } from '../event-store/eventstoredb/fake/open-test-fake.ts';
import { memoryEventStore } from '../event-store/index.ts';
import { openTestStore } from '../event-store/postgres/open-test-store.ts';
import { systemClock } from '../runtime/index.ts';
import { asWritten, type LogEnd, MigrationRefused } from './log-end.ts';
import { migrateLog } from './migrate-log.ts';

const disposals: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const dispose of disposals) await dispose();
});

type Kind = 'memory' | 'postgres' | 'eventstoredb';
const open: Readonly<Record<Kind, () => Promise<EventStore>>> = {
  memory: async () => memoryEventStore({ now: systemClock }),
  postgres: async () => {
    const { store, dispose } = await openTestStore();
    disposals.push(dispose);
    return store;
  },
  eventstoredb: async () => {
    const fake = await openTestFake();
    disposals.push(fake.dispose);
    return fake.open({ callMs: 5_000 });
  },
};

const endOf = async (kind: Kind): Promise<LogEnd> => ({
  name: kind,
  store: await open[kind](),
  inOrder: kind !== 'eventstoredb',
});

/** The numbers that a linear congruence gives, so that a failure can be seen again. */
const numbersFrom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
};

const streams = ['orders-1', 'orders-2', 'control', 'sessions-a'].map((name) => {
  const [category = '', id] = name.split('-');
  return streamName(category, id);
});

const fill = async ({ store }: LogEnd, events: number): Promise<void> => {
  const next = numbersFrom(events);
  for (let left = events; left > 0; ) {
    const count = Math.min(left, 1 + next(4));
    const stream = streams[next(streams.length)] ?? streams[0];
    if (stream === undefined) return;
    const some = Array.from({ length: count }, (_, n) =>
      sampleEvent({ z: left - n, text: 'Größe "4" \u0001', a: [null, 1.5] }, 'SampleTaken'),
    );
    await store.appendToStream(stream, some, 'any');
    left -= count;
  }
};

const go = (source: LogEnd, target: LogEnd, signal = new AbortController().signal) =>
  migrateLog({ source, target, signal, onProgress: () => undefined });

const texts = async ({ store }: LogEnd): Promise<readonly string[]> =>
  (await readBehind(store as EventStore, 0n as RecordedEvent['logPosition'])).map(asWritten);

/** The same log, cut off at its nth append from now: before it took it, or after. */
const cutAt = (end: LogEnd, nth: number, taken: boolean): LogEnd => {
  let left = nth;
  return {
    ...end,
    store: {
      ...end.store,
      appendToStream: async (...append) => {
        left -= 1;
        if (left > 0) return end.store.appendToStream(...append);
        if (left === 0 && taken) await end.store.appendToStream(...append);
        throw new EventStoreUnavailable('cut');
      },
    },
  };
};

describe.each<[Kind, Kind]>([
  ['memory', 'eventstoredb'],
  ['postgres', 'eventstoredb'],
  ['eventstoredb', 'postgres'],
  ['postgres', 'memory'],
])('from %s to %s', (from, to) => {
  test('a copy that is cut ten times at random places ends as the same log, byte by byte', {
    timeout: 60_000,
  }, async () => {
    const [source, target] = [await endOf(from), await endOf(to)];
    await fill(source, 700);
    const next = numbersFrom(7);
    for (let cut = 0; cut < 10; cut++) {
      const cutting = cutAt(target, 1 + next(30), next(2) === 1);
      await expect(go(source, cutting)).rejects.toThrow('cut');
    }
    const { events, found, digest } = await go(source, target);
    expect(events).toBe(700);
    expect(found).toBeGreaterThan(0);
    expect(await texts(target)).toEqual(await texts(source));
    expect(await go(source, target)).toEqual({ events, found: events, digest });
  });
});

test('a copy that is copied back has the times of the first log', async () => {
  const [first, between, last] = [
    await endOf('memory'),
    await endOf('eventstoredb'),
    await endOf('postgres'),
  ];
  await fill(first, 20);
  const there = await go(first, between);
  const back = await go(between, last);
  expect(back.digest).toBe(there.digest);
  expect(await texts(last)).toEqual(await texts(first));
});

test('a target that holds anything else is refused, and nothing is written to it', async () => {
  const [source, target] = [await endOf('postgres'), await endOf('eventstoredb')];
  await fill(source, 30);
  await target.store.appendToStream(streamName('other', '1'), [sampleEvent()], 'any');
  await expect(go(source, target)).rejects.toThrow(MigrationRefused);
  expect(await texts(target)).toHaveLength(1);
});

test('a target that holds more than the source is refused', async () => {
  const [source, target] = [await endOf('memory'), await endOf('eventstoredb')];
  await fill(source, 30);
  await go(source, target);
  await target.store.appendToStream(streamName('other', '1'), [sampleEvent()], 'any');
  await expect(go(source, target)).rejects.toThrow('its event 31 (SampleTaken in other-1)');
});

test('a target to which somebody else writes meanwhile is refused', async () => {
  const [source, target] = [await endOf('memory'), await endOf('eventstoredb')];
  await fill(source, 30);
  const disturbed: LogEnd = {
    ...target,
    store: {
      ...target.store,
      appendToStream: async (...append) => {
        await target.store.appendToStream(streamName('other', '1'), [sampleEvent()], 'any');
        return target.store.appendToStream(...append);
      },
    },
  };
  await expect(go(source, disturbed)).rejects.toThrow(MigrationRefused);
});

test('a source that grows meanwhile is said, and the next copy takes what was added', async () => {
  const [source, target] = [await endOf('memory'), await endOf('memory')];
  await fill(source, 30);
  const growing: LogEnd = {
    ...target,
    store: {
      ...target.store,
      appendToStream: async (...append) => {
        await source.store.appendToStream(streamName('control'), [sampleEvent()], 'any');
        return target.store.appendToStream(...append);
      },
    },
  };
  await expect(go(source, growing)).rejects.toThrow('was written meanwhile');
  await go(source, target);
  expect(await texts(target)).toEqual(await texts(source));
});

test('a copy that is told to stop ends between two pages, and goes on from there', async () => {
  const [source, target] = [await endOf('memory'), await endOf('memory')];
  await fill(source, 1_200);
  const stop = new AbortController();
  const copying = migrateLog({
    ...{ source, target, signal: stop.signal },
    onProgress: ({ step }) => step === 'copying' && stop.abort(new Error('stopped')),
  });
  await expect(copying).rejects.toThrow('stopped');
  expect(await texts(target)).toHaveLength(500);
  expect(await go(source, target)).toMatchObject({ events: 1_200, found: 500 });
});
