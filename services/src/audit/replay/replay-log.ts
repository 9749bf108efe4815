import {
  beforeAll,
  type Digest,
  type EventStore,
  type RecordedEvent,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Previous } from './command-behind.ts';
import { replaySession } from './replay-session.ts';
import { entriesOf, foldedSession, type StoredSession } from './stored-session.ts';

const pageSize = 5_000;

const recordedSessions = async ({
  readAll,
}: Pick<EventStore, 'readAll'>): Promise<ReadonlyMap<StreamName, StoredSession>> => {
  const sessions = new Map<StreamName, RecordedEvent[]>();
  let after = beforeAll;
  for (let full = true; full; ) {
    const page = await readAll({ after, maxCount: pageSize });
    for (const each of page)
      if (each.stream.startsWith('session-'))
        sessions.set(each.stream, [...(sessions.get(each.stream) ?? []), each]);
    after = page.at(-1)?.logPosition ?? after;
    full = page.length === pageSize;
  }
  return new Map([...sessions].map(([stream, events]) => [stream, { stream, events }]));
};

const booksBefore = (
  { events: [first] }: StoredSession,
  sessions: ReadonlyMap<StreamName, StoredSession>,
  digest: Digest,
): Previous | undefined => {
  const { previous } = (first?.data ?? {}) as { readonly previous?: StreamName | null };
  const stored = previous == null ? undefined : sessions.get(previous);
  const session = stored && foldedSession(stored, digest);
  return session && stored && { stream: stored.stream, session };
};

/**
 * Executes every session of a log again but those of more than `mostEvents`. One sentence for each that
 * comes out otherwise.
 */
export const replayLog = async (
  eventStore: Pick<EventStore, 'readAll'>,
  { digest, mostEvents }: { readonly digest: Digest; readonly mostEvents: number },
): Promise<readonly string[]> => {
  const sessions = await recordedSessions(eventStore);
  return [...sessions.values()].flatMap((stored) => {
    if (stored.events.length > mostEvents) return [];
    const previous = booksBefore(stored, sessions, digest);
    const { firstDifference } = replaySession(entriesOf(stored), { digest, previous });
    return firstDifference === null
      ? []
      : [`${stored.stream}, ${firstDifference.type}: ${firstDifference.what}`];
  });
};
