import { sessionEvents } from '@sentinel/contracts/execution';
import {
  boundedCache,
  decodeEvent,
  type EventStore,
  type LogPosition,
  type RecordedEvent,
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

type Read<Told> = {
  readonly told: readonly Told[];
  readonly next: StreamVersion;
  readonly isClosed: boolean;
};

/** Reads each session from where the last read of it ended; one that is closed has nothing more to tell. */
const following = <Told>(
  eventStore: Pick<EventStore, 'readStream'>,
  tells: (recorded: RecordedEvent) => readonly Told[],
): ((stream: StreamName) => Promise<readonly Told[]>) => {
  const known = boundedCache<StreamName, Read<Told>>(cachedSessions);
  const unread: Read<Told> = { told: [], next: 0n as StreamVersion, isClosed: false };
  return async (stream) => {
    const from = known.get(stream) ?? unread;
    if (from.isClosed) return from.told;
    let { next } = from;
    let isClosed = false;
    const news: Told[] = [];
    for await (const page of readPages(eventStore, stream, next))
      for (const recorded of page) {
        next = (recorded.version + 1n) as StreamVersion;
        isClosed ||= recorded.type === 'SessionClosed';
        news.push(...tells(recorded));
      }
    const told = news.length === 0 ? from.told : [...from.told, ...news];
    known.set(stream, { told, next, isClosed });
    return told;
  };
};

const entriesIn = (recorded: RecordedEvent): readonly Entry[] =>
  recordedTypes.has(recorded.type) ? entriesOf(decodeEvent(sessionEvents, recorded)) : [];

/** Types that name orders. */
const orderingTypes: ReadonlySet<string> = new Set([
  'SessionOpened',
  'WorkingOrdersCarried',
  'OrderSubmitted',
]);

const strategiesIn = (recorded: RecordedEvent): readonly string[] =>
  orderingTypes.has(recorded.type)
    ? entriesIn(recorded).flatMap((entry) =>
        entry.kind === 'ordered' ? (entry.intent.strategyId ?? []) : [],
      )
    : [];

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
  /** Every strategy that an order of these sessions named; of a session only those names are kept for it. */
  readonly namedSince: (date: TradingDate) => Promise<ReadonlySet<string>>;
};

export const sessionRecords = (options: {
  readonly eventStore: EventStore;
  readonly control: Pick<Control, 'refresh'>;
}): SessionRecords => {
  const { eventStore, control } = options;
  const entriesOfSession = following(eventStore, entriesIn);
  const strategiesOfSession = following(eventStore, strategiesIn);

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
    namedSince: async (date) => {
      const named = new Set<string>();
      for (const { stream } of await sessionsSince(date))
        for (const strategyId of await strategiesOfSession(stream)) named.add(strategyId);
      return named;
    },
  };
};
