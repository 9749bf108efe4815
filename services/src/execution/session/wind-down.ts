import type { WindDown, WorkingOrder } from '@sentinel/contracts/execution';
import { accepted, isBefore, refused } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { SessionDecision } from './commands.ts';
import { later } from './evolve/order.ts';
import { type Session, type SessionEvent, type StandingWindDown, workingInTurn } from './state.ts';

import type { ClearTheWay, RequestWindDown } from './wind-down-commands.ts';

/** Cancels of one append at the most: an append is bounded, and the rest follows in the next. */
const canceledAtOnce = 400;

/**
 * The key under which the n-th closing order of a symbol is placed in a session: told twice, it is one
 * order. Those of the session before it have keys of their own.
 */
export const closingKey = (
  { windDownId }: Pick<WindDown, 'windDownId'>,
  of: { readonly symbol: Ticker; readonly session: Pick<Session, 'date'>; readonly n: number },
): string => `wind-down:${windDownId}:${of.symbol}:${of.session.date}:${of.n}`;

const concerns = ({ symbol }: Pick<WindDown, 'symbol'>, of: Ticker): boolean =>
  symbol === null || symbol === of;

/** Whether an order, or the one of which it is an exit, came after `at`. */
const cameAfter = (
  { submittedAt, link }: WorkingOrder,
  at: Temporal.Instant,
  { orders }: Session,
): boolean => isBefore(at, (link && orders.get(link.parentId)?.submittedAt) ?? submittedAt);

/** Orders that a wish is about, in turn: one to cancel all is about those that were there, and their exits. */
const ordersOf = (
  wish: Pick<WindDown, 'kind' | 'symbol' | 'at'>,
  session: Session,
): readonly WorkingOrder[] =>
  workingInTurn(session).filter(
    (order) =>
      concerns(wish, order.intent.symbol) &&
      !(wish.kind === 'cancel_all' && cameAfter(order, wish.at, session)),
  );

/** Wishes that are not done yet, oldest first. */
export const standingWindDowns = ({ windDowns }: Session): readonly StandingWindDown[] =>
  [...windDowns.values()].filter(({ outcome }) => outcome === null);

/** Whether an order gets out of a position for somebody who winds down. */
export const isClosing = ({ windDownId }: WorkingOrder): boolean => windDownId !== undefined;

const takesCancel = ({ cancelRequestedAt }: WorkingOrder): boolean => cancelRequestedAt === null;

const canceling = (
  orders: readonly WorkingOrder[],
  {
    windDownId,
    givenReason,
    at,
  }: Pick<WindDown, 'windDownId' | 'at'> & { givenReason: string | null },
): readonly SessionEvent[] =>
  orders.slice(0, canceledAtOnce).map(({ orderId, intent: { symbol } }) => ({
    type: 'OrderPendingCancel',
    data: { orderId, symbol, at, windDownId, reason: givenReason ?? 'Everything is wound down.' },
  }));

/** What protects a position works on until its closing order would be taken. */
const isOnlyOpening = (session: Session, { intent: { symbol, side } }: WorkingOrder): boolean => {
  const held = session.positions.get(symbol);
  return held === undefined || side !== (held.quantity > 0n ? 'sell' : 'buy');
};

const sameWish = (a: Pick<WindDown, 'kind' | 'symbol'>, b: Pick<WindDown, 'kind' | 'symbol'>) =>
  a.kind === b.kind && a.symbol === b.symbol;

/** Answers nothing new for a known key, unless it was used for something else. */
const knownUse = (
  { wish, earlierUse }: RequestWindDown,
  session: Session,
): SessionDecision | undefined => {
  const key = wish.idempotencyKey;
  if (key === null) return undefined;
  const here = [...session.windDowns.values()].find(({ idempotencyKey }) => idempotencyKey === key);
  const known = here ?? earlierUse;
  const isOther =
    session.keys.get(key) !== undefined ||
    session.reset?.idempotencyKey === key ||
    (known !== null && !sameWish(known, wish));
  if (isOther) {
    return refused(
      'IDEMPOTENCY_KEY_REUSED',
      'The idempotency key was used for something else.',
      'Use a fresh key.',
    );
  }
  return known === null ? undefined : accepted([]);
};

/** Wishes that end when all orders of the symbol, or all at all, are canceled. */
const revocable = (wish: Pick<WindDown, 'symbol'>, session: Session) =>
  standingWindDowns(session).filter(({ symbol }) => wish.symbol === null || symbol === wish.symbol);

const ended = (
  { windDownId }: Pick<WindDown, 'windDownId'>,
  outcome: 'done' | 'revoked',
  at: Temporal.Instant,
): SessionEvent => ({ type: 'WindDownEnded', data: { windDownId, outcome, at } });

/** The clock of whoever asks may lag behind what is there, and be past the session's end by now. */
const momentOf = ({ at }: Pick<WindDown, 'at'>, { lastAt, endsAt }: Session): Temporal.Instant => {
  const asked = later(at, lastAt);
  return endsAt !== null && isBefore(endsAt, asked) ? endsAt : asked;
};

export const requestWindDown = (command: RequestWindDown, session: Session): SessionDecision => {
  const known = knownUse(command, session);
  if (known !== undefined) return known;
  const wish = { ...command.wish, at: momentOf(command.wish, session) };
  const held = [...session.positions.values()]
    .filter(({ symbol }) => concerns(wish, symbol))
    .map(({ symbol, quantity }) => ({ symbol, quantity }));
  const working = ordersOf(wish, session);
  if (wish.kind === 'close_position' && held.length === 0 && working.length === 0) {
    const others = [...session.positions.keys()].join(', ');
    return refused(
      'NOTHING_TO_CLOSE',
      `Nothing is held of ${wish.symbol}, and no order of it works.`,
      others === '' ? 'Nothing at all is held.' : `Close one of ${others}.`,
    );
  }
  const requested = { type: 'WindDownRequested', data: { ...wish, held } } as const;
  const cancelsAll = wish.kind === 'cancel_all';
  const orders = working.filter(
    (order) => takesCancel(order) && (cancelsAll || isOnlyOpening(session, order)),
  );
  const revoked = cancelsAll ? revocable(wish, session) : [];
  const isDone = working.length === 0 && (cancelsAll || held.length === 0);
  return accepted([
    requested,
    ...revoked.map((each) => ended(each, 'revoked', wish.at)),
    ...canceling(orders, wish),
    ...(isDone ? [ended(wish, 'done', wish.at)] : []),
  ]);
};

/** Cancels all of a symbol that is in the way of a closing order, which its owner now places. */
export const clearTheWay = (
  { windDownId, symbol, at }: ClearTheWay,
  session: Session,
): SessionDecision => {
  const wish = session.windDowns.get(windDownId);
  if (wish === undefined || wish.outcome !== null) return accepted([]);
  const cancelsAll = wish.kind === 'cancel_all';
  const inTheWay = ordersOf(wish, session).filter(
    (order) =>
      order.intent.symbol === symbol && takesCancel(order) && (cancelsAll || !isClosing(order)),
  );
  return accepted(canceling(inTheWay, { windDownId, at, givenReason: wish.givenReason }));
};

/** What a wish still has to do: symbols that are held, and those of which an order works. */
export const leftOf = (wish: WindDown, session: Session): readonly Ticker[] => {
  const held = wish.kind === 'cancel_all' ? [] : [...session.positions.keys()];
  const working = ordersOf(wish, session).map(({ intent }) => intent.symbol);
  return [...new Set([...held, ...working])].filter((symbol) => concerns(wish, symbol)).sort();
};

/**
 * The ends of wishes that have nothing left to do. They stand in the append that brought it about, so that
 * no wish takes what somebody opens after it for its own.
 */
export const endingsIn = (session: Session): readonly SessionEvent[] =>
  standingWindDowns(session)
    .filter((wish) => leftOf(wish, session).length === 0)
    .map((wish) => ended(wish, 'done', session.lastAt));
