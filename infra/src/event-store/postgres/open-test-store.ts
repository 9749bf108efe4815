import type { EventStore } from '@sentinel/contracts/kernel';
import pg from 'pg';
import { migrate } from '../../postgres/migrate.ts';
import { createTestDatabase } from '../../postgres/test-database.ts';
import { systemClock } from '../../runtime/index.ts';
import {
  openPostgresEventStore,
  type PostgresEventStoreOptions,
} from './open-postgres-event-store.ts';

type TestStore = {
  readonly store: EventStore;
  readonly connectionString: string;
  /** Opens a further store on the same database; `dispose` closes it too. */
  readonly open: (options?: Partial<PostgresEventStoreOptions>) => Promise<EventStore>;
  /** Runs statements as an operator would, behind the store's back. */
  readonly execute: (statement: string) => Promise<pg.QueryResult>;
  readonly dispose: () => Promise<void>;
};

/** A store on a fresh database of the tests' server. */
export const openTestStore = async (): Promise<TestStore> => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const opened: EventStore[] = [];
  const open: TestStore['open'] = async (options = {}) => {
    const log = { info: () => undefined, warn: () => undefined };
    const store = await openPostgresEventStore({
      connectionString,
      now: systemClock,
      log,
      ...options,
    });
    opened.push(store);
    return store;
  };
  const operator = new pg.Client({ connectionString });
  await operator.connect();
  return {
    store: await open(),
    connectionString,
    open,
    execute: (statement) => operator.query(statement),
    dispose: async () => {
      for (const store of opened) await store.close();
      await operator.end();
      await drop();
    },
  };
};
