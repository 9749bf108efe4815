import { setTimeout as sleep } from 'node:timers/promises';
import { describeWorkflowStore } from '../contract-tests/workflow-store.ts';
import { createTestDatabase, migrate } from '../postgres/index.ts';
import { postgresWorkflowStore } from './postgres.ts';

const log = { info: () => undefined, warn: () => undefined };

describeWorkflowStore('the workflow store in Postgres', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const store = postgresWorkflowStore({ connectionString, log });
  const other = postgresWorkflowStore({ connectionString, log });
  return {
    store,
    other,
    pass: (ms) => sleep(ms),
    dispose: async () => {
      await store.close();
      await other.close();
      await drop();
    },
  };
});
