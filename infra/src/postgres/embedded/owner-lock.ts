import { realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { reasonOf, StartupError } from '../../runtime/index.ts';
import { diskFull, saysDiskFull } from './file-errors.ts';
import { type Instance, roleName, type Settings } from './instance.ts';

/** Held for as long as a Sentinel uses this cluster; it goes with the process, however that ends. */
export type OwnerLock = {
  /** Resolves when the connection that holds the lock is gone: the server died, or `release` was called. */
  readonly lost: Promise<void>;
  readonly release: () => Promise<void>;
};

const lockKey = 7_311_905_042;
const attempts = 20;
const pauseMs = 100;

export const connectionStringOf = ({ port, password }: Settings, database: string): string =>
  `postgresql://${roleName}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`;

/**
 * Connects to the running server, makes sure that it is ours, and takes the lock. A predecessor that
 * was killed holds it until the server has noticed, so it is asked for several times.
 * @throws StartupError when another Sentinel holds it.
 */
export const takeOwnerLock = async (instance: Instance, settings: Settings): Promise<OwnerLock> => {
  const client = new pg.Client({
    connectionString: connectionStringOf(settings, 'postgres'),
    connectionTimeoutMillis: 10_000,
    application_name: 'sentinel owner',
    keepAlive: true,
  });
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  try {
    await client.connect();
    await requireOurs(client, instance);
    await takeLock(client, instance);
    await makeDatabase(client);
  } catch (cause) {
    await client.end();
    if (cause instanceof StartupError) throw cause;
    if (saysDiskFull(reasonOf(cause))) throw diskFull(instance.folder, cause);
    throw new StartupError(
      `The database in ${instance.folder} refuses Sentinel (${reasonOf(cause)}): see ${instance.log}, correct that, and start Sentinel again.`,
      { code: 'database-failed', cause },
    );
  }
  return { lost, release: () => client.end() };
};

const requireOurs = async (client: pg.Client, instance: Instance): Promise<void> => {
  const { rows } = await client.query<{ data_directory: string }>('show data_directory');
  if (
    rows[0] !== undefined &&
    (await realpath(rows[0].data_directory)) === (await realpath(instance.data))
  )
    return;
  throw new StartupError(
    `Another database answers on the port of ${instance.folder}: stop it and start Sentinel again.`,
    { code: 'database-failed' },
  );
};

const takeLock = async (client: pg.Client, instance: Instance): Promise<void> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { rows } = await client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1) as taken',
      [lockKey],
    );
    if (rows[0]?.taken === true) return;
    await sleep(pauseMs);
  }
  throw new StartupError(
    `Another Sentinel is running on the data in ${instance.folder}: stop it first, or set SENTINEL_DATA_DIR to another folder. Several processes share one log with EVENTSTORE_URL and DATABASE_URL.`,
    { code: 'data-dir-in-use' },
  );
};

const makeDatabase = async (client: pg.Client): Promise<void> => {
  const { rowCount } = await client.query("select from pg_database where datname = 'sentinel'");
  if (rowCount === 0) await client.query('create database sentinel');
};
