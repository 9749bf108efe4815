import type {
  EventMetadata,
  Json,
  LogPosition,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import type { EncodedEvent } from './append-request.ts';
import { fromMicroseconds } from './microseconds.ts';

type Place = {
  readonly stream: StreamName;
  readonly version: bigint;
  readonly logPosition: bigint;
  /** Of an event that was new to this log. */
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
  recordedAt:
    event.recordedAtUs === undefined ? place.recordedAt : fromMicroseconds(event.recordedAtUs),
});
