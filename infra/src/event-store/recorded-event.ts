import type {
  EventMetadata,
  Json,
  LogPosition,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import type { EncodedEvent } from './append-request.ts';

type Place = {
  readonly stream: StreamName;
  readonly version: bigint;
  readonly logPosition: bigint;
  readonly recordedAt: Temporal.Instant;
};

/**
 * The event as a reader sees it. The payload is parsed afresh from its stored text, so that what is
 * followed live and what is replayed years later are the same, and no caller's object is shared.
 */
export const recordedEvent = (event: EncodedEvent, place: Place): RecordedEvent => ({
  id: event.id,
  type: event.type,
  schemaVersion: event.schemaVersion,
  data: JSON.parse(event.data) as Json,
  metadata: JSON.parse(event.metadata) as EventMetadata,
  stream: place.stream,
  version: place.version as StreamVersion,
  logPosition: place.logPosition as LogPosition,
  recordedAt: place.recordedAt,
});

/** Stores keep microseconds; the rest is cut off when the event is taken, not when it is read. */
export const toMicroseconds = (instant: Temporal.Instant): bigint =>
  instant.round({ smallestUnit: 'microsecond', roundingMode: 'floor' }).epochNanoseconds / 1_000n;

export const fromMicroseconds = (microseconds: bigint): Temporal.Instant =>
  Temporal.Instant.fromEpochNanoseconds(microseconds * 1_000n);
