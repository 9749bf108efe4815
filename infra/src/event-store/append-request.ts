import {
  canonicalJson,
  type EventId,
  EventIdConflict,
  type ExpectedVersion,
  type NewEvent,
  type StreamName,
  streamNameSchema,
} from '@sentinel/contracts/kernel';
import { toMicroseconds } from './microseconds.ts';

/** What one append may hold. Larger inputs are cut up by whoever has them. */
export const appendLimits = {
  events: 500,
  /** As EventStoreDB counts, whose own default it is: payloads, metadata, twice the type. */
  bytes: 1024 * 1024,
  /** What a store may write beside the metadata of an event. */
  eventOverheadBytes: 80,
} as const;

/** An event as a store keeps it: payload and metadata as their one canonical JSON text. */
export type EncodedEvent = {
  readonly id: EventId;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: string;
  readonly metadata: string;
  /** Microseconds since 1970 at which another log took the event; undefined for one that is new. */
  readonly recordedAtUs?: bigint;
};

export type AppendRequest = {
  readonly stream: StreamName;
  readonly events: readonly EncodedEvent[];
  readonly expected: ExpectedVersion;
  readonly bytes: number;
};

/**
 * Checks and encodes an append before it touches a store. Whatever is wrong here is the caller's bug.
 * @throws RangeError beyond the limits, TypeError when a payload is not JSON, EventIdConflict when
 * one id stands twice.
 */
export const encodeAppend = (
  stream: StreamName,
  events: readonly NewEvent[],
  expected: ExpectedVersion,
): AppendRequest => {
  if (!streamNameSchema.safeParse(stream).success)
    throw new RangeError(`not a stream name: ${stream}`);
  if (events.length < 1 || events.length > appendLimits.events) {
    throw new RangeError(
      `an append holds 1 to ${appendLimits.events} events, not ${events.length}`,
    );
  }
  if (new Set(events.map(({ id }) => id)).size !== events.length) {
    throw new EventIdConflict(`an append to ${stream} names one event id twice`);
  }
  const encoded = events.map(encode);
  const bytes = encoded.reduce(
    (sum, { type, data, metadata }) =>
      sum +
      appendLimits.eventOverheadBytes +
      2 * type.length +
      Buffer.byteLength(data) +
      Buffer.byteLength(metadata),
    0,
  );
  if (bytes > appendLimits.bytes) {
    throw new RangeError(`an append holds at most ${appendLimits.bytes} bytes, not ${bytes}`);
  }
  return { stream, events: encoded, expected, bytes };
};

const encode = ({ id, type, schemaVersion, recordedAt, ...event }: NewEvent): EncodedEvent => ({
  id,
  type,
  schemaVersion,
  data: canonicalJson(event.data),
  metadata: canonicalJson(event.metadata),
  ...(recordedAt === undefined ? {} : { recordedAtUs: toMicroseconds(recordedAt) }),
});
