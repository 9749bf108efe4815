import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type Log, reasonOf, StartupError } from '../runtime/index.ts';
import { type Binaries, locateBinaries } from './embedded/binaries.ts';
import { diskFull, explainFileError, saysDiskFull, unless } from './embedded/file-errors.ts';
import {
  createInstance,
  type Instance,
  instanceIn,
  readSettings,
  removeAbandoned,
  requireMajor,
  type Settings,
  writeSettings,
} from './embedded/instance.ts';
import { operatingUser } from './embedded/operating-user.ts';
import { connectionStringOf, type OwnerLock, takeOwnerLock } from './embedded/owner-lock.ts';
import { placeOfInstance, privatePlace } from './embedded/place.ts';
import { findPostmaster, spawnPostmaster, stopPostmaster } from './embedded/postmaster.ts';
import type { OperatingUser } from './embedded/run-program.ts';
import { isOutage } from './is-outage.ts';

export type EmbeddedPostgres = {
  /** The database "sentinel", for the role that owns it. It holds the password: never log it. */
  readonly connectionString: string;
  /** Stops the server cleanly and gives the data folder free. A second call waits for the first. */
  readonly stop: () => Promise<void>;
};

type Cluster = {
  readonly instance: Instance;
  readonly binaries: Binaries;
  readonly user: OperatingUser | undefined;
  readonly log: Log;
};

const pauseMs = 250;
/** What a killed server leaves behind goes away within moments; ten seconds are many moments. */
const failedStarts = 40;
/** After a crash the server replays up to `max_wal_size` before it is ready. */
const readyWithinMs = 120_000;
const revivals = 5;
/** A server that was killed is found for a moment, and takes a connection that comes to nothing. */
const takings = 10;

/**
 * Starts the PostgreSQL that npm installed on `dataDir`, which is made on the first start; a server
 * that a killed Sentinel left running there is taken over. While it is in use, a server that dies is
 * started again, at most five times, so that whoever reconnects finds it on the same port.
 * @throws StartupError
 */
export const startEmbeddedPostgres = async ({
  dataDir,
  log,
}: {
  readonly dataDir: string;
  readonly log: Log;
}): Promise<EmbeddedPostgres> => {
  try {
    const cluster = await prepare(dataDir, log);
    const { settings, lock } = await taken(cluster, { mayMove: true });
    return {
      connectionString: connectionStringOf(settings, 'sentinel'),
      stop: supervise(cluster, lock),
    };
  } catch (error) {
    throw explainFileError(dataDir, error);
  }
};

const prepare = async (dataDir: string, log: Log): Promise<Cluster> => {
  const user = await operatingUser();
  const folder = await placeOfInstance(dataDir, user);
  const binaries = await locateBinaries(user, () => privatePlace(dataDir, user));
  const instance = instanceIn(folder);
  await removeAbandoned(folder);
  if ((await stat(instance.data).catch(unless('ENOENT', undefined))) === undefined) {
    log.info(`setting up a database in ${folder}`);
    await createInstance({ folder, binaries, user });
  }
  await requireMajor(instance, binaries);
  return { instance, binaries, user, log };
};

const wasLost = (error: unknown): boolean =>
  error instanceof StartupError && error.code === 'database-failed' && isOutage(error.cause);

/** A server that takes connections, and the lock on it. One that is gone again before that is started anew. */
const taken = async (
  cluster: Cluster,
  { mayMove }: { readonly mayMove: boolean },
): Promise<{ readonly settings: Settings; readonly lock: OwnerLock }> => {
  for (let taking = 1; ; taking++) {
    const started = await serve(cluster, { mayMove });
    const settings = await readSettings(cluster.instance);
    try {
      return { settings, lock: await takeOwnerLock(cluster.instance, settings) };
    } catch (error) {
      if (taking < takings && wasLost(error)) {
        await sleep(pauseMs);
        continue;
      }
      // Who holds the lock lives on it; but nobody else would stop a server that serves nobody.
      const inUse = error instanceof StartupError && error.code === 'data-dir-in-use';
      if (started && !inUse) await stopPostmaster(cluster);
      throw error;
    }
  }
};

/**
 * Brings about that a server takes connections. What a killed one left behind, above all its shared
 * memory while its children end, goes away by itself within moments, so a failed start is repeated.
 * Answers whether it started one; false when one was running.
 */
const serve = async (
  cluster: Cluster,
  { mayMove }: { readonly mayMove: boolean },
): Promise<boolean> => {
  const { instance, log } = cluster;
  let complaint = 'it was not ready in time';
  let failures = 0;
  for (let waitedMs = 0; waitedMs < readyWithinMs && failures < failedStarts; waitedMs += pauseMs) {
    const settings = await readSettings(instance);
    const running = await findPostmaster(instance);
    if (running?.ready === true) {
      if (running.port !== settings.port)
        await writeSettings(instance, { ...settings, port: running.port });
      return false;
    }
    if (running === undefined) {
      const failed = await spawnPostmaster({ ...cluster, port: settings.port }, readyWithinMs);
      if (failed === undefined) return true;
      complaint = failed;
      failures += 1;
      if (saysDiskFull(failed)) throw diskFull(instance.folder);
      if (
        /could not (bind|create) .*(address|socket)|Address already in use/i.test(failed) &&
        mayMove
      ) {
        await writeSettings(instance, { ...settings, port: await freePort() });
        log.warn(`port ${settings.port} is taken: the database moves to another one`);
        continue;
      }
      if (!/pre-existing shared memory block|lock file .* already exists/.test(failed)) break;
    }
    await sleep(pauseMs);
  }
  throw startFailed(instance, complaint);
};

const startFailed = (instance: Instance, complaint: string): StartupError => {
  const why = /(?:FATAL|PANIC): +(.*)/.exec(complaint)?.[1] ?? complaint.trim().split('\n').at(-1);
  return new StartupError(
    `The database in ${instance.folder} does not start (${why}): see ${instance.log}, correct that, and start Sentinel again.`,
    { code: 'database-failed' },
  );
};

/** Watches the server through the connection that holds the lock. Answers the function that stops both. */
const supervise = (cluster: Cluster, first: OwnerLock): (() => Promise<void>) => {
  let lock: OwnerLock | undefined = first;
  let stopping: Promise<void> | undefined;
  const watch = async (): Promise<void> => {
    for (let revival = 0; revival < revivals; revival++) {
      await lock?.lost;
      if (stopping !== undefined) return;
      cluster.log.warn('the database is gone: starting it again');
      lock = undefined;
      ({ lock } = await taken(cluster, { mayMove: false }));
      if (stopping !== undefined) await lock.release();
      cluster.log.info('the database is back');
    }
    await lock?.lost;
    if (stopping === undefined) throw new Error(`it has gone ${revivals + 1} times`);
  };
  const watching = watch().catch((error: unknown) => {
    cluster.log.warn(`the database stays down: ${reasonOf(error)}`);
  });
  const stop = async (): Promise<void> => {
    await lock?.release();
    await watching;
    await stopPostmaster(cluster);
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
};
