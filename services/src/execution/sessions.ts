import {
  type Digest,
  type EventMetadata,
  type EventStore,
  type NewId,
  type Outcome,
  refused,
  type StreamName,
  streamName,
} from '@sentinel/contracts/kernel';
import { serially } from '../kernel/index.ts';
import type { ControlState } from '../risk/index.ts';
import type { SessionRefusal } from './session/index.ts';
import { alignSession } from './session-alignment.ts';
import { type SessionBooksOptions, sessionBooks } from './session-books.ts';
import { type SessionStore, sessionStore } from './session-store.ts';

/** The trading sessions of one account: opens today's from the books of the last, and finds it. */
export type Sessions = Pick<SessionStore, 'load' | 'execute'> & {
  /** Opens today's session if it is not open, closing an older one first. */
  readonly current: (metadata: EventMetadata) => Promise<Outcome<StreamName, SessionRefusal>>;
  /**
   * Says that nobody knows whether a halt stands: until an alignment has succeeded, every order
   * aligns first, and fails when that fails.
   */
  readonly doubt: () => void;
  /** Brings every open session in line with the control stream; once it returns, halts hold. */
  readonly align: (metadata: EventMetadata) => Promise<void>;
  /** Streams of the sessions that are open, as far as this process has seen: it opens them itself. */
  readonly open: () => Promise<readonly StreamName[]>;
};

export type SessionsOptions = Omit<SessionBooksOptions, 'store'> & {
  /** Sessions that somebody has begun to fold; by default none. */
  readonly store?: SessionStore | undefined;
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly digest: Digest;
  /** Takes orders to what the market did until the session ended, before its day orders expire. */
  readonly beforeClosing: (stream: StreamName) => Promise<void>;
};

export const tradingSessions = (options: SessionsOptions): Sessions => {
  const { control, market, account } = options;
  const store = options.store ?? sessionStore(options);
  const books = sessionBooks({ ...options, store });
  const inTurn = serially<string>();
  let opened: StreamName | undefined;
  let doubts = 0;

  const align = (stream: StreamName, metadata: EventMetadata) =>
    alignSession({ store, control, now: market.now }, stream, metadata);
  const openSessions = ({ openSessions: open }: ControlState) => open as readonly StreamName[];

  const roll = async (metadata: EventMetadata): Promise<Outcome<StreamName, SessionRefusal>> => {
    const { date } = market.session(market.now());
    const stream = streamName('session', `${account}-${date}`);
    const { openSessions: open, lastClosed } = await control.load();
    const newest = [...open, ...(lastClosed === null ? [] : [lastClosed])].sort().at(-1);
    if (newest !== undefined && newest > stream) {
      return refused(
        'CLOCK_BACKWARD',
        `The market's date is ${date}, but ${newest} is recorded already.`,
        'Check the market data provider: its clock went back behind the log.',
      );
    }
    for (const older of open.filter((session) => session !== stream)) {
      await options.beforeClosing(older as StreamName);
      await books.close(older as StreamName, metadata);
    }
    if (newest !== stream || open.includes(stream)) {
      await books.open(stream, date, metadata);
      await align(stream, metadata);
    }
    // Also in a session that was open before: the process may have ended before this was done.
    await books.settle(stream, metadata);
    opened = stream;
    return { ok: true, value: stream };
  };

  const alignAll = async (metadata: EventMetadata): Promise<void> => {
    const settled = doubts;
    for (const stream of openSessions(await control.refresh())) await align(stream, metadata);
    // A doubt that arose meanwhile is not settled by what was read before it.
    if (doubts === settled) doubts = 0;
  };

  return {
    doubt: () => {
      doubts += 1;
    },
    load: store.load,
    execute: store.execute,
    current: async (metadata) => {
      if (doubts > 0) await alignAll(metadata);
      const { date } = market.session(market.now());
      if (opened?.endsWith(date)) return { ok: true, value: opened };
      return inTurn(account, () => roll(metadata));
    },
    align: alignAll,
    open: async () => openSessions(await control.load()),
  };
};
