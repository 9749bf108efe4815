import type { WorkingOrder } from '@sentinel/contracts/execution';
import type { AssessedAccount, OrderIntent, Reservation } from '@sentinel/contracts/risk';
import { fingerprintOf, type Session, workingInTurn } from './state.ts';

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

const reservations = new WeakMap<WorkingOrder, Reservation>();

/** The same object for the same order, so that what is made of it once need not be made again. */
const reservationOf = (order: WorkingOrder): Reservation => {
  const known = reservations.get(order);
  if (known !== undefined) return known;
  const reservation = {
    symbol: order.intent.symbol,
    side: order.intent.side,
    leavesQuantity: order.leavesQuantity,
    limitPrice: order.intent.limitPrice,
    reservedCash: order.reservedCash,
    unresolved: order.status === 'unknown',
  };
  reservations.set(order, reservation);
  return reservation;
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
    reservations: workingInTurn(session).map(reservationOf),
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
      ...session.working.values().map((order) => order.intent.symbol),
    ]),
  ].sort();
