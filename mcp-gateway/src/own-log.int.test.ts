import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@sentinel/infra/config';
import { openTestFake } from '@sentinel/infra/event-store';
import { ask, createTestDatabase, type TestDatabase } from '@sentinel/infra/postgres';
import { StartupError } from '@sentinel/infra/runtime';
import { openLog } from '@sentinel/infra/telemetry';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { compose } from './compose.ts';

let database: TestDatabase;
let server: Awaited<ReturnType<typeof openTestFake>>;
let folder = '';
beforeAll(async () => {
  server = await openTestFake();
  folder = await mkdtemp(join(tmpdir(), 'sentinel-own-log-'));
});
afterAll(async () => {
  await server.dispose();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** A start whose log is the one of this prefix on the server, or in the database itself; what it said if it could not. */
const start = async (prefix?: string): Promise<string | undefined> => {
  const parsed = parseConfig({
    ...(prefix && { EVENTSTORE_URL: server.url, EVENTSTORE_STREAM_PREFIX: prefix }),
    ...{ SENTINEL_DATA_DIR: folder, DATABASE_URL: database.connectionString },
  });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const log = openLog(join(folder, 'sentinel.log'));
  try {
    const { stop } = await compose(parsed.value, log, { signal: new AbortController().signal });
    await stop();
    return undefined;
  } catch (error) {
    if (error instanceof StartupError) return `${error.code}: ${error.message}`;
    throw error;
  } finally {
    log.flush();
  }
};

const other = /^views-of-other-log: The views in this database are of another log than this one\. /;

test('a database goes on with the log that it was built from, and with no other', async () => {
  expect(await start('one.')).toBeUndefined();
  const refused = await start('two.');
  expect(refused).toMatch(other);
  expect(refused).toContain('Set EVENTSTORE_URL and EVENTSTORE_STREAM_PREFIX to that log again');
  expect(await start()).toMatch(/or bring it back by npm run migrate-log/);
  expect(await start('one.')).toBeUndefined();
}, 60_000);

test('views that have come farther than the log are refused, whatever log it is', async () => {
  const views =
    "update sentinel.rm_checkpoints set position = position + 1000000 where state = 'serving'";
  expect(await start()).toBeUndefined();
  expect(await start()).toBeUndefined();
  await ask(database.connectionString, `${views} and view = 'orders'`);
  expect(await start()).toMatch(
    /^views-of-other-log: The views in this database have come to position \d+, and this log ends at \d+\. If the log has moved/,
  );
}, 60_000);

test('a database from before it was written down which log it is of is taken as it is', async () => {
  expect(await start('three.')).toBeUndefined();
  await ask(database.connectionString, 'truncate sentinel.derived_from');
  expect(await start('three.')).toBeUndefined();
  expect(await start('four.')).toMatch(other);
}, 60_000);
