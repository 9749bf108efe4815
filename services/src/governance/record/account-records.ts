import {
  type EventId,
  type EventStore,
  type LogPosition,
  type StreamName,
  type StreamVersion,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { type SnapshotOptions, serially } from '../../kernel/index.ts';
import type { Control, SessionName } from '../../risk/index.ts';
import { emptyLedger, from, type Ledger, lastDateOf, type Piece, withSession } from './ledger.ts';
import { sessionReader } from './session-record.ts';

/** Nothing that is measured looks farther back: more than a year, and what may be held at its beginning. */
const keptDays = 460;
/** A ledger that is built anew is saved after so many sessions each time. */
const savedEvery = 25;

const dayBefore = (date: TradingDate, days: number): TradingDate =>
  `${Temporal.PlainDate.from(date).subtract({ days })}` as TradingDate;
const dayNumber = (date: TradingDate): bigint =>
  BigInt(Temporal.PlainDate.from('1970-01-01').until(Temporal.PlainDate.from(date)).days);

/** The event by which a saved ledger is known to be of this log. */
type Closing = {
  readonly stream: StreamName;
  readonly version: StreamVersion;
  readonly eventId: EventId;
};
type Frame = Pick<Ledger, 'before'> & { readonly closing: Closing };

type Sessions = {
  readonly sessions: readonly SessionName[];
  readonly openSessions: readonly SessionName[];
};

/** What strategies did in accounts, as their sessions tell it. */
export type AccountRecords = {
  /**
   * Every account's record, in pieces that end on this date or later, the oldest first, with everything that
   * stood in the log when it was called, and a position at or before which all of it stands.
   * @throws what the event store throws: nothing that could not be read is left out
   */
  readonly since: (
    date: TradingDate,
  ) => Promise<{ readonly pieces: readonly Piece[]; readonly asOf: LogPosition }>;
  /**
   * Reads sessions that have closed and were not read yet, until `signal` aborts. Answers whether there is none
   * left: a log that was moved, or met by newer code, is read once from its beginning.
   */
  readonly catchUp: (signal: AbortSignal) => Promise<boolean>;
};

/** Sessions that have closed are read once and kept, and saved where there are snapshots; the open one is followed. */
export const accountRecords = (options: {
  readonly eventStore: EventStore;
  readonly control: Pick<Control, 'refresh'>;
  readonly snapshots?: SnapshotOptions | undefined;
}): AccountRecords => {
  const { eventStore, control, snapshots } = options;
  const read = sessionReader(eventStore);
  const inTurn = serially<string>();
  const ledgers = new Map<string, Ledger>();
  const streamOf = (account: string) => streamName('ledger', account);

  const restored = async (account: string): Promise<Ledger> => {
    const stream = streamOf(account);
    const saved = await snapshots?.store.load(stream).catch((error: unknown) => {
      snapshots.onProblem(stream, error);
      return undefined;
    });
    if (saved === undefined) return emptyLedger;
    const [frame, ...pieces] = saved.parts as readonly [Frame, ...Piece[]];
    const { closing, before } = frame;
    const [last] = await eventStore.readStream(closing.stream, {
      from: closing.version,
      maxCount: 1,
    });
    // Of another log, or of one that was put back to an earlier day.
    return last?.id === closing.eventId ? { before, pieces } : emptyLedger;
  };

  const save = async (account: string, { before, pieces }: Ledger): Promise<void> => {
    const session = pieces.at(-1)?.sessions.at(-1);
    if (snapshots === undefined || session === undefined) return;
    const stream = streamOf(account);
    try {
      const { closing } = await read(session);
      // Struck off without having closed: a later one that has is saved with it.
      if (closing === undefined) return;
      const { version, id: eventId, logPosition } = closing;
      const frame: Frame = { before, closing: { stream: session.stream, version, eventId } };
      // Its place is the date of its last session, which only grows.
      const place = { version: dayNumber(session.date) as StreamVersion, logPosition, eventId };
      await snapshots.store.save(stream, place, [frame, ...pieces]);
    } catch (error) {
      snapshots.onProblem(stream, error);
    }
  };

  /** Takes the sessions that are over into the ledger, until `signal` aborts; answers those that are left. */
  const closedUp = (account: string, { sessions, openSessions }: Sessions, signal?: AbortSignal) =>
    inTurn(account, async () => {
      const open = new Set(openSessions.map(({ stream }) => stream));
      let ledger = ledgers.get(account) ?? (await restored(account));
      const newest = sessions.at(-1)?.date;
      const earliest = newest && dayBefore(newest, keptDays);
      let unsaved = 0;
      const leftOf = ({ pieces }: Ledger) => {
        const last = pieces.map(lastDateOf).at(-1) ?? earliest;
        return sessions.filter(({ date }) => last === undefined || date > last);
      };
      for (const session of leftOf(ledger)) {
        if (signal?.aborted) break;
        const told = await read(session);
        if (told.closing === undefined && open.has(session.stream)) break;
        ledger = await withSession(ledger, told, read);
        ledgers.set(account, ledger);
        unsaved += 1;
        if (unsaved % savedEvery === 0) await save(account, ledger);
      }
      if (earliest !== undefined) ledger = from(ledger, earliest);
      ledgers.set(account, ledger);
      if (unsaved % savedEvery !== 0) await save(account, ledger);
      const left = leftOf(ledger);
      return { ledger, left, isRead: left.every(({ stream }) => open.has(stream)) };
    });

  const accountsNow = async () => [...(await control.refresh()).accounts];

  return {
    since: async (date) => {
      const accounts = await accountsNow();
      const asOf = await eventStore.lastPosition();
      const pieces: Piece[] = [];
      for (const [account, known] of accounts) {
        let { ledger, left } = await closedUp(account, known);
        for (const session of left) ledger = await withSession(ledger, await read(session), read);
        pieces.push(...from(ledger, date).pieces);
      }
      return { pieces, asOf };
    },
    catchUp: async (signal) => {
      for (const [account, known] of await accountsNow())
        if (!(await closedUp(account, known, signal)).isRead) return false;
      return true;
    },
  };
};
