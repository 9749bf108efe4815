import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreFenced } from '@sentinel/contracts/kernel';
import pg from 'pg';
import { StartupError } from '../../runtime/index.ts';
import { fenced, type WriterSession, writerSession } from './writer-session.ts';

export type WriterLock = {
  readonly connectionString: string;
  /** Names this opening of the store: who comes back under it has written nothing in between. */
  readonly owner: string;
  /** True once it has held the lock: then anybody else's epoch fences it. */
  readonly returning: boolean;
  /** Called once when the connection is gone, whatever the reason. */
  readonly onLost: () => void;
};

const lockKey = 7_311_905_041;
const attempts = 25;
const firstPauseMs = 25;
const longestPauseMs = 500;
/** On opening, a lock that is still held after some two seconds belongs to somebody who lives. */
const heldAttempts = 8;

/**
 * Opens the writing connection: takes the lock, and in the same transaction the next epoch. A dead
 * predecessor, our own lost connection among them, holds the lock until the server has noticed, and
 * a server may just be starting, so both are tried again during some ten seconds.
 * @throws StartupError when another process holds the lock, EventStoreFenced when another one has
 * written since, and the driver's errors when the server cannot be reached.
 */
export const openWriterSession = async (lock: WriterLock): Promise<WriterSession> => {
  let failure: unknown;
  let held = 0;
  let pauseMs = firstPauseMs;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      const session = await tryOnce(lock);
      if (session !== undefined) return session;
      held += 1;
      failure = undefined;
    } catch (error) {
      if (!isPassing(error)) throw error;
      failure = error;
    }
    if (!lock.returning && held === heldAttempts) break;
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
  throw failure ?? secondWriter();
};

const secondWriter = (): StartupError =>
  new StartupError(
    'Another Sentinel is already writing to this database: stop it first, or point DATABASE_URL of this one to another database.',
    { code: 'second-writer' },
  );

/** Refused, reset, starting up, shutting down: the next attempt may find it better. */
const isPassing = (error: unknown): boolean => {
  if (!(error instanceof Error) || error instanceof EventStoreFenced) return false;
  // The driver's own errors, a cut connection or a time limit, carry no code.
  return !('code' in error) || /^(E[A-Z]+|57P..|08...|53...)$/.test(String(error.code));
};

const tryOnce = async (lock: WriterLock): Promise<WriterSession | undefined> => {
  const client = new pg.Client({
    connectionString: lock.connectionString,
    application_name: 'sentinel writer',
    connectionTimeoutMillis: 5_000,
    // The server gives up before we do, so a lock of a connection that we left is not held for long.
    statement_timeout: 20_000,
    query_timeout: 30_000,
    keepAlive: true,
  });
  let held = false;
  client.on('error', () => undefined);
  client.on('end', () => {
    if (held) lock.onLost();
  });
  try {
    await client.connect();
    const epoch = await takeEpoch(client, lock);
    const session = epoch === undefined ? undefined : await writerSession(client, epoch);
    held = session !== undefined;
    if (!held) await client.end();
    return session;
  } catch (error) {
    await client.end();
    throw error;
  }
};

/** Undefined when the lock is not to be had. The lock is the session's: it outlives this transaction. */
const takeEpoch = async (
  client: pg.Client,
  { owner, returning }: WriterLock,
): Promise<string | undefined> => {
  await client.query('begin');
  const lock = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
    lockKey,
  ]);
  const last = await client.query<{ owner: string | null }>('select owner from sentinel.writer');
  if (returning && last.rows[0]?.owner !== owner) throw fenced();
  if (lock.rows[0]?.taken !== true) return undefined;
  const next = await client.query<{ epoch: string }>(
    'update sentinel.writer set epoch = epoch + 1, owner = $1 returning epoch::text',
    [owner],
  );
  await client.query('commit');
  return next.rows[0]?.epoch;
};
