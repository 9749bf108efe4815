import { type Venue, type VenueReport, VenueUnavailable } from '@sentinel/contracts/execution';
import {
  type EventMetadata,
  millisecondsBetween,
  type OrderId,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { isUnanswered, orderOf, type Session } from '../session/index.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { reconcileSession } from './reconciliation.ts';

export type VenueStepOptions = {
  readonly sessions: Pick<Sessions, 'load' | 'execute'>;
  readonly venue: Venue<Session>;
  /** The market's clock. */
  readonly now: () => Temporal.Instant;
  readonly metadata: () => EventMetadata;
};

export type VenueStep = {
  /** How many orders still work. */
  readonly working: number;
  /** Reports of orders that the session has never had: nothing was booked, and somebody must look. */
  readonly unmatched: readonly VenueReport[];
};

/** Appends of one step at the most; what is left is for the next one. */
const mostRounds = 100;
/** What is left at the close is for nobody: every second of a day may say something. */
const mostRoundsAtClose = 100_000;
const nothing: VenueStep = { working: 0, unmatched: [] };

/**
 * Takes what the venue says until it has said all, each time in one command with everything in it. An
 * order of which it turns out that nobody knows is asked for before anything else is taken.
 */
const collectAll = async (
  options: VenueStepOptions,
  stream: StreamName,
  closing: boolean,
): Promise<VenueStep> => {
  const { sessions, venue, now, metadata } = options;
  const unmatched: VenueReport[] = [];
  const asked = new Set<OrderId>();
  for (let round = 0; round < (closing ? mostRoundsAtClose : mostRounds); round++) {
    const resolved = await reconcileSession({ ...options, at: now(), asked }, stream, metadata());
    if (resolved?.ok === false) return nothing;
    const { state } = await sessions.load(stream);
    if (state.phase !== 'open') return { working: 0, unmatched };
    const { reports, taken } = await venue.collect(state, { at: now(), closing });
    if (reports.length === 0) {
      if (!closing) await giveUpWaiting(options, stream);
      return { working: state.working.size, unmatched };
    }
    const outcome = await sessions.execute(stream, { type: 'ReportVenue', reports }, metadata());
    if (!outcome.ok) return { working: 0, unmatched };
    taken();
    const after = outcome.value.state;
    if (after.phase === 'unopened') return { working: 0, unmatched };
    unmatched.push(...reports.filter((report) => orderOf(report, after) === undefined));
    // It has said nothing that was not known: it would say the same again.
    if (outcome.value.events.length === 0) {
      if (!closing) await giveUpWaiting(options, stream);
      return { working: after.working.size, unmatched };
    }
  }
  const { state } = await sessions.load(stream);
  return { working: state.phase === 'open' ? state.working.size : 0, unmatched };
};

/**
 * Orders that the venue has left unanswered for longer than it ever takes are of unknown outcome. For
 * when it has been heard out, or cannot be: while it still has something to say, it is we who are late.
 */
const giveUpWaiting = async (
  { sessions, venue, now, metadata }: VenueStepOptions,
  stream: StreamName,
): Promise<void> => {
  const { state } = await sessions.load(stream);
  const withinMs = state.phase === 'open' ? venue.answersWithinMs(state) : null;
  if (state.phase !== 'open' || withinMs === null) return;
  const at = now();
  const overdue = state.working
    .values()
    .some((order) => isUnanswered(order) && millisecondsBetween(order.submittedAt, at) > withinMs);
  if (!overdue) return;
  await sessions.execute(
    stream,
    { type: 'Reconcile', at, answers: [], answersWithinMs: withinMs },
    metadata(),
  );
};

/**
 * One step of the workflow that stands between a session and its venue: asks for what is unknown, takes
 * what was said, and gives up waiting for what was not. All that is asked of the outside is asked before
 * the command that carries it. @throws VenueUnavailable, after having given up waiting
 */
export const venueStep = async (
  options: VenueStepOptions,
  stream: StreamName,
): Promise<VenueStep> => {
  try {
    return await collectAll(options, stream, false);
  } catch (error) {
    if (error instanceof VenueUnavailable) await giveUpWaiting(options, stream);
    throw error;
  }
};

/** Reports of one append: each may become four events, and an append holds 500. */
const reportsAtOnce = 100;

/**
 * Asks the venue for all that works in the account, and takes what is not known: what was missed while
 * nobody listened, and what others have placed. For the start, before the first step. Answers the
 * reports that fit no order. @throws VenueUnavailable, and nothing is recorded
 */
export const recoverFromVenue = async (
  { sessions, venue, metadata }: VenueStepOptions,
  stream: StreamName,
): Promise<readonly VenueReport[]> => {
  const { state } = await sessions.load(stream);
  if (state.phase !== 'open') return [];
  const reports = (await venue.massStatus(state)).flatMap((of) => of.reports);
  for (let from = 0; from < reports.length; from += reportsAtOnce) {
    const some = reports.slice(from, from + reportsAtOnce);
    await sessions.execute(stream, { type: 'ReportVenue', reports: some }, metadata());
  }
  const { state: after } = await sessions.load(stream);
  return after.phase === 'open'
    ? reports.filter((report) => orderOf(report, after) === undefined)
    : [];
};

/**
 * The last step of a session, at its close: takes what the venue has said in it and leaves nothing out. A
 * venue that cannot be reached does not keep the books open: what it has not answered is unknown, keeps
 * what it may cost, and is asked for in the next session.
 */
export const lastVenueStep = async (
  options: VenueStepOptions,
  stream: StreamName,
): Promise<VenueStep> => {
  const { sessions, now, metadata } = options;
  try {
    return await collectAll(options, stream, true);
  } catch (error) {
    if (!(error instanceof VenueUnavailable)) throw error;
    const command = { type: 'Reconcile', at: now(), answers: [], answersWithinMs: 0 } as const;
    await sessions.execute(stream, command, metadata());
    return nothing;
  }
};
