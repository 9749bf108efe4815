import type { AssessedAccount, OrderIntent } from '@sentinel/contracts/risk';
import { fingerprintOf, type Session } from './state.ts';

/** How many messages were sent after `since`, by bisection over their times, which never decrease. */
const messagesAfter = (messages: Session['messages'], since: number): number => {
  let low = 0;
  let high = messages.size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages.get(`${middle + 1}`) as number) > since) high = middle;
    else low = middle + 1;
  }
  return messages.size - low;
};

/** The account as an assessment at `at` sees it. */
export const assessedAccount = (
  session: Session,
  intent: OrderIntent,
  at: Temporal.Instant,
): AssessedAccount => {
  const now = at.epochMilliseconds;
  return {
    cash: session.cash,
    positions: [...session.positions.values()],
    reservations: [...session.working.values()].map((order) => ({
      symbol: order.intent.symbol,
      side: order.intent.side,
      leavesQuantity: order.leavesQuantity,
      reservedCash: order.reservedCash,
      unresolved: order.status === 'unknown',
    })),
    halts: [...session.halts],
    dayStartEquity: session.dayStartEquity,
    weekStartEquity: session.weekStartEquity,
    lossStreak: session.lossStreak,
    messages: {
      lastSecond: messagesAfter(session.messages, now - 1000),
      lastMinute: messagesAfter(session.messages, now - 60_000),
      today: session.messages.size,
    },
    sameOrderAt: session.fingerprints.get(fingerprintOf(intent)) ?? null,
  };
};

/** Symbols whose marks an assessment needs: held, or working. */
export const markedSymbols = (session: Session) =>
  [
    ...new Set([
      ...session.positions.keys(),
      ...[...session.working.values()].map((order) => order.intent.symbol),
    ]),
  ].sort();
