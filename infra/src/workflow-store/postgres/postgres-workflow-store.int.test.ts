import { type WorkflowStore, WorkflowStoreUnavailable } from '@sentinel/contracts/kernel';
import pg from 'pg';
import { expect, test } from 'vitest';
import { describeWorkflowStore } from '../../contract-tests/workflow-store.ts';
import { migrate } from '../../postgres/migrate.ts';
import { createTestDatabase } from '../../postgres/test-database.ts';
import { openPostgresWorkflowStore } from './postgres-workflow-store.ts';

const log = { info: () => undefined, warn: () => undefined };

describeWorkflowStore('workflow store in Postgres', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const opened: WorkflowStore[] = [];
  return {
    open: () => {
      const store = openPostgresWorkflowStore({ connectionString, log });
      opened.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of opened) await store.close();
      await drop();
    },
  };
});

test('a connection that is cut is an outage, and the next call finds the database again', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const store = openPostgresWorkflowStore({ connectionString, log });
  const operator = new pg.Client({ connectionString });
  await operator.connect();
  try {
    const lease = await store.acquire('venue', 'a', 60_000);
    await operator.query('begin');
    await operator.query('lock table sentinel.workflows in access exclusive mode');
    const waiting = expect(store.acquire('venue', 'a', 60_000)).rejects.toThrow(
      WorkflowStoreUnavailable,
    );
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'sentinel workflows'
        and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await operator.query(cut)).rowCount).toBeGreaterThan(0);
    await waiting;
    await operator.query('rollback');
    expect(await store.acquire('venue', 'a', 60_000)).toEqual(lease);
  } finally {
    await operator.end();
    await store.close();
    await drop();
  }
});

test('what is wrong with our own call is no outage', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const store = openPostgresWorkflowStore({ connectionString, log });
  try {
    await expect(store.acquire('venue', 'a', Number.NaN)).rejects.not.toThrow(
      WorkflowStoreUnavailable,
    );
  } finally {
    await store.close();
    await drop();
  }
});
