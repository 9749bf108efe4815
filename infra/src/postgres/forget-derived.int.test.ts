import { afterAll, expect, test } from 'vitest';
import { forgetDerived } from './forget-derived.ts';
import { migrate } from './migrate.ts';
import { ask, createTestDatabase } from './test-database.ts';

const database = await createTestDatabase();
afterAll(database.drop);

test('what is derived from a log goes, and the log stays', async () => {
  const { connectionString } = database;
  await migrate(connectionString);
  const count = (of: string) => ask(connectionString, `select count(*)::int from ${of}`);
  for (const statement of [
    "insert into sentinel.events values (1, 'a', 0, gen_random_uuid(), 'A', 1, '{}', '{}', 1)",
    "insert into sentinel.workflows values ('venue', 1, null, now(), 1, '{}')",
    'insert into sentinel.derived_from (event_id) values (gen_random_uuid())',
    'create table sentinel.rm_orders_v1 (key text)',
    'create view sentinel.rm_orders as select * from sentinel.rm_orders_v1',
    'create table sentinel.rmx (key text)',
  ])
    await ask(connectionString, statement);
  await forgetDerived(connectionString);
  const views = "pg_class where relnamespace = 'sentinel'::regnamespace and relname like 'rm%'";
  expect(await count(views)).toBe(1);
  expect(await count('sentinel.workflows')).toBe(0);
  expect(await count('sentinel.derived_from')).toBe(0);
  expect(await count('sentinel.events')).toBe(1);
});
