import type { EventStore, LogPosition, TradingDate } from '@sentinel/contracts/kernel';
import { type SnapshotOptions, serially } from '../../kernel/index.ts';
import type { Control, SessionName } from '../../risk/index.ts';
import { from, type Ledger, lastDateOf, type Piece, withSession } from './ledger.ts';
import { savedLedgers } from './saved-ledgers.ts';
import { sessionReader } from './session-record.ts';

/** Nothing that is measured looks farther back: more than a year, and what may be held at its beginning. */
const keptDays = 460;
/** A ledger that is built anew is saved after so many sessions each time. */
const savedEvery = 25;

const dayBefore = (date: TradingDate, days: number): TradingDate =>
  `${Temporal.PlainDate.from(date).subtract({ days })}` as TradingDate;
/** Less than a call waits, behind a step of the workflow that reads the same. */
const patienceMs = 15_000;

/** A long log is being read, as after a move or an upgrade: what strategies did is not known yet. */
export class StillReading extends Error {
  override readonly name = 'StillReading';
}

type Sessions = {
  readonly sessions: readonly SessionName[];
  readonly openSessions: readonly SessionName[];
};

/** What strategies did in accounts, as their sessions tell it. */
export type AccountRecords = {
  /**
   * Every account's record, in pieces that end on this date or later, the oldest first, with everything that
   * stood in the log when it was called, and a position at or before which all of it stands.
   * @throws StillReading, and what the event store throws: nothing that could not be read is left out
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
  /** Between two pages of a session: whoever trades meanwhile comes first. */
  readonly rest?: (() => Promise<void>) | undefined;
  /** Ends the waiting of whoever asks. */
  readonly patience?: () => AbortSignal;
}): AccountRecords => {
  const { eventStore, control, patience = () => AbortSignal.timeout(patienceMs) } = options;
  const read = sessionReader(eventStore, options.rest);
  const inTurn = serially<string>();
  const ledgers = new Map<string, Ledger>();
  const saved = savedLedgers({ eventStore, read, snapshots: options.snapshots });

  /** Takes the sessions that are over into the ledger, until `signal` aborts; answers those that are left. */
  const closedUp = (account: string, { sessions, openSessions }: Sessions, signal: AbortSignal) =>
    inTurn(account, async () => {
      const open = new Set(openSessions.map(({ stream }) => stream));
      let ledger = ledgers.get(account) ?? (await saved.restored(account));
      const newest = sessions.at(-1)?.date;
      const earliest = newest && dayBefore(newest, keptDays);
      let unsaved = 0;
      const leftOf = ({ pieces }: Ledger) => {
        const last = pieces.map(lastDateOf).at(-1) ?? earliest;
        return sessions.filter(({ date }) => last === undefined || date > last);
      };
      for (const session of leftOf(ledger)) {
        if (signal.aborted) break;
        const told = await read(session);
        if (told.closing === undefined && open.has(session.stream)) break;
        ledger = await withSession(ledger, told, read);
        ledgers.set(account, ledger);
        unsaved += 1;
        if (unsaved % savedEvery === 0) await saved.save(account, ledger);
      }
      if (earliest !== undefined) ledger = from(ledger, earliest);
      ledgers.set(account, ledger);
      if (unsaved % savedEvery !== 0) await saved.save(account, ledger);
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
        const { isRead, ledger: closed, left } = await closedUp(account, known, patience());
        if (!isRead)
          throw new StillReading(closed.pieces.map(lastDateOf).at(-1) ?? 'its first session');
        let ledger = closed;
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
