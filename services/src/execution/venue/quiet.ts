import type { WorkingOrder } from '@sentinel/contracts/execution';
import { divide } from '@sentinel/contracts/kernel';
import type { MarketBar } from '@sentinel/contracts/market';
import type { Trail } from '@sentinel/contracts/risk';
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
const whole = 10_000n;
const always: Quiet = { over: nowhere, under: anywhere, untilMs: Number.POSITIVE_INFINITY };
const never: Quiet = { over: anywhere, under: nowhere, untilMs: Number.NEGATIVE_INFINITY };

/**
 * Where an order rests on bars of its own session. A limit rests until it is touched, a stop until it
 * is reached, and one that trails until it moves. What trades at once, and what waits for an answer, never
 * does.
 */
const quietOf = (order: WorkingOrder, steps: bigint): Quiet => {
  const { intent, status, stopAt } = order;
  const rests = status === 'accepted' || status === 'partially_filled' || status === 'triggered';
  const lasts = intent.timeInForce === 'day' || intent.timeInForce === 'gtc';
  if (!rests || !lasts) return never;
  const untilMs = intent.timeInForce === 'gtc' ? gtcEndsAtMs(order) : always.untilMs;
  const isWaitingStop = isWaiting(order);
  if (intent.trail !== undefined && isWaitingStop)
    return trailing(order, intent.trail, { steps, untilMs });
  const at = isWaitingStop ? (stopAt ?? intent.triggerPrice ?? null) : intent.limitPrice;
  if (at === null) return never;
  // A limit to buy and a stop to sell lie below the market.
  return buys(intent) !== isWaitingStop
    ? { over: at, under: anywhere, untilMs }
    : { over: nowhere, under: at, untilMs };
};

/**
 * Between where it stands and where it begins to move: a best price that would take it less than a step
 * further takes it nowhere. Where the step is not known beforehand, the smallest that it can be counts.
 */
const trailing = (
  { stopAt, intent }: WorkingOrder,
  { amount, bps }: Trail,
  { steps, untilMs }: { readonly steps: bigint; readonly untilMs: number },
): Quiet => {
  if (stopAt === undefined) return never;
  const share = BigInt(bps ?? 0);
  if (buys(intent)) {
    const best =
      amount === null
        ? divide(stopAt * whole, whole + share, 'up')
        : stopAt - amount - amount / steps;
    return { over: best, under: stopAt, untilMs };
  }
  const least = divide(stopAt * whole, whole - share, 'down');
  const step = (amount ?? least - stopAt) / steps;
  const best =
    amount === null
      ? divide((stopAt + step) * whole, whole - share, 'down')
      : stopAt + amount + step;
  return { over: stopAt, under: best, untilMs };
};

/** Where all of them rest at once; trailing stops move in so many steps for a trail. */
export const quietOfAll = (orders: readonly WorkingOrder[], steps: bigint): Quiet => {
  let { over, under, untilMs } = always;
  for (const order of orders) {
    const quiet = quietOf(order, steps);
    if (quiet.over > over) over = quiet.over;
    if (quiet.under < under) under = quiet.under;
    untilMs = Math.min(untilMs, quiet.untilMs);
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
