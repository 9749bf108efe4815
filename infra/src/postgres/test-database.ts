import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';

/** Where the tests' server is: set for the run by test-global-setup.ts, or by hand for a server of one's own. */
export const testDatabaseVariable = 'SENTINEL_TEST_DATABASE_URL';

const prefix = 'sentinel-test-';
const quiet = { info: () => undefined, warn: () => undefined };

export type TestDatabase = {
  readonly connectionString: string;
  readonly drop: () => Promise<void>;
};

/** A folder that also PostgreSQL's user can reach, for a cluster of a test's own. */
export const makeTestFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  await chmod(folder, 0o711);
  return folder;
};

/** One cluster for a whole run of the tests, in a temporary folder that goes when it stops. */
export const testPostgres = async (): Promise<EmbeddedPostgres> => {
  await removeAbandoned();
  const dataDir = await makeTestFolder();
  const { connectionString, stop } = await startEmbeddedPostgres({ dataDir, log: quiet });
  return {
    connectionString,
    stop: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** A fresh, empty database on the tests' server; each test file takes its own. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
  const server = process.env[testDatabaseVariable];
  if (server === undefined)
    throw new Error(`${testDatabaseVariable} is not set: run the tests through vitest`);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await ask(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    connectionString: url.toString(),
    drop: async () => {
      await ask(server, `drop database if exists ${name} with (force)`);
    },
  };
};

/** The first value that a statement answers, over a connection of its own. */
export const ask = async (connectionString: string, statement: string): Promise<unknown> => {
  const client = new pg.Client({ connectionString });
  // A query under way rejects as well; without a listener the event would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return Object.values((await client.query(statement)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
};

/** A run that was killed leaves its server running: the next one takes it over, stops and removes it. */
const removeAbandoned = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1] ?? process.pid);
    if (isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    if ((await readdir(folder)).includes('postgres')) {
      const { stop } = await startEmbeddedPostgres({ dataDir: folder, log: quiet });
      await stop();
    }
    await rm(folder, { recursive: true, force: true });
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
