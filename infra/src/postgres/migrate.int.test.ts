import { createHash } from 'node:crypto';
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

test('a long payload is compressed in its row, and comes back as it was written', async () => {
  await migrate(database.connectionString);
  // Half of each check compresses well, as in an assessment; the rest is a digest.
  const check = (n: number) => ({
    code: 'MAX_ORDER_VALUE',
    message: 'The order is worth more than it may be.',
    digest: createHash('sha256').update(`${n}`).digest('hex'),
  });
  const payloads = [10, 25, 50, 75].map((checks) =>
    JSON.stringify(Array.from({ length: checks }, (_, n) => check(n))),
  );
  await client.query(
    `insert into sentinel.events
       (position, stream, version, id, type, schema_version, data, metadata, recorded_at_us)
     select place, 'long-row-with-a-name-of-some-length', place, gen_random_uuid(), 'Long', 1,
       payload::json, json_build_object('principal', repeat('p', 150)), 0
     from unnest($1::text[]) with ordinality as given (payload, place)`,
    [payloads],
  );
  const { rows } = await client.query<{ data: string; taken: number; beside: string }>(
    `select data::text as data, pg_column_size(data) as taken, pg_relation_size(
       (select reltoastrelid from pg_class where oid = 'sentinel.events'::regclass)) as beside
     from sentinel.events order by position`,
  );
  expect(rows.map(({ data }) => data)).toEqual(payloads);
  expect(rows.map(({ taken }, n) => taken < (payloads[n]?.length ?? 0) * 0.8)).toEqual(
    // The first is short enough to stay as it is.
    payloads.map((text) => text.length > 2_000),
  );
  expect(rows.map(({ beside }) => beside)).toEqual(payloads.map(() => '0'));
});
