import {
  accepted,
  isBefore,
  millisecondsBetween,
  type Outcome,
  refused,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { RiskFacts } from '@sentinel/contracts/risk';
import { markedSymbols } from './account.ts';
import type { SessionDecision, SessionRefusal } from './commands.ts';
import type { Gathered } from './gathered.ts';
import { withNewestGrant } from './granted.ts';
import type { Session } from './state.ts';

/** How far the market's clock may lag behind what is recorded before we stop believing it. */
const toleratedBackwardMs = 1000;

/**
 * Of facts that were gathered before the turn, those that the session as it is now needs: more may
 * have been asked for. Refused when they are not enough, since something came to be held or to work
 * meanwhile, or since the session went on for longer than a clock may lag: whoever gathered them
 * gathers again.
 */
export const factsNeeded = (
  session: Session,
  facts: RiskFacts,
  gathered: Gathered,
): Outcome<RiskFacts, SessionRefusal> => {
  const early = ended(session, facts) ?? clockBackward(session, facts.at);
  if (early !== undefined) return early;
  const marked = markedSymbols(session);
  const asked = new Set(gathered.symbols);
  const missing = marked.filter((symbol) => !asked.has(symbol));
  if (missing.length > 0) {
    return refused(
      'FACTS_LACKING',
      `The account changed while the market was asked: the prices of ${missing.join(', ')} are wanted too.`,
      'Try again.',
    );
  }
  const needed = new Set(marked);
  const isMeasured = !marked.some((symbol) => gathered.uncorrelated.includes(symbol));
  return accepted({
    ...withNewestGrant(facts, session),
    marks: [
      ...facts.marks.filter(({ symbol }) => needed.has(symbol)),
      ...knownMarks(session, facts, marked),
    ],
    correlations: isMeasured
      ? (facts.correlations?.filter(({ symbol }) => needed.has(symbol)) ?? [])
      : null,
  });
};

/** What the market has no price of at all keeps the last that the session knows. */
const knownMarks = (
  session: Session,
  facts: RiskFacts,
  marked: readonly Ticker[],
): RiskFacts['marks'] => {
  const told = new Set(facts.marks.map(({ symbol }) => symbol));
  return marked.flatMap((symbol) => {
    const last = told.has(symbol) ? undefined : session.lastPrices.get(symbol);
    return last === undefined ? [] : [{ symbol, ...last, sector: null }];
  });
};

/** An order belongs to the session of its moment: after the end of this one to the next, if there is one. */
const ended = (
  { date, endsAt }: Session,
  { at, session }: RiskFacts,
): Extract<SessionDecision, { ok: false }> | undefined =>
  endsAt !== null && !isBefore(at, endsAt) && session.date !== date
    ? refused(
        'SESSION_NOT_OPEN',
        `The session of ${date} has ended.`,
        'Try again: the next session opens by itself.',
      )
    : undefined;

const clockBackward = (
  session: Session,
  at: Temporal.Instant,
): Extract<SessionDecision, { ok: false }> | undefined =>
  millisecondsBetween(at, session.lastAt) > toleratedBackwardMs
    ? refused(
        'CLOCK_BACKWARD',
        `The market clock says ${at}, but the session has recorded ${session.lastAt}.`,
        'Wait until the clock has caught up, and check the market data provider.',
      )
    : undefined;
