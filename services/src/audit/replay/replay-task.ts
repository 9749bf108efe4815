import type { OutputOf } from '@sentinel/contracts';
import { auditQueries } from '@sentinel/contracts/audit';
import { type Digest, EventStoreCorrupt, encodeBy } from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import type { Session } from '../../execution/index.ts';
import type { Task } from '../../kernel/index.ts';
import type { Entry } from './compare-events.ts';
import { knownThen } from './known-then.ts';
import { pricesSeen } from './prices-seen.ts';
import { replaySession } from './replay-session.ts';
import { entriesOf, foldedSession, type StoredSession } from './stored-session.ts';

type Answer = OutputOf<'ReplaySession'>;
type Decision = Answer['decisions'][number];

export type ReplayInput = {
  readonly session: StoredSession;
  readonly previous: StoredSession | null;
  /** How many of its events had happened by the moment that is asked for. */
  readonly until: number;
  readonly full: boolean;
  readonly limit: number;
  /** How many decisions before that moment are passed over. */
  readonly skip: number;
};

/** The answer as it travels, and the signals that its decisions follow. */
export type ReplayOutput = { readonly answer: object };

const decisionOf = (
  { id, event }: Entry,
  data: RiskAssessed,
  { next, full }: { readonly next: Entry | undefined; readonly full: boolean },
): Decision => {
  const { facts, intent, checks } = data;
  const follows = next?.event;
  const isOrder = follows?.type === 'OrderSubmitted' || follows?.type === 'OrderDenied';
  const { committee } = facts;
  if (event.type !== 'RiskAssessed') throw new Error('not a decision');
  return {
    event_id: id,
    decision_id: data.decisionId,
    order_id: isOrder ? follows.data.orderId : (data.replaces ?? null),
    at: data.at,
    purpose: data.purpose,
    symbol: intent.symbol,
    side: intent.side,
    qty: intent.quantity,
    order_type: intent.orderType,
    outcome: data.outcome,
    denial_code: data.denialCode,
    checks_passed: checks.filter(({ status }) => status === 'PASS').length,
    checks: checks.filter(
      ({ status }) => full || (status !== 'PASS' && status !== 'NOT_APPLICABLE'),
    ),
    signal: committee
      ? {
          signal_id: committee.signalId,
          strategy: committee.strategyId,
          // Told by whoever has the log at hand.
          made_again: 'not_re_executable',
        }
      : null,
  };
};

/** Replays a session, and says how it stood at one of its events and what had been decided by then. */
export const replayTask =
  (digest: Digest): Task<ReplayInput, ReplayOutput> =>
  ({ session, previous, until, full, limit, skip }) => {
    const entries = entriesOf(session);
    const folded = previous === null ? undefined : foldedSession(previous, digest);
    const prices = pricesSeen();
    let then: Session | undefined;
    let marks: ReturnType<typeof prices.marksOf> = new Map();
    let seen = 0;
    const replay = replaySession(entries, {
      digest,
      previous: previous && folded ? { stream: previous.stream, session: folded } : undefined,
      onState: (after, { event }) => {
        seen += 1;
        if (seen > until || after.phase === 'unopened') return;
        prices.take(event);
        then = after;
        marks = prices.marksOf(after);
      },
    });
    const last = session.events[Math.min(until, seen) - 1];
    if (then === undefined || last === undefined)
      throw new EventStoreCorrupt(`${session.stream} does not begin with its opening`);
    const decisions = entries.slice(0, until).flatMap((entry, n) => {
      const { event } = entry;
      return event.type === 'RiskAssessed'
        ? [decisionOf(entry, event.data, { next: entries[n + 1], full })]
        : [];
    });
    const { firstDifference: first } = replay;
    const positions = new Map(session.events.map(({ id, logPosition }) => [id, logPosition]));
    const answer: Answer = {
      session: session.stream,
      result: replay.result,
      events: entries.length,
      assessments: replay.assessments,
      events_decided_again: replay.decidedAgain,
      events_taken_as_recorded: Object.fromEntries(replay.taken),
      first_difference: first && {
        event_id: first.eventId,
        log_position: `${positions.get(first.eventId)}`,
        type: first.type,
        what: first.what,
        differences: [...first.differences],
      },
      as_of: {
        event_id: last.id,
        type: last.type,
        log_position: `${last.logPosition}`,
        ...knownThen(then, marks),
      },
      decisions: decisions.reverse().slice(skip, skip + limit),
      next_cursor: decisions.length > skip + limit ? `${skip + limit}` : null,
    };
    return { answer: encodeBy(auditQueries.ReplaySession.output, answer) as object };
  };
