import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, type EventStore, streamName } from '@sentinel/contracts/kernel';
import { expect, inject, test } from 'vitest';
import { readBehind, sampleEvent } from '../contract-tests/event-store/samples.ts';
import { openTestFake } from '../event-store/eventstoredb/fake/open-test-fake.ts';
import { openTestStore } from '../event-store/postgres/open-test-store.ts';
import { asWritten } from './log-end.ts';

/** One each way, or as many as PROPERTY_RUNS says. */
const kills = inject('propertyRuns') || 1;
const events = 1_500 * kills;
const streams = ['a', 'b', 'c'].map((id) => streamName('session', id));

const fill = async (store: EventStore): Promise<void> => {
  for (let n = 0; n < events; n += 5) {
    const stream = streams[n % streams.length] ?? streamName('control');
    const some = Array.from({ length: 5 }, (_, each) => sampleEvent({ n: n + each }));
    await store.appendToStream(stream, some, 'any');
  }
};

const texts = async (store: EventStore): Promise<readonly string[]> =>
  (await readBehind(store, beforeAll)).map(asWritten);

type Way = {
  readonly args: readonly [from: string, to: string];
  readonly env: Readonly<Record<string, string>>;
  readonly target: EventStore;
};

const startCopy = ({ args: [from, to], env }: Way) =>
  spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--from', from, '--to', to], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Kills the program when its target holds so many events: at whatever it does just then. */
const killedAt = async (way: Way, count: number): Promise<void> => {
  const child = startCopy(way);
  const exited = once(child, 'exit');
  const ended = new AbortController();
  void exited.then(() => ended.abort());
  let seen = 0;
  for await (const page of way.target.subscribeToAll(beforeAll, ended.signal)) {
    seen += page.events.length;
    if (seen >= count) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
};

/** Killed at places that lie apart, and then left to end: what it says in the end. */
const copyKilled = async (way: Way): Promise<string> => {
  for (let kill = 1; kill <= kills; kill++) await killedAt(way, (events * kill) / (kills + 2));
  const child = startCopy(way);
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(complained).toBe('');
  return said;
};

const told = /(\d+) events stand in both, (\d+) of them from before\. Digest of both: (\w{64})/;

test('a copy whose program is killed goes on where it was, there and back, to one digest', {
  timeout: 60_000 * kills,
}, async () => {
  const [from, to] = [await openTestStore(), await openTestStore()];
  const fake = await openTestFake();
  await fill(from.store);
  await Promise.all([from.store.close(), to.store.close()]);
  const options = { mode: 'read', pollMs: 10 } as const;
  const [first, between, last] = [
    await from.open(options),
    await fake.open({ callMs: 5_000 }),
    await to.open(options),
  ];
  const there = await copyKilled({
    args: ['postgres', 'eventstore'],
    env: { DATABASE_URL: from.connectionString, EVENTSTORE_URL: fake.url },
    target: between,
  });
  const back = await copyKilled({
    args: ['eventstore', 'postgres'],
    env: { DATABASE_URL: to.connectionString, EVENTSTORE_URL: fake.url },
    target: last,
  });
  const [, all, found, digest] = told.exec(there) ?? [];
  expect([all, digest]).toEqual([`${events}`, told.exec(back)?.[3]]);
  expect(Number(found)).toBeGreaterThanOrEqual(events / 3);
  expect(Number(told.exec(back)?.[2])).toBeGreaterThanOrEqual(events / 3);
  expect(await texts(last)).toEqual(await texts(first));
  for (const { dispose } of [from, to, fake]) await dispose();
});
