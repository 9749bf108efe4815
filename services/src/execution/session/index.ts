import type { Digest } from '@sentinel/contracts/kernel';
import type { Decider } from '../../kernel/index.ts';
import type { SessionCommand, SessionRefusal } from './commands.ts';
import { decideSession } from './decide.ts';
import { evolve } from './evolve/evolve.ts';
import type { SessionEvent, SessionState } from './state.ts';

export type SessionDecider = Decider<SessionCommand, SessionState, SessionEvent, SessionRefusal>;

/** The trading session. */
export const sessionDecider = (digest: Digest): SessionDecider => ({
  initialState: { phase: 'unopened' },
  decide: decideSession(digest),
  evolve,
});

export { assessedAccount, markedSymbols } from './account.ts';
export { changedIntent, newestIntent } from './changed-intent.ts';
export type {
  CarryOrders,
  OrderChanges,
  SessionCommand,
  SessionRefusal,
} from './commands.ts';
export { entryRefusal } from './entry.ts';
export type { Gathered } from './gathered.ts';
export { withinMeans } from './means.ts';
export { meetAnswers } from './meet-answers.ts';
export { type ExchangeBar, meetBar, restingOf } from './meet-bar.ts';
export { meetQuotes, mostReports, type QuotedMoment } from './meet-quotes.ts';
export type { Asking } from './proposal-commands.ts';
export { isUnanswered } from './reconcile.ts';
export {
  type OrderRecord,
  type Session,
  type SessionEvent,
  type SessionState,
  type StandingWindDown,
  workingInTurn,
} from './state.ts';
export { orderOf, takeReports } from './venue-reports.ts';
export { startWalk, type Walk, walkBars } from './walk-bars.ts';
export { closingKey, isClosing, leftOf, standingWindDowns } from './wind-down.ts';
