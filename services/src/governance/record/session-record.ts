import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, type EventStore, type RecordedEvent } from '@sentinel/contracts/kernel';
import type { SessionName } from '../../risk/index.ts';
import { type Entry, entriesOf, recordedTypes } from './entries.ts';
import { following } from './following.ts';

/** One session as far as it was read. */
export type SessionRecord = SessionName & { readonly entries: readonly Entry[] };

type Told = {
  readonly entries: readonly Entry[];
  /** The event that closed it. */
  readonly closing: RecordedEvent | undefined;
};

/** Sessions that are open, and those around one whose executions were changed late. */
const keptSessions = 8;

const entriesIn = (recorded: RecordedEvent): readonly Entry[] =>
  recordedTypes.has(recorded.type) ? entriesOf(decodeEvent(sessionEvents, recorded)) : [];

/** What a session says of what strategies did, and whether it has said all. @throws what the event store throws */
export type SessionReader = (session: SessionName) => Promise<SessionRecord & Told>;

export const sessionReader = (
  eventStore: Pick<EventStore, 'readStream'>,
  rest?: () => Promise<void>,
): SessionReader => {
  const read = following<Told>(eventStore, {
    capacity: keptSessions,
    rest,
    initial: { entries: [], closing: undefined },
    evolve: ({ entries, closing }, page) => ({
      entries: [...entries, ...page.flatMap(entriesIn)],
      closing: closing ?? page.find(({ type }) => type === 'SessionClosed'),
    }),
  });
  return async (session) => ({ ...session, ...(await read(session.stream)) });
};
