import { EventStoreUnavailable, type RecordedEvent } from '@sentinel/contracts/kernel';
import { judgeUnwritten, noVersion } from '../expected-version.ts';
import { fromMicroseconds, toMicroseconds } from '../microseconds.ts';
import type { PendingAppend } from './append-queue.ts';
import { type BatchPlan, planBatch } from './batch-plan.ts';
import { streamHeads } from './stream-heads.ts';
import type { PlacedEvent, WriterSession } from './writer-session.ts';

/** Writes batches through one session, and knows where the log stands while that session lasts. */
export type BatchWriter = {
  /**
   * Settles every append of the batch. One that is refused neither fails nor reorders the others.
   * Rejects when the session is of no use any more; then the appends that are not settled are unknown.
   */
  readonly write: (batch: readonly PendingAppend[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

type BatchOptions = {
  readonly now: () => Temporal.Instant;
  readonly onWritten: (events: readonly RecordedEvent[]) => void;
};

const cachedHeads = 10_000;
const uniqueViolation = '23505';

export const batchWriter = (
  session: WriterSession,
  { now, onWritten }: BatchOptions,
): BatchWriter => {
  const heads = streamHeads(cachedHeads);
  let nextPosition = session.lastPosition + 1n;

  const loadHeads = async (
    batch: readonly PendingAppend[],
  ): Promise<ReadonlyMap<string, bigint>> => {
    const streams = [...new Set(batch.map(({ request }) => request.stream))];
    const unknown = streams.filter((stream) => heads.get(stream) === undefined);
    const loaded = unknown.length === 0 ? undefined : await session.heads(unknown);
    return new Map(
      streams.map((stream) => [stream, loaded?.get(stream) ?? heads.get(stream) ?? noVersion]),
    );
  };

  const insert = async (plan: BatchPlan, recordedAtUs: bigint): Promise<void> => {
    if (plan.written.length === 0) return;
    const rows = rowsOf(plan);
    await session.insert(rows, nextPosition, recordedAtUs);
    nextPosition += BigInt(rows.length);
    for (const [stream, version] of plan.heads) heads.set(stream, version);
    onWritten(plan.written.flatMap(({ events }) => events));
    for (const { append, events } of plan.written) {
      const last = events.at(-1);
      if (last !== undefined)
        append.resolve({ version: last.version, logPosition: last.logPosition, repeated: false });
    }
  };

  const write = async (batch: readonly PendingAppend[]): Promise<void> => {
    if (batch.length === 0) return;
    const known = await loadHeads(batch);
    const recordedAtUs = toMicroseconds(now());
    const plan = planBatch(batch, {
      nextPosition,
      recordedAt: fromMicroseconds(recordedAtUs),
      headOf: (stream) => known.get(stream) ?? noVersion,
    });
    try {
      await insert(plan, recordedAtUs);
    } catch (error) {
      if (!isAboutContent(error)) throw error;
      await settleOneByOne(batch, known, error);
      return;
    }
    await judge(plan.refused);
  };

  /** Nothing of the batch was written. Who repeats recorded events is told so; the others go again. */
  const settleOneByOne = async (
    batch: readonly PendingAppend[],
    known: ReadonlyMap<string, bigint>,
    error: Error & { readonly code: string },
  ): Promise<void> => {
    const recorded = await session.recorded(
      batch.flatMap(({ request }) => request.events.map(({ id }) => id)),
    );
    const repeats = batch.filter(({ request }) =>
      request.events.some(({ id }) => recorded.has(id)),
    );
    const others = batch.filter((append) => !repeats.includes(append));
    for (const append of repeats)
      settle(append, recorded, known.get(append.request.stream) ?? noVersion);
    if (repeats.length > 0) return write(others);
    const [only] = batch;
    if (batch.length > 1 || only === undefined) {
      for (const append of batch) await write([append]);
      return;
    }
    // A place in the log is taken that we hold to be free: somebody else wrote, so begin anew.
    if (error.code === uniqueViolation) throw error;
    only.reject(
      new EventStoreUnavailable(`the database refuses the append: ${error.message}`, {
        cause: error,
      }),
    );
  };

  const judge = async (refused: BatchPlan['refused']): Promise<void> => {
    if (refused.length === 0) return;
    const recorded = await session.recorded(
      refused.flatMap(({ append }) => append.request.events.map(({ id }) => id)),
    );
    for (const { append, head } of refused) settle(append, recorded, head);
  };

  return { write, close: session.close };
};

const rowsOf = ({ written }: BatchPlan): readonly PlacedEvent[] =>
  written.flatMap(({ append: { request }, events }) =>
    request.events.map((event, index) => ({
      ...event,
      stream: request.stream,
      version: events[index]?.version ?? 0n,
    })),
  );

const settle = (
  append: PendingAppend,
  recorded: ReadonlyMap<string, RecordedEvent>,
  head: bigint,
): void => {
  const judged = judgeUnwritten(append.request, recorded, head);
  if (judged instanceof Error) append.reject(judged);
  else append.resolve(judged);
};

/** Errors that one append of a batch brought about: bad data, a limit, an id that stands there already. */
const isAboutContent = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^(22|23|54)...$/.test(error.code);
