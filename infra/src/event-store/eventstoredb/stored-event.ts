import {
  type EventId,
  EventStoreCorrupt,
  type RecordedEvent,
  type StreamName,
  streamNameSchema,
} from '@sentinel/contracts/kernel';
import type { EncodedEvent } from '../append-request.ts';
import { fromMicroseconds } from '../microseconds.ts';
import { recordedEvent } from '../recorded-event.ts';
import type { ProposedEvent, ServerEvent } from './log-client.ts';

const envelope =
  /^\{"schemaVersion":(\d{1,9}),(?:"recordedAtUs":(\d{1,16}),)?"metadata":(\{.*\})\}$/s;

/**
 * The server keeps a type, a payload and one text beside it: the schema version goes there, before the
 * metadata. Payload and metadata are the canonical texts as they are. The server stamps an event with its
 * own clock, so that the time of one that is copied from another log goes there too.
 */
export const proposedEvent = (event: EncodedEvent): ProposedEvent => ({
  id: event.id,
  type: event.type,
  data: event.data,
  metadata: `{"schemaVersion":${event.schemaVersion},${copied(event)}"metadata":${event.metadata}}`,
});

const copied = ({ recordedAtUs }: EncodedEvent): string =>
  recordedAtUs === undefined ? '' : `"recordedAtUs":${recordedAtUs},`;

/** Our streams among those of other applications in one cluster. */
export type StreamNames = {
  readonly onServer: (stream: StreamName) => string;
  /** Undefined for a stream that is not ours: another's under a longer prefix, a deleted one's tombstone. */
  readonly ours: (event: Pick<ServerEvent, 'stream' | 'type'>) => StreamName | undefined;
};

export const streamNames = (prefix: string): StreamNames => ({
  onServer: (stream) => `${prefix}${stream}`,
  ours: ({ stream, type }) => {
    if (!stream.startsWith(prefix) || type.startsWith('$')) return undefined;
    const parsed = streamNameSchema.safeParse(stream.slice(prefix.length));
    return parsed.success ? parsed.data : undefined;
  },
});

/**
 * What a reader sees of an event in a stream of ours.
 * @throws EventStoreCorrupt when it is none of ours: somebody else has written into our stream.
 */
export const storedEvent = (event: ServerEvent, stream: StreamName): RecordedEvent => {
  const [, schemaVersion, recordedAtUs, metadata] = envelope.exec(event.metadata) ?? [];
  try {
    if (schemaVersion === undefined || metadata === undefined)
      throw new SyntaxError('its metadata are not ours');
    return recordedEvent(
      {
        ...{ id: event.id as EventId, type: event.type, data: event.data, metadata },
        schemaVersion: Number(schemaVersion),
        ...(recordedAtUs === undefined ? {} : { recordedAtUs: BigInt(recordedAtUs) }),
      },
      {
        stream,
        version: event.revision,
        logPosition: event.position,
        recordedAt: fromMicroseconds(event.createdMicroseconds),
      },
    );
  } catch (cause) {
    throw new EventStoreCorrupt(
      `${stream} has an event at version ${event.revision} that Sentinel did not write`,
      { cause },
    );
  }
};
