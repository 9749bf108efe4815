import {
  beforeAll as beforeLog,
  type EventStore,
  type RecordedEvent,
} from '@sentinel/contracts/kernel';
import { openEventStoreDb, openTestFake } from '@sentinel/infra/event-store';
import { createTestDatabase } from '@sentinel/infra/postgres';
import { newId } from '@sentinel/infra/runtime';
import { inject } from 'vitest';
import { startTestHouse, type TestHouse } from './test-house.ts';

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: vitest's own interface is added to.
  interface ProvidedContext {
    readonly propertyRuns: number;
  }
}

/** How many orders a test fires: `usual`, or as many as PROPERTY_RUNS says. */
export const orderCount = (usual: number): number => inject('propertyRuns') || usual;

/** What two gateways share: one log in EventStoreDB, and one database for what is derived. */
export type SharedStores = {
  readonly environment: Readonly<Record<string, string>>;
  readonly readLog: () => Promise<readonly RecordedEvent[]>;
  readonly dispose: () => Promise<void>;
};

const pageSize = 500;

/** Every event of a log, in order. */
export const readWhole = async (
  store: Pick<EventStore, 'readAll'>,
): Promise<readonly RecordedEvent[]> => {
  const log: RecordedEvent[] = [];
  for (let full = true; full; ) {
    const after = log.at(-1)?.logPosition ?? beforeLog;
    const page = await store.readAll({ after, maxCount: pageSize });
    log.push(...page);
    full = page.length === pageSize;
  }
  return log;
};

/** The server that EVENTSTORE_TEST_URL names, where other runs left their events; else a fake of our own. */
const openServer = async () => {
  const named = process.env.EVENTSTORE_TEST_URL;
  if (named === undefined) {
    const { url, dispose } = await openTestFake();
    return { url, prefix: 'sentinel.', dispose };
  }
  return {
    url: named,
    prefix: `test.${newId().replaceAll('-', '')}.`,
    dispose: async () => undefined,
  };
};

export const openSharedStores = async (): Promise<SharedStores> => {
  const server = await openServer();
  const { url, prefix } = server;
  const database = await createTestDatabase();
  return {
    environment: {
      EVENTSTORE_URL: url,
      EVENTSTORE_STREAM_PREFIX: prefix,
      DATABASE_URL: database.connectionString,
    },
    readLog: async () => {
      const store = await openEventStoreDb({ url, prefix, callMs: 10_000 });
      try {
        return await readWhole(store);
      } finally {
        await store.close();
      }
    },
    dispose: async () => {
      await server.dispose();
      await database.drop();
    },
  };
};

export type TwoHouses = SharedStores & {
  readonly one: TestHouse;
  readonly other: TestHouse;
};

/** Two whole houses over the same stores. */
export const startTwoHouses = async (
  settings: Readonly<Record<string, string>>,
): Promise<TwoHouses> => {
  const stores = await openSharedStores();
  const environment = { ...settings, ...stores.environment };
  const [one, other] = await Promise.all([
    startTestHouse(environment),
    startTestHouse(environment),
  ]);
  return {
    ...stores,
    one,
    other,
    dispose: async () => {
      await Promise.all([one.stop(), other.stop()]);
      await stores.dispose();
    },
  };
};
