import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  type LogPosition,
  type RecordedEvent,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Control, SessionName } from '../../risk/index.ts';
import { type Entry, entriesOf, recordedTypes } from './entries.ts';
import { following } from './following.ts';

/** One session as far as it was read. */
export type SessionRecord = SessionName & { readonly entries: readonly Entry[] };

const entriesIn = (recorded: RecordedEvent): readonly Entry[] =>
  recordedTypes.has(recorded.type) ? entriesOf(decodeEvent(sessionEvents, recorded)) : [];

/** What was done in sessions, read from their own streams. */
export type SessionRecords = {
  /**
   * Every session of every account from this date on, in the order of their dates, with everything
   * that stood in the log when it was called, and a position at or before which all of it stands.
   * @throws what the event store throws: nothing that could not be read is left out
   */
  readonly since: (date: TradingDate) => Promise<{
    readonly sessions: readonly SessionRecord[];
    readonly asOf: LogPosition;
  }>;
};

export const sessionRecords = (options: {
  readonly eventStore: EventStore;
  readonly control: Pick<Control, 'refresh'>;
}): SessionRecords => {
  const { eventStore, control } = options;
  const entriesOfSession = following<readonly Entry[]>(eventStore, {
    initial: [],
    evolve: (entries, page) => [...entries, ...page.flatMap(entriesIn)],
  });

  const sessionsSince = async (date: TradingDate): Promise<readonly SessionName[]> => {
    const { accounts } = await control.refresh();
    return [...accounts.values()]
      .flatMap(({ sessions }) => sessions)
      .filter((session) => session.date >= date)
      .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  };

  return {
    since: async (date) => {
      const wanted = await sessionsSince(date);
      const asOf = await eventStore.lastPosition();
      const sessions: SessionRecord[] = [];
      for (const session of wanted)
        sessions.push({ ...session, entries: await entriesOfSession(session.stream) });
      return { sessions, asOf };
    },
  };
};
