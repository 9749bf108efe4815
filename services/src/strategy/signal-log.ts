import {
  type EventId,
  type EventMetadata,
  type EventOf,
  type EventStore,
  encodeEvent,
  type LogPosition,
  type NewId,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import { signalEvents } from '@sentinel/contracts/strategy';
import type { RecordedPlaces } from '../kernel/index.ts';

type SignalEvent = EventOf<typeof signalEvents>;

/** Well under a store's limit of events and of bytes in one append. */
const eventsAtOnce = 50;

export type RecordedSignals = {
  readonly ids: readonly EventId[];
  /** Position of the last event. */
  readonly logPosition: LogPosition;
};

export type SignalLog = {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly places: Pick<RecordedPlaces, 'remember'>;
};

/** Appends the events of one scan to the strategy's signal stream, in order; there must be one. */
export const recordSignals = async (
  { eventStore, newId, places }: SignalLog,
  scan: { readonly strategyId: string; readonly events: readonly SignalEvent[] },
  metadata: EventMetadata,
): Promise<RecordedSignals> => {
  const stream = streamName('signal', scan.strategyId);
  const events = scan.events.map((event) => ({
    id: newId() as EventId,
    ...encodeEvent(signalEvents, event),
    metadata,
  }));
  let logPosition: LogPosition | undefined;
  for (let i = 0; i < events.length; i += eventsAtOnce) {
    // Nothing is decided from what the stream holds, so that no version has to be expected.
    const page = events.slice(i, i + eventsAtOnce);
    const appended = await eventStore.appendToStream(stream, page, 'any');
    ({ logPosition } = appended);
    const first = appended.version - BigInt(page.length - 1);
    for (const [n, { id }] of page.entries()) {
      const place = { stream, version: (first + BigInt(n)) as StreamVersion };
      places.remember(id, place);
      const event = scan.events[i + n];
      if (event?.type === 'SignalFound') places.remember(event.data.signal.signalId, place);
    }
  }
  if (logPosition === undefined) throw new RangeError('a scan without an event');
  return { ids: events.map(({ id }) => id), logPosition };
};
