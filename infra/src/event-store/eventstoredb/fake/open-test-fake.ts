import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { EventStore } from '@sentinel/contracts/kernel';
import { type EventStoreDbOptions, openEventStoreDb } from '../open-eventstoredb.ts';
import type { FakeAnswer, FakeOrder, FakeSecurity } from './faults.ts';

export type TestFake = {
  readonly url: string;
  readonly port: number;
  readonly followerPort: number;
  /** Resolves when it is done: answers how many faults have been met so far. */
  readonly order: (order: FakeOrder) => Promise<number>;
  readonly open: (options?: Partial<EventStoreDbOptions>) => Promise<EventStore>;
  readonly dispose: () => Promise<void>;
};

/** Shorter than the fake's longest delay, so that a test sees calls run out. */
const callMs = 250;

/** Starts the fake in a process of its own, on ports that the system gives. */
export const openTestFake = async (security?: FakeSecurity): Promise<TestFake> => {
  const given = security === undefined ? [] : [JSON.stringify(security)];
  const child = fork(join(import.meta.dirname, 'main.ts'), given, { execArgv: [] });
  const answered = async () => ((await once(child, 'message')) as [FakeAnswer])[0];
  const { port, followerPort } = await answered();
  const url = `esdb://127.0.0.1:${port}?tls=false`;
  const opened: EventStore[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const order: TestFake['order'] = (given) => {
    const done = last.then(async () => {
      child.send(given);
      return (await answered()).met;
    });
    last = done;
    return done;
  };
  return {
    url,
    port,
    followerPort,
    order,
    open: async (options = {}) => {
      const store = await openEventStoreDb({ url, callMs, appendMs: 5_000, ...options });
      opened.push(store);
      return store;
    },
    dispose: async () => {
      await last;
      for (const store of opened) await store.close();
      const exited = once(child, 'exit');
      child.send({ do: 'stop' } satisfies FakeOrder);
      await exited;
    },
  };
};
