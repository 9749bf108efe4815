import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

let database: TestDatabase;
let client: pg.Client;
beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

test('several processes that start at once migrate once', async () => {
  await Promise.all(Array.from({ length: 5 }, () => migrate(database.connectionString)));
  const { rows } = await client.query(
    'select number from sentinel.sentinel_migrations order by number',
  );
  expect(rows.map(({ number }) => number)).toEqual(migrations.map(({ number }) => number));
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
});

test('data of a newer Sentinel is refused in a sentence and left alone', async () => {
  await migrate(database.connectionString);
  await client.query(
    "insert into sentinel.sentinel_migrations (number, name) values (999, 'from the future')",
  );
  await expect(migrate(database.connectionString)).rejects.toMatchObject({
    name: 'StartupError',
    code: 'data-from-newer-version',
    message: expect.stringMatching(
      /^The data was written by a newer Sentinel .*: start that version, or .*\.$/,
    ),
  });
});

test('a database that cannot be reached is named as such', async () => {
  const nowhere = new URL(database.connectionString);
  nowhere.pathname = '/no_such_database';
  await expect(migrate(nowhere.toString())).rejects.toMatchObject({ code: 'database-unreachable' });
});
