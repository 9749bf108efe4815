import { accepted, millisecondsBetween, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { RiskFacts } from '@sentinel/contracts/risk';
import { markedSymbols } from './account.ts';
import type { Gathered, SessionDecision, SessionRefusal } from './commands.ts';
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
  const backward = clockBackward(session, facts.at);
  if (backward !== undefined) return backward;
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
  const others = marked.filter((symbol) => symbol !== gathered.intent.symbol);
  const isMeasured = !others.some((symbol) => gathered.uncorrelated.includes(symbol));
  return accepted({
    ...facts,
    marks: facts.marks.filter(({ symbol }) => needed.has(symbol)),
    correlations: isMeasured
      ? (facts.correlations ?? []).filter(({ symbol }) => needed.has(symbol))
      : null,
  });
};

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
