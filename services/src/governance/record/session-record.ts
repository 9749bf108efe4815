import { sessionEvents } from '@sentinel/contracts/execution';
import {
  boundedCache,
  decodeEvent,
  type EventStore,
  type LogPosition,
  type StreamName,
  type StreamVersion,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { readPages } from '../../kernel/index.ts';
import type { Control, SessionName } from '../../risk/index.ts';
import { type Entry, entriesOf, recordedTypes } from './entries.ts';

/** More than a year of sessions of one account. */
const cachedSessions = 300;

/** One session as far as it was read. */
export type SessionRecord = SessionName & { readonly entries: readonly Entry[] };

type Read = { readonly entries: readonly Entry[]; readonly next: StreamVersion };
const nothing: Read = { entries: [], next: 0n as StreamVersion };

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
  const known = boundedCache<StreamName, Read>(cachedSessions);

  /** A closed session has nothing more to tell; of an open one what is new is read. */
  const read = async (stream: StreamName): Promise<readonly Entry[]> => {
    const from = known.get(stream) ?? nothing;
    const entries = [...from.entries];
    let { next } = from;
    for await (const page of readPages(eventStore, stream, next))
      for (const recorded of page) {
        next = (recorded.version + 1n) as StreamVersion;
        if (recordedTypes.has(recorded.type))
          entries.push(...entriesOf(decodeEvent(sessionEvents, recorded)));
      }
    known.set(stream, { entries, next });
    return entries;
  };

  return {
    since: async (date) => {
      const { accounts } = await control.refresh();
      const asOf = await eventStore.lastPosition();
      const wanted = [...accounts.values()]
        .flatMap(({ sessions }) => sessions)
        .filter((session) => session.date >= date)
        .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
      const sessions: SessionRecord[] = [];
      for (const session of wanted)
        sessions.push({ ...session, entries: await read(session.stream) });
      return { sessions, asOf };
    },
  };
};
