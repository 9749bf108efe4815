import type { AccessStore } from '@sentinel/contracts/access';
import { describeAccessStore } from '../../contract-tests/access-store.ts';
import { migrate } from '../../postgres/migrate.ts';
import { ask, createTestDatabase } from '../../postgres/test-database.ts';
import { openPostgresAccessStore } from './postgres-access-store.ts';

const log = { info: () => undefined, warn: () => undefined };

describeAccessStore('access store in Postgres', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const opened: AccessStore[] = [];
  return {
    open: () => {
      const store = openPostgresAccessStore({ connectionString, log });
      opened.push(store);
      return store;
    },
    end: async (kind, id) => {
      const end = "update sentinel.access_records set ends_at = now() - interval '1 ms'";
      await ask(connectionString, `${end} where kind = '${kind}' and id = '${id}'`);
    },
    dispose: async () => {
      for (const store of opened) await store.close();
      await drop();
    },
  };
});
