import { isFinal, type WorkingOrder } from '@sentinel/contracts/execution';
import { millisecondsBetween, type Quantity, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import {
  closingKey,
  isClosing,
  type OrderRecord,
  type Session,
  type StandingWindDown,
} from '../session/index.ts';

/** A closing order that was refused is tried again no sooner, in market time. */
const retryAfterMs = 1_000;

/** The order that gets out of a whole position. */
export const closingIntent = (symbol: Ticker, held: Quantity): OrderIntent => ({
  symbol,
  side: held > 0n ? 'sell' : 'buy',
  quantity: quantity.absolute(held),
  orderType: 'market',
  limitPrice: null,
  stopPrice: null,
  // What the day does not fill goes on: nobody is left half closed over a night.
  timeInForce: 'gtc',
  strategyId: null,
});

export const workingIn = (session: Session, symbol: Ticker): readonly WorkingOrder[] =>
  [...session.working.values()].filter(({ intent }) => intent.symbol === symbol);

export const takesCancel = ({ status, cancelRequestedAt }: WorkingOrder): boolean =>
  status !== 'pending_cancel' && cancelRequestedAt === null;

/** Shares that orders of unknown outcome may still trade on the closing side: they cannot be closed yet. */
export const inDoubt = (orders: readonly WorkingOrder[], side: OrderIntent['side']): Quantity =>
  orders
    .filter(({ status, intent }) => status === 'unknown' && intent.side === side)
    .reduce((sum, { leavesQuantity }) => quantity.add(sum, leavesQuantity), quantity.zero);

/** The attempts at closing a symbol for one wish, oldest first. */
export const attemptsAt = (
  session: Session,
  wish: Pick<StandingWindDown, 'windDownId'>,
  symbol: Ticker,
): readonly OrderRecord[] => {
  const attempts: OrderRecord[] = [];
  for (let n = 1; ; n++) {
    const used = session.keys.get(closingKey(wish, { symbol, session, n }));
    const record = used && session.orders.get(used.orderId);
    if (record === undefined) return attempts;
    attempts.push(record);
  }
};

/** Whether an attempt came to nothing so shortly before `now` that the next one must wait. */
export const isTooSoon = (last: OrderRecord | undefined, now: Temporal.Instant): boolean =>
  last !== undefined &&
  isFinal(last.status) &&
  last.status !== 'filled' &&
  millisecondsBetween(last.updatedAt, now) < retryAfterMs;

/** Symbols that are let go of in a step: no more than closing orders can follow at once. */
export const symbolsInTurn = (session: Session, symbols: readonly Ticker[]): readonly Ticker[] => {
  const isUnderWay = (symbol: Ticker) =>
    workingIn(session, symbol).some((order) => isClosing(order) || !takesCancel(order));
  const begun = symbols.filter(isUnderWay);
  const room = Math.max(1, session.limits.limits.maxMessagesPerSecond) - begun.length;
  const rest = symbols.filter((symbol) => !isUnderWay(symbol));
  return [...begun, ...rest.slice(0, Math.max(0, room))];
};
