import type { WorkingOrder } from '@sentinel/contracts/execution';
import type { MarketBar } from '@sentinel/contracts/market';
import { gtcEndsAtMs } from './lifetime.ts';
import { buys, isWaiting } from './stop.ts';

/**
 * Prices and a time between which a bar says nothing of an order: it stays above `over` and below
 * `under`, and begins before `untilMs`.
 */
export type Quiet = {
  readonly over: bigint;
  readonly under: bigint;
  readonly untilMs: number;
};

const nowhere = 0n;
const anywhere = 10n ** 30n;
const always: Quiet = { over: nowhere, under: anywhere, untilMs: Number.POSITIVE_INFINITY };
const never: Quiet = { over: anywhere, under: nowhere, untilMs: Number.NEGATIVE_INFINITY };

/**
 * Where an order rests on bars of its own session. A limit rests until it is touched, a stop until it
 * is reached; what trades at once, moves by itself or waits for an answer never rests.
 */
const quietOf = (order: WorkingOrder): Quiet => {
  const { intent, status, stopAt } = order;
  const rests = status === 'accepted' || status === 'partially_filled' || status === 'triggered';
  const lasts = intent.timeInForce === 'day' || intent.timeInForce === 'gtc';
  if (!rests || !lasts || intent.trail !== undefined) return never;
  const isWaitingStop = isWaiting(order);
  const at = isWaitingStop ? (stopAt ?? intent.triggerPrice) : intent.limitPrice;
  if (at === undefined || at === null) return never;
  const untilMs = intent.timeInForce === 'gtc' ? gtcEndsAtMs(order) : always.untilMs;
  // A limit to buy and a stop to sell lie below the market.
  return buys(intent) !== isWaitingStop
    ? { over: at, under: anywhere, untilMs }
    : { over: nowhere, under: at, untilMs };
};

/** Where all of them rest at once. */
export const quietOfAll = (orders: readonly WorkingOrder[]): Quiet => {
  let { over, under, untilMs } = always;
  for (const order of orders) {
    const quiet = quietOf(order);
    if (quiet.over > over) over = quiet.over;
    if (quiet.under < under) under = quiet.under;
    if (quiet.untilMs < untilMs) untilMs = quiet.untilMs;
  }
  return { over, under, untilMs };
};

/** Whether the bar, or the quote, says nothing of orders that rest so. */
export const isQuiet = (
  { low, high, start }: Pick<MarketBar, 'low' | 'high' | 'start'>,
  { over, under, untilMs }: Quiet,
): boolean =>
  low > over &&
  high < under &&
  (untilMs === Number.POSITIVE_INFINITY || start.epochMilliseconds < untilMs);
