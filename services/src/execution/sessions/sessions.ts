import {
  type EventMetadata,
  type Outcome,
  refused,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { serially } from '../../kernel/index.ts';
import { accountOf, type SessionName } from '../../risk/index.ts';
import type { SessionRefusal } from '../session/index.ts';
import { type SessionBooksOptions, sessionBooks, sessionOf } from './session-books.ts';
import type { SessionStore } from './session-store.ts';

/** The trading sessions of one account: opens today's from the books of the last, and finds it. */
export type Sessions = Pick<SessionStore, 'load' | 'execute'> & {
  /**
   * Today's session, opened if it is not open, after an older one has been closed. While nobody knows
   * whether a halt stands it finds that out first, and fails when it cannot.
   */
  readonly current: (metadata: EventMetadata) => Promise<Outcome<StreamName, SessionRefusal>>;
  /** The account's sessions that are open, in the order of their dates. */
  readonly open: () => Promise<readonly SessionName[]>;
};

export type SessionsOptions = SessionBooksOptions & {
  /** Takes orders to what the market did until the session ended, before its day orders expire. */
  readonly lastStep: (stream: StreamName) => Promise<unknown>;
};

export const tradingSessions = (options: SessionsOptions): Sessions => {
  const { store, control, halting, market, account } = options;
  const books = sessionBooks(options);
  const inTurn = serially<string>();

  const roll = async (
    today: SessionName,
    metadata: EventMetadata,
  ): Promise<Outcome<StreamName, SessionRefusal>> => {
    const { openSessions, lastClosed } = accountOf(await control.refresh(), account);
    const known = lastClosed === null ? openSessions : [...openSessions, lastClosed];
    const later = known.find(({ date }) => date > today.date);
    if (later !== undefined) {
      return refused(
        'CLOCK_BACKWARD',
        `The market's date is ${today.date}, but ${later.stream} is recorded already.`,
        'Check the market data provider: its clock went back behind the log.',
      );
    }
    for (const older of openSessions.filter(({ stream }) => stream !== today.stream)) {
      await options.lastStep(older.stream);
      await books.close(older, metadata);
    }
    if (lastClosed?.stream !== today.stream) await books.open(today, metadata);
    return { ok: true, value: today.stream };
  };

  return {
    load: store.load,
    execute: store.execute,
    current: async (metadata) => {
      await halting.certain(metadata);
      const today = sessionOf(account, market.session(market.now()).date);
      const { state } = await store.load(today.stream);
      if (state.phase === 'open') return { ok: true, value: today.stream };
      return inTurn(account, () => roll(today, metadata));
    },
    open: async () => accountOf(await control.load(), account).openSessions,
  };
};
