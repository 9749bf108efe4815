import {
  type EventOf,
  EventStoreCorrupt,
  type HaltId,
  type StreamName,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type {
  AccountBinding,
  controlEvents,
  Halt,
  HaltScope,
  LimitsDocument,
  MarketBinding,
} from '@sentinel/contracts/risk';

import { type AskedOfHumans, answered, withoutRelease, withRequest } from './asked.ts';

/** The stream whose halts and limits hold for the sessions of every account. */
export const controlStream: StreamName = streamName('control');

export type ControlEvent = EventOf<typeof controlEvents>;

/** A session's stream, with whose it is and of which date. */
export type SessionName = {
  readonly stream: StreamName;
  readonly account: string;
  readonly date: TradingDate;
};

/** What is known of one account here: nothing of it is shared with another. */
export type AccountControl = {
  /** Sessions that must be told of whatever changes here, in the order in which they opened. */
  readonly openSessions: readonly SessionName[];
  /** Every session that it ever had, oldest first: whoever reckons what was done reads them. */
  readonly sessions: readonly SessionName[];
  /** The session that was closed last: whose books the next one continues. */
  readonly lastClosed: SessionName | null;
  /** Limits of its own; null where those of the house hold. */
  readonly limits: LimitsDocument | null;
  /** What it began with; null in a log from before that was recorded. */
  readonly bound: AccountBinding | null;
};

export type ControlState = AskedOfHumans & {
  /** The market of everything in this log; null in one from before that was recorded. */
  readonly market: MarketBinding | null;
  readonly halts: readonly Halt[];
  /** Limits that hold for every account without its own; null before any were adopted. */
  readonly limits: LimitsDocument | null;
  readonly accounts: ReadonlyMap<string, AccountControl>;
  readonly released: ReadonlyMap<HaltId, Extract<ControlEvent, { type: 'HaltReleased' }>['data']>;
};

const newAccount: AccountControl = {
  openSessions: [],
  sessions: [],
  lastClosed: null,
  limits: null,
  bound: null,
};

export const accountOf = (state: ControlState, account: string): AccountControl =>
  state.accounts.get(account) ?? newAccount;

const withAccount = (
  state: ControlState,
  account: string,
  change: Partial<AccountControl>,
): ControlState => ({
  ...state,
  accounts: new Map(state.accounts).set(account, { ...accountOf(state, account), ...change }),
});

const nameOf = ({
  session,
  account,
  date,
}: Extract<ControlEvent, { type: 'SessionRegistered' }>['data']): SessionName => ({
  stream: session as StreamName,
  account,
  date,
});

/** How an event moves the control state. */
export const evolveControl = (state: ControlState, event: ControlEvent): ControlState => {
  switch (event.type) {
    case 'HaltEngaged':
      return { ...state, halts: [...state.halts, event.data] };
    case 'HaltReleased':
      return {
        ...state,
        halts: state.halts.filter(({ haltId }) => haltId !== event.data.haltId),
        releaseRequests: new Map(
          [...state.releaseRequests].filter(([, { haltId }]) => haltId !== event.data.haltId),
        ),
        released: new Map(state.released).set(event.data.haltId, event.data),
      };
    case 'LimitsAdopted': {
      const { account, document } = event.data;
      return account === undefined
        ? { ...state, limits: document }
        : withAccount(state, account, { limits: document });
    }
    case 'HaltReleaseRequested':
      return withRequest(state, event.data);
    case 'HaltReleaseExpired':
      return withoutRelease(state, event.data.requestId);
    case 'LimitsProposed':
      return {
        ...state,
        proposedLimits: new Map(state.proposedLimits).set(event.data.requestId, event.data.limits),
      };
    case 'ApprovalRequested':
    case 'ApprovalGranted':
    case 'ApprovalDeclined':
    case 'ApprovalExpired':
      return answered(state, event);
    case 'MarketBound': {
      const { at: _, ...market } = event.data;
      return { ...state, market };
    }
    case 'AccountBound': {
      const { at: _, ...bound } = event.data;
      return withAccount(state, bound.account, { bound });
    }
    case 'SessionRegistered': {
      const session = nameOf(event.data);
      const { openSessions, sessions } = accountOf(state, session.account);
      return withAccount(state, session.account, {
        openSessions: [...openSessions, session],
        sessions: [...sessions, session],
      });
    }
    case 'SessionDeregistered': {
      const session = nameOf(event.data);
      const { openSessions } = accountOf(state, session.account);
      return withAccount(state, session.account, {
        openSessions: openSessions.filter(({ stream }) => stream !== session.stream),
        lastClosed: session,
      });
    }
  }
};

/** The sessions of every account that are open. */
export const openSessionsOf = (state: ControlState): readonly SessionName[] =>
  [...state.accounts.values()].flatMap(({ openSessions }) => openSessions);

/** The limits in force. @throws EventStoreCorrupt before any were adopted: start-up adopts them first */
export const limitsInForce = (state: ControlState, account: string): LimitsDocument => {
  const limits = accountOf(state, account).limits ?? state.limits;
  if (limits === null) throw new EventStoreCorrupt('no risk limits were ever adopted');
  return limits;
};

/** Whether a halt covers an account. */
export const covers = (halt: Pick<Halt, 'account'>, account: string): boolean =>
  halt.account === undefined || halt.account === account;

export const haltsOf = (state: ControlState, account: string): readonly Halt[] =>
  state.halts.filter((halt) => covers(halt, account));

/** What a halt stops: two with the same of all three are one halt. */
export type HaltTarget = {
  readonly scope: HaltScope;
  readonly target: string | null;
  /** Absent where it covers every account. */
  readonly account?: string | undefined;
};

export const isSameTarget = (a: HaltTarget, b: HaltTarget): boolean =>
  a.scope === b.scope && a.target === b.target && a.account === b.account;

/**
 * The halt in force for exactly this scope and target, in this account or, engaged before halts named
 * one, in every account.
 */
export const findHalt = (
  halts: readonly Halt[],
  { scope, target, account }: HaltTarget,
): Halt | undefined =>
  halts.find((halt) => isSameTarget(halt, { scope, target, account })) ??
  halts.find((halt) => isSameTarget(halt, { scope, target }));
