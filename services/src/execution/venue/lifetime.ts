import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { isBefore, price, type TradingDate } from '@sentinel/contracts/kernel';
import type { MarketSession } from '@sentinel/contracts/market';
import { cancelDueAt, faultsOf, replaceDueAt } from './draws.ts';
import type { PaperReport } from './report.ts';

/** One order at one moment of the market, whatever it meets there. */
export type Moment = {
  readonly order: WorkingOrder;
  /** The exchange session at `at`. */
  readonly session: MarketSession;
  readonly terms: VenueTerms;
  /** The trading date that the order belongs to: that of the session stream in which it works. */
  readonly tradingDate: TradingDate;
  readonly at: Temporal.Instant;
  /** When the order reached the venue. */
  readonly due: Temporal.Instant;
};

/** The closing auction takes what arrived before this long before the close, and trades then. */
export const closingWindow = { minutes: 1 } as const;

/** An order for the opening that came after today's is for the next one, and waits for it. */
export const awaitsOpening = ({
  order,
  session,
  tradingDate,
  due,
}: Pick<Moment, 'order' | 'session' | 'tradingDate' | 'due'>): boolean =>
  order.intent.timeInForce === 'opg' &&
  session.date === tradingDate &&
  session.opensAt !== null &&
  !isBefore(due, session.opensAt);

/**
 * What happens to an order before it may trade: it is answered, ends, or changes its terms. `lives`
 * is false when nothing is left to trade at this moment.
 */
export const lifeOf = (
  moment: Moment,
): { readonly reports: readonly PaperReport[]; readonly lives: boolean } => {
  const { at } = moment;
  const answer = answerTo(moment);
  if (answer?.type === 'rejected' || answer?.type === 'unknown')
    return { reports: [answer], lives: false };
  const answered = answer === undefined ? [] : [answer];
  const ended = endOf(moment);
  if (ended !== undefined) return { reports: [...answered, ended], lives: false };
  const replaced = replacementOf(moment, at);
  return replaced === undefined
    ? { reports: answered, lives: true }
    : { reports: [...answered, replaced], lives: false };
};

/** What the venue answers an order that has reached it; undefined once it was answered. */
export const answerTo = (moment: Omit<Moment, 'at'>): PaperReport | undefined => {
  const { order, terms, due } = moment;
  const { status, statusBefore } = order;
  const open = status === 'pending_cancel' || status === 'pending_replace' ? statusBefore : status;
  if (open !== 'submitted') return undefined;
  const reason = refusalOf(moment);
  if (reason !== undefined) return { type: 'rejected', reason, at: due };
  const faults = faultsOf(order, terms);
  if (faults?.rejects)
    return { type: 'rejected', reason: 'The venue is busy (an injected fault).', at: due };
  if (faults?.timesOut)
    return { type: 'unknown', reason: 'The venue did not answer in time.', at: due };
  return { type: 'accepted', at: due };
};

/** Why the venue takes no such order; undefined when it does. */
const refusalOf = ({
  order,
  session,
  tradingDate,
  due,
}: Omit<Moment, 'at'>): string | undefined => {
  const { limitPrice, triggerPrice, timeInForce } = order.intent;
  for (const [name, each] of [
    ['limit', limitPrice],
    ['stop', triggerPrice ?? null],
  ] as const) {
    if (each !== null && !price.isOnTick(each))
      return `The ${name} price ${price.format(each)} is off the price grid.`;
  }
  const { opensAt, closesAt } = session;
  if (timeInForce === 'opg') {
    if (opensAt === null) return 'This market never closes and has no opening.';
  }
  if (timeInForce === 'cls') {
    if (closesAt === null) return 'This market never closes.';
    if (session.date === tradingDate && !isBefore(due, closesAt.subtract(closingWindow)))
      return `The closing of ${tradingDate} takes no more orders.`;
  }
  return undefined;
};

/** The end that the clock or a cancel brings; both come before any fill. */
const endOf = (moment: Moment): PaperReport | undefined => {
  const { order, terms, at } = moment;
  if (isOver(moment)) return { type: 'expired', at };
  const cancelAt = cancelDueAt(order, terms);
  return cancelAt === undefined || isBefore(at, cancelAt)
    ? undefined
    : { type: 'canceled', reason: 'Canceled on request.', at };
};

const gtcLifetimeMs = 90 * 24 * 60 * 60 * 1000;

/** When an order that is good till canceled expires all the same, in epoch milliseconds. */
export const gtcEndsAtMs = ({ submittedAt }: Moment['order']): number =>
  submittedAt.epochMilliseconds + gtcLifetimeMs;

const isOver = (moment: Moment): boolean => {
  const { order, session, tradingDate, at } = moment;
  if (awaitsOpening(moment)) return false;
  if (order.intent.timeInForce === 'gtc') return at.epochMilliseconds >= gtcEndsAtMs(order);
  if (session.date > tradingDate) return true;
  const { closesAt } = session;
  return session.date === tradingDate && closesAt !== null && !isBefore(at, closesAt);
};

const replacementOf = ({ order, terms }: Moment, at: Temporal.Instant): PaperReport | undefined => {
  const arrives = replaceDueAt(order, terms);
  if (arrives === undefined || isBefore(at, arrives) || order.replacement === undefined)
    return undefined;
  return order.replacement.intent.quantity > order.cumulativeQuantity
    ? { type: 'replaced', at }
    : { type: 'replace_rejected', reason: 'As much as that has been filled already.', at };
};
