import {
  accepted,
  type EventMetadata,
  type Outcome,
  refused,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { serially } from '../../kernel/index.ts';
import { hasEnded, replayEnded, sessionAfter } from '../../market/index.ts';
import { accountOf, type SessionName } from '../../risk/index.ts';
import type { SessionRefusal } from '../session/index.ts';
import { type SessionBooksOptions, sessionBooks, sessionOf } from './session-books.ts';
import type { SessionStore } from './session-store.ts';

/** The trading sessions of one account: opens today's from the books of the last, and finds it. */
export type Sessions = Pick<SessionStore, 'load' | 'refresh' | 'execute'> & {
  /**
   * Today's session, opened if it is not open, after an older one has been closed; once a replay has ended
   * its last one, which is closed. While nobody knows
   * whether a halt stands it finds that out first, and fails when it cannot.
   */
  readonly current: (metadata: EventMetadata) => Promise<Outcome<StreamName, SessionRefusal>>;
  /**
   * Does something in today's session; where that ends meanwhile, once more in the next. For commands
   * alone, whose first try has then changed nothing. Refused once a replay has ended.
   */
  readonly during: <Value, Code extends string>(
    metadata: EventMetadata,
    work: (stream: StreamName) => Promise<Outcome<Value, Code>>,
  ) => Promise<Outcome<Value, Code | SessionRefusal | 'REPLAY_ENDED'>>;
  /** The account's sessions that are open, in the order of their dates. */
  readonly open: () => Promise<readonly SessionName[]>;
};

export type SessionsOptions = SessionBooksOptions & {
  /** Takes orders to what the market did until the session ended, before its day orders expire. */
  readonly lastStep: (stream: StreamName) => Promise<unknown>;
  /** Rolls the sessions of one account one after another, in common with whoever else rolls them here. */
  readonly inTurn?: ReturnType<typeof serially<string>>;
};

/** Sessions that may end under one command. */
const mostTries = 20;

export const tradingSessions = (options: SessionsOptions): Sessions => {
  const { store, control, halting, market, account, inTurn = serially<string>() } = options;
  const books = sessionBooks(options);

  /** Opens a session. It is as well when another process has lived through it meanwhile. */
  const open = async (session: SessionName, metadata: EventMetadata): Promise<void> => {
    try {
      await books.open(session, metadata);
    } catch (error) {
      const { state } = await store.refresh(session.stream);
      if (state.phase !== 'closed') throw error;
    }
  };

  /** Takes a session to its end: what the market did in it first, then its books. */
  const end = async (session: SessionName, metadata: EventMetadata): Promise<void> => {
    // Another process may have traded in it: the market is gone through with all of its orders.
    const { state } = await store.refresh(session.stream);
    // One whose opening was broken off is opened to the end first: its books are the next one's.
    if (state.phase === 'unopened' || state.phase === 'opening') await open(session, metadata);
    await options.lastStep(session.stream);
    await books.close(session, metadata);
  };

  /**
   * Whatever was not looked at happened all the same: each session between the last one and today's is
   * opened, traded and closed, in order. An account without a last one begins today.
   */
  const liveThrough = async (today: SessionName, metadata: EventMetadata): Promise<void> => {
    for (;;) {
      const { lastClosed } = accountOf(await control.load(), account);
      const date = lastClosed === null ? undefined : sessionAfter(market, lastClosed.date);
      if (date === undefined || date >= today.date) return;
      const missed = sessionOf(account, date);
      await open(missed, metadata);
      await end(missed, metadata);
    }
  };

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
    for (const older of openSessions.filter(({ stream }) => stream !== today.stream))
      await end(older, metadata);
    if (lastClosed?.stream === today.stream) return accepted(today.stream);
    await liveThrough(today, metadata);
    await open(today, metadata);
    // No later session begins that would close this one.
    if (hasEnded(market)) await end(today, metadata);
    return accepted(today.stream);
  };

  const current: Sessions['current'] = async (metadata) => {
    await halting.certain(metadata);
    const today = sessionOf(account, market.session(market.now()).date);
    const { state } = await store.load(today.stream);
    if (state.phase === 'open' && !hasEnded(market)) return accepted(today.stream);
    return inTurn(account, () => roll(today, metadata));
  };

  return {
    load: store.load,
    refresh: store.refresh,
    execute: store.execute,
    current,
    during: async (metadata, work) => {
      for (let tries = 1; ; tries++) {
        const stream = await current(metadata);
        if (!stream.ok) return stream;
        const ended = replayEnded(market);
        if (ended !== undefined) return ended;
        const outcome = await work(stream.value);
        const hasEnded = !outcome.ok && outcome.refusal.code === 'SESSION_NOT_OPEN';
        if (!hasEnded || tries === mostTries) return outcome;
      }
    },
    open: async () => accountOf(await control.refresh(), account).openSessions,
  };
};
