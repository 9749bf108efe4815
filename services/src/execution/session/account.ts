import { isFinal, type WorkingOrder } from '@sentinel/contracts/execution';
import { money, type OrderId, quantity } from '@sentinel/contracts/kernel';
import type {
  AssessedAccount,
  OrderIntent,
  Reservation,
  RiskFacts,
} from '@sentinel/contracts/risk';
import { isStop } from '../venue/index.ts';
import { streakOf } from './evolve/standing-losses.ts';
import { grantedBefore } from './granted.ts';
import { executionKey, fingerprintOf, type Session, termsOf, workingInTurn } from './state.ts';

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

/** Until the venue has spoken both the old and the new terms may trade: the larger count. */
const replacedTerms = (
  { leavesQuantity, cumulativeQuantity, reservedCash }: WorkingOrder,
  { intent, reservedCash: asked }: NonNullable<WorkingOrder['replacement']>,
): Pick<WorkingOrder, 'leavesQuantity' | 'reservedCash'> => {
  const left = quantity.subtract(intent.quantity, cumulativeQuantity);
  return {
    leavesQuantity: quantity.max(left, leavesQuantity),
    reservedCash: money.max(reservedCash, asked),
  };
};

/** The same object for the same order, so that what is made of it once need not be made again. */
const reservationOf = (order: WorkingOrder): Reservation => {
  const known = reservations.get(order);
  if (known !== undefined) return known;
  const { intent, replacement, link } = order;
  const after = replacement === undefined ? order : replacedTerms(order, replacement);
  const reservation = {
    symbol: intent.symbol,
    side: intent.side,
    leavesQuantity: after.leavesQuantity,
    limitPrice: intent.limitPrice,
    reservedCash: after.reservedCash,
    unresolved: order.status === 'unknown',
    ...(isStop(intent) && order.triggeredAt === undefined && { dormant: true }),
    ...(link !== undefined && { exitOf: link.parentId }),
  };
  reservations.set(order, reservation);
  return reservation;
};

const msPerMinute = 60_000;

/** How often the strategy has traded so; absent where no rule asks. */
const executionsOf = (
  session: Session,
  intent: OrderIntent,
  now: number,
): Pick<AssessedAccount, 'executions'> => {
  const key = executionKey(intent);
  const rule = session.limits.limits.repeatedExecution;
  if (key === undefined || rule === undefined) return {};
  const times = session.executions.get(key) ?? [];
  const since = now - rule.windowMinutes * msPerMinute;
  return {
    executions: { inWindow: times.filter((at) => at > since).length, today: times.length },
  };
};

/** The last order with the very terms of `intent`; none where it has others by now, or is to be replaced. */
const sameTermsAs = (
  intent: OrderIntent,
  session: Session,
  replaces: OrderId | undefined,
): Pick<AssessedAccount, 'sameTerms'> => {
  const terms = termsOf({ link: undefined, intent });
  const record = session.orders.get(session.byTerms.get(terms) ?? ('' as OrderId));
  if (record === undefined || record.orderId === replaces || termsOf(record) !== terms) return {};
  const { submittedAt: at, status } = record;
  return { sameTerms: { at, ended: isFinal(status) && status !== 'filled' } };
};

/** Absent before the first loss; what stands of it only where a bust has made a difference. */
const lossesOf = ({
  closedLosses,
  standingLosses,
}: Session): Pick<AssessedAccount, 'closedLosses' | 'standingLosses'> => {
  const { count, lastLossAt } = closedLosses;
  const stands = streakOf(standingLosses);
  const differs = stands.count !== count || `${stands.lastLossAt ?? ''}` !== `${lastLossAt ?? ''}`;
  return {
    ...(lastLossAt !== null && { closedLosses: { count, lastLossAt } }),
    ...(differs && { standingLosses: stands }),
  };
};

/**
 * The account as an assessment of `intent` by these facts sees it. An order that is to be replaced makes room
 * for the one that takes its place.
 */
export const assessedAccount = (
  session: Session,
  {
    intent,
    replaces,
    facts,
  }: {
    readonly intent: OrderIntent;
    readonly replaces?: OrderId | undefined;
    readonly facts: Pick<RiskFacts, 'at' | 'grant'>;
  },
): AssessedAccount => {
  const now = facts.at.epochMilliseconds;
  const replaced = replaces && session.working.get(replaces);
  return {
    cash: session.cash,
    positions: [...session.positions.values()],
    reservations: workingInTurn(session)
      .filter(({ orderId }) => orderId !== replaces)
      .map(reservationOf),
    halts: [...session.halts],
    dayStartEquity: session.dayStartEquity,
    weekStartEquity: session.weekStartEquity,
    lossStreak: session.lossStreak,
    messages: {
      lastSecond: messagesAfter(session.messages, now - 1000),
      lastMinute: messagesAfter(session.messages, now - 60_000),
      today: session.messages.size,
    },
    ...executionsOf(session, intent, now),
    sameOrderAt: session.fingerprints.get(fingerprintOf(intent)) ?? null,
    ...lossesOf(session),
    ...sameTermsAs(intent, session, replaces),
    ...(replaced?.link && { exitOf: replaced.link.parentId }),
    ...grantedBefore(facts, session, replaces),
    ...(session.venue.venue !== undefined && { venue: session.venue.venue }),
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
