import { beforeAll as beforeLog, type RecordedEvent } from '@sentinel/contracts/kernel';
import { openTestFake, type TestFake } from '@sentinel/infra/event-store';
import { createTestDatabase } from '@sentinel/infra/postgres';
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

/** What two gateways share: one log in a fake of EventStoreDB, and one database for what is derived. */
export type SharedStores = {
  readonly fake: TestFake;
  readonly environment: Readonly<Record<string, string>>;
  readonly readLog: () => Promise<readonly RecordedEvent[]>;
  readonly dispose: () => Promise<void>;
};

const pageSize = 500;

export const openSharedStores = async (): Promise<SharedStores> => {
  const fake = await openTestFake();
  const database = await createTestDatabase();
  return {
    fake,
    environment: { EVENTSTORE_URL: fake.url, DATABASE_URL: database.connectionString },
    readLog: async () => {
      const store = await fake.open({ prefix: 'sentinel.', callMs: 10_000 });
      const log: RecordedEvent[] = [];
      for (let full = true; full; ) {
        const after = log.at(-1)?.logPosition ?? beforeLog;
        const page = await store.readAll({ after, maxCount: pageSize });
        log.push(...page);
        full = page.length === pageSize;
      }
      return log;
    },
    dispose: async () => {
      await fake.dispose();
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
