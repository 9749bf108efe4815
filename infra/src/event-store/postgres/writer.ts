import { randomUUID } from 'node:crypto';
import {
  type AppendResult,
  EventStoreFenced,
  EventStoreUnavailable,
  type RecordedEvent,
} from '@sentinel/contracts/kernel';
import { type Log, reasonOf, StartupError } from '../../runtime/index.ts';
import type { AppendRequest } from '../append-request.ts';
import { appendQueue, type PendingAppend } from './append-queue.ts';
import { type BatchWriter, batchWriter } from './batch-writer.ts';
import { openWriterSession } from './writer-lock.ts';

export type Writer = {
  /** @throws WrongExpectedVersion, EventIdConflict, EventStoreFenced, EventStoreUnavailable */
  readonly append: (request: AppendRequest) => Promise<AppendResult>;
  /** Writes what has been taken, then lets go of the lock. */
  readonly close: () => Promise<void>;
};

export type WriterOptions = {
  readonly connectionString: string;
  readonly now: () => Temporal.Instant;
  readonly log: Log;
  /** Called after each commit with what it wrote, before the appends are answered. */
  readonly onWritten: (events: readonly RecordedEvent[]) => void;
};

/**
 * The single writer: appends queue up while one statement is under way and go together in the next.
 * When the connection is lost, what was under way is answered as unknown and all knowledge of the
 * log is forgotten; the next session reads it afresh.
 * @throws StartupError when another process writes.
 */
export const openWriter = async (options: WriterOptions): Promise<Writer> => {
  const queue = appendQueue();
  const owner = randomUUID();
  let batches: BatchWriter | undefined;
  let draining: Promise<void> | undefined;
  /** After a loss the lock is taken again at once, and not only when somebody appends. */
  let reconnectDue = false;
  /** Set for good: no append is taken any more. */
  let refusal: EventStoreFenced | EventStoreUnavailable | undefined;

  const connect = async (returning: boolean): Promise<BatchWriter> => {
    let mine: BatchWriter | undefined;
    const onLost = () => {
      if (batches !== mine) return;
      batches = undefined;
      if (refusal !== undefined) return;
      options.log.warn('the writing connection to the database was lost');
      drain();
    };
    const session = await openWriterSession({
      connectionString: options.connectionString,
      owner,
      returning,
      onLost,
    });
    mine = batchWriter(session, options);
    batches = mine;
    return mine;
  };

  const writeBatch = async (writer: BatchWriter): Promise<void> => {
    const batch = queue.takeBatch();
    try {
      await writer.write(batch);
    } catch (error) {
      if (error instanceof EventStoreFenced) refusal = error;
      rejectAll(batch, asStoreError('the append may or may not have been written', error));
      batches = undefined;
      reconnectDue = refusal === undefined;
      await writer.close();
    }
  };

  const drainAll = async (): Promise<void> => {
    do {
      reconnectDue = false;
      await othersHadTheirTurn();
      try {
        await writeBatch(batches ?? (await connect(true)));
      } catch (error) {
        if (error instanceof EventStoreFenced) refusal = error;
        rejectAll(
          queue.takeAll(),
          asStoreError('the database cannot be reached and nothing was written', error),
        );
      }
      if (refusal instanceof EventStoreFenced) rejectAll(queue.takeAll(), refusal);
    } while (queue.size() > 0 || reconnectDue);
    // In the same step as the last look at the queue: who comes after it starts anew.
    draining = undefined;
  };

  const drain = () => {
    draining ??= drainAll();
  };

  await connect(false).catch(explain);
  return {
    append: (request) =>
      new Promise((resolve, reject) => {
        if (refusal !== undefined) reject(refusal);
        else if (queue.offer({ request, resolve, reject })) drain();
        else
          reject(
            new EventStoreUnavailable('too many appends are waiting, and this one was not taken'),
          );
      }),
    close: async () => {
      refusal ??= new EventStoreUnavailable('the event store is closed');
      await draining;
      await batches?.close();
    },
  };
};

/**
 * Callers who were answered together ask again together: let them in before the batch is cut. All that
 * they do until then they do in promises, which come before the next tick; a turn of the event loop
 * would wait for whatever else the process has to do.
 */
const othersHadTheirTurn = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const explain = (cause: unknown): never => {
  if (cause instanceof StartupError) throw cause;
  const message = `The log in the database cannot be opened (${reasonOf(cause)}): check that the database runs and that DATABASE_URL names it.`;
  throw new StartupError(message, { code: 'database-unreachable', cause });
};

const rejectAll = (appends: readonly PendingAppend[], error: Error) => {
  for (const { reject } of appends) reject(error);
};

const asStoreError = (what: string, cause: unknown): EventStoreFenced | EventStoreUnavailable =>
  cause instanceof EventStoreFenced
    ? cause
    : new EventStoreUnavailable(`${what}: ${reasonOf(cause)}`, { cause });
