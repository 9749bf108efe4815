import { afterAll, beforeAll, expect, test } from 'vitest';
import { change, thing, things } from '../../contract-tests/read-store/samples.ts';
import { ask, createTestDatabase, type TestDatabase } from '../../postgres/test-database.ts';
import { postgresReadModels } from '../postgres.ts';
import type { ReadModels } from '../read-models.ts';

const rows = 3_000;
let database: TestDatabase;
let models: ReadModels;

beforeAll(async () => {
  database = await createTestDatabase();
  const log = { info: () => undefined, warn: () => undefined };
  models = postgresReadModels({
    connectionString: database.connectionString,
    views: [things],
    log,
  });
});
afterAll(() => database.drop());

const scansOf = (index: string): Promise<unknown> =>
  ask(
    database.connectionString,
    `select idx_scan::int from pg_stat_user_indexes where indexrelname like 'rm_things_v%_${index}'`,
  );

test('rows that are rare are found by what they hold, and not by going through the view', async () => {
  const { projectionStore, readStore } = models;
  const table = await projectionStore.startBuild('things');
  const upserts = Array.from({ length: rows }, (_, n) => thing(`k${10_000 + n}`, 'red'));
  await projectionStore.commit([change(table, [0, rows], { upserts })]);
  await projectionStore.finishBuild(table);
  await projectionStore.swap(table, async () => change(table, [rows, rows]));
  await projectionStore.serving();
  const { value } = await readStore.find('things', {
    limit: 501,
    between: { field: 'made', from: 'k9' },
  });
  expect(value).toEqual([]);
  // A connection that ends tells the server what it has scanned.
  await models.close();
  await expect.poll(() => scansOf('made')).toBe(1);
});
