import { z } from 'zod';
import { type EventId, grantIdSchema } from './ids.ts';
import type { Json } from './json.ts';

/** `<category>-<id>`, at most 200 characters of `[A-Za-z0-9_.-]`. */
export type StreamName = string & z.core.$brand<'StreamName'>;
export const streamNameSchema = z
  .string()
  .regex(/^[a-z]+(-[A-Za-z0-9_.-]+)?$/)
  .max(200)
  .brand<'StreamName'>();
export const streamName = (category: string, id?: string): StreamName =>
  streamNameSchema.parse(id === undefined ? category : `${category}-${id}`);

/**
 * Where an event stands in the whole log. It only ever grows. The stores of our own count 1, 2, 3
 * with no gap, so that a hole is an alarm; EventStoreDB's pair (commit, prepare) fits as
 * `commit << 64 | prepare`, so callers compare positions and never reckon with them.
 */
export type LogPosition = bigint & z.core.$brand<'Position'>;
export const beforeAll = 0n as LogPosition;

/** An event's place in its stream, from 0. EventStoreDB calls it the revision. */
export type StreamVersion = bigint & z.core.$brand<'StreamVersion'>;

/** What the stream's last version must be for an append to be taken. */
export type ExpectedVersion = StreamVersion | 'no-stream' | 'any';

/** Who, why and from what: on every event. Members that came later are absent from older events. */
export const metadataSchema = z.strictObject({
  /** Who is answerable: `local:<user>`, `agent:<client id>`, `system:<workflow>`, `human:<name>`. */
  principal: z.string().min(1).max(200),
  /** The program that spoke for the principal, with its version, as it named itself. */
  client: z.string().min(1).max(200),
  /** The tool or workflow through which it came. */
  tool: z.string().min(1).max(100),
  /** One for all that follows from one request. */
  correlationId: z.string(),
  /** The event or request that led to this one. */
  causationId: z.string(),
  /** The grant by which it was asked for, and its version of then; absent for who needs none. */
  grantId: grantIdSchema.optional(),
  grantVersion: z.int().min(1).optional(),
  /** The model that the client says it speaks for: told, never proved. Absent where it says none. */
  model: z.string().min(1).max(100).optional(),
  /** W3C trace context of the request, by which its trace is found; absent where it had none. */
  traceparent: z
    .string()
    .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, 'not a traceparent')
    .optional(),
});
export type EventMetadata = z.output<typeof metadataSchema>;

/** An event as it is handed to a store: the payload already in its stored JSON form. */
export type NewEvent = {
  readonly id: EventId;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: Json;
  readonly metadata: EventMetadata;
  /** Of an event that is copied from another log: when that one took it. Else the store's clock tells. */
  readonly recordedAt?: Temporal.Instant;
};

export type RecordedEvent = NewEvent & {
  readonly stream: StreamName;
  readonly version: StreamVersion;
  readonly logPosition: LogPosition;
  /** Wall clock of the writer that took the event first. Order is by position, never by this. */
  readonly recordedAt: Temporal.Instant;
};

export type AppendResult = {
  /** Version of the last event of this append. */
  readonly version: StreamVersion;
  /** Position of the last event of this append. */
  readonly logPosition: LogPosition;
  /** True when these very events stood there already and nothing was written. */
  readonly repeated: boolean;
};

export type ReadStreamOptions = {
  /** First version to read, inclusive. Default 0. */
  readonly from?: StreamVersion;
  /** Default: all. */
  readonly maxCount?: number;
};

export type ReadAllOptions = {
  /** Read what stands after this position. Default: from the start. */
  readonly after?: LogPosition;
  /** At most 5,000; the default is 1,000. */
  readonly maxCount?: number;
};

/** A page of the live log: `caughtUp` when nothing stood behind it at the time of reading. */
export type SubscriptionPage = {
  readonly events: readonly RecordedEvent[];
  readonly caughtUp: boolean;
};

/**
 * The log. Every adapter passes one contract suite (infra/src/contract-tests). Failures are thrown
 * as the typed errors below; nothing else escapes an adapter.
 */
export type EventStore = {
  /**
   * Appends 1 to 500 events, all or none. Repeating an append, with the same event ids to the same
   * stream at the same expected version, answers the first outcome when type and payload are the same,
   * whatever was appended behind it. With 'any' a repetition is known among the stream's last 100
   * events. That ids are new to the rest of the log is for whoever makes them.
   * @throws WrongExpectedVersion, EventIdConflict, EventStoreFenced, EventStoreUnavailable
   */
  readonly appendToStream: (
    stream: StreamName,
    events: readonly NewEvent[],
    expected: ExpectedVersion,
  ) => Promise<AppendResult>;
  /** The stream's events in order; empty when there is no such stream. @throws EventStoreUnavailable */
  readonly readStream: (
    stream: StreamName,
    options?: ReadStreamOptions,
  ) => Promise<readonly RecordedEvent[]>;
  /** One page of the whole log in order. @throws EventStoreUnavailable */
  readonly readAll: (options?: ReadAllOptions) => Promise<readonly RecordedEvent[]>;
  /**
   * Catches up from `after`, then follows the live log until `signal` aborts. Pages come in order,
   * without holes; a page is empty only to say `caughtUp` for the first time. A slow consumer holds
   * up itself alone. @throws EventStoreUnavailable, EventStoreCorrupt
   */
  readonly subscribeToAll: (
    after: LogPosition,
    signal: AbortSignal,
  ) => AsyncIterable<SubscriptionPage>;
  /** Position of the last event; `beforeAll` when the log is empty. */
  readonly lastPosition: () => Promise<LogPosition>;
  readonly close: () => Promise<void>;
};

/** Another append came first: fold again and decide again. */
export class WrongExpectedVersion extends Error {
  override readonly name = 'WrongExpectedVersion';
  readonly stream: StreamName;
  readonly expected: ExpectedVersion;
  /** Undefined when the stream does not exist. */
  readonly actual: StreamVersion | undefined;
  constructor(stream: StreamName, expected: ExpectedVersion, actual: StreamVersion | undefined) {
    super(`${stream} is at ${actual ?? 'no version'}, not at ${expected}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

/**
 * An event id is recorded already where the append would stand, with another type, payload or
 * neighbour; a store that can tell also says it of an id in another stream. A bug of the caller's.
 */
export class EventIdConflict extends Error {
  override readonly name = 'EventIdConflict';
}

/** Another writer has taken over. This process must stop writing for good. */
export class EventStoreFenced extends Error {
  override readonly name = 'EventStoreFenced';
}

/** The store cannot be reached or refused the work; whether an append took effect is not known. */
export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';
}

/** The log contradicts itself: a hole in the positions, a payload that no upcaster knows. */
export class EventStoreCorrupt extends Error {
  override readonly name = 'EventStoreCorrupt';
}
