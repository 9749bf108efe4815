import {
  type EventStore,
  EventStoreFenced,
  EventStoreUnavailable,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import { openPool } from '../../postgres/index.ts';
import type { Log } from '../../runtime/index.ts';
import { encodeAppend } from '../append-request.ts';
import { followLog, followPageSize } from '../follow-log.ts';
import { pageLimit } from '../page-limit.ts';
import { wakeUp } from '../wake-up.ts';
import { reader } from './reader.ts';
import { recentEvents } from './recent-events.ts';
import { openWriter, type Writer } from './writer.ts';

export type PostgresEventStoreOptions = {
  /** A database that `migrate` has prepared. */
  readonly connectionString: string;
  readonly now: () => Temporal.Instant;
  readonly log: Log;
  /** Default `write`. A store opened to `read` takes no lock and refuses appends as fenced. */
  readonly mode?: 'write' | 'read';
  /** How long a follower relies on being woken before it asks the database. Default 500. */
  readonly pollMs?: number;
};

const readConnections = 4;
const remembered = 4_096;

/**
 * The log in a Postgres database, with this process as its only writer.
 * @throws StartupError when another process writes there already.
 */
export const openPostgresEventStore = async (
  options: PostgresEventStoreOptions,
): Promise<EventStore> => {
  const { connectionString, log, mode = 'write', pollMs = 500 } = options;
  const recent = recentEvents(remembered);
  const woken = wakeUp();
  const ringSoon = oncePerTurn(woken.ring);
  const closed = new AbortController();
  const writer =
    mode === 'read'
      ? onlyReading
      : await openWriter({
          ...options,
          onWritten: (events) => {
            recent.push(events);
            ringSoon();
          },
        });
  const pool = openPool({ connectionString, purpose: 'log reader', size: readConnections, log });
  const read = reader(pool);
  const requireOpen = () => {
    if (closed.signal.aborted) throw new EventStoreUnavailable('the event store is closed');
  };

  return {
    appendToStream: async (stream, events, expected) => {
      requireOpen();
      return writer.append(encodeAppend(stream, events, expected));
    },
    readStream: async (
      stream,
      { from = 0n as StreamVersion, maxCount = Number.MAX_SAFE_INTEGER } = {},
    ) => {
      requireOpen();
      return read.stream(stream, from, maxCount);
    },
    readAll: async ({ after = 0n, maxCount } = {}) => {
      requireOpen();
      return read.all(after, pageLimit(maxCount));
    },
    subscribeToAll: async function* (after, signal) {
      requireOpen();
      const followed = {
        recent: (position: bigint) => recent.after(position, followPageSize),
        read: (position: bigint) => read.all(position, followPageSize),
        wakeUp: woken,
        pollMs,
      };
      yield* followLog(followed, after, AbortSignal.any([signal, closed.signal]));
      if (!signal.aborted) requireOpen();
    },
    lastPosition: async () => {
      requireOpen();
      return read.lastPosition();
    },
    close: async () => {
      if (closed.signal.aborted) return;
      closed.abort();
      await writer.close();
      await pool.end();
    },
  };
};

/** Whoever appended is answered first: followers have work to do, and nobody waits for it. */
const oncePerTurn = (task: () => void): (() => void) => {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      task();
    });
  };
};

const onlyReading: Writer = {
  append: async () => {
    throw new EventStoreFenced('this process only reads the log; another one writes it');
  },
  close: async () => undefined,
};
