import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  type RecordedEvent,
  type StreamName,
  streamNameSchema,
} from '@sentinel/contracts/kernel';
import { type Session, sessionDecider } from '../../execution/index.ts';
import { readPages } from '../../kernel/index.ts';
import type { Entry } from './compare-events.ts';

/** A recorded event as a task takes it: plain values alone. */
export type StoredEvent = Pick<
  RecordedEvent,
  'id' | 'type' | 'schemaVersion' | 'data' | 'logPosition'
>;

export type StoredSession = {
  readonly stream: StreamName;
  readonly events: readonly StoredEvent[];
};

export const readSession = async (
  eventStore: Pick<EventStore, 'readStream'>,
  stream: StreamName,
): Promise<StoredSession> => {
  const events: StoredEvent[] = [];
  for await (const page of readPages(eventStore, stream))
    for (const { id, type, schemaVersion, data, logPosition } of page)
      events.push({ id, type, schemaVersion, data, logPosition });
  return { stream, events };
};

/** The session whose books this one continues; null for an account's first. */
export const readPrevious = async (
  eventStore: Pick<EventStore, 'readStream'>,
  { events: [first] }: StoredSession,
): Promise<StoredSession | null> => {
  if (first?.type !== 'SessionOpened') return null;
  const { previous } = first.data as { readonly previous?: unknown };
  const stream = streamNameSchema.safeParse(previous);
  return stream.success ? readSession(eventStore, stream.data) : null;
};

const definitions: Readonly<Record<string, { readonly version: number }>> = sessionEvents;

export const entriesOf = ({ events }: StoredSession): readonly Entry[] =>
  events.map((stored) => ({
    id: stored.id,
    event: decodeEvent(sessionEvents, stored),
    older: stored.schemaVersion < (definitions[stored.type]?.version ?? 0),
  }));

/** The session as its last event left it; undefined where it holds none. */
export const foldedSession = (
  stored: StoredSession,
  digest: Parameters<typeof sessionDecider>[0],
): Session | undefined => {
  const { evolve, initialState } = sessionDecider(digest);
  const state = entriesOf(stored).reduce(
    (before, { event }) => evolve(before, event),
    initialState,
  );
  return state.phase === 'unopened' ? undefined : state;
};
