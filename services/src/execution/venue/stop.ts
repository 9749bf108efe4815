import type { WorkingOrder } from '@sentinel/contracts/execution';
import { divide, type Price, price } from '@sentinel/contracts/kernel';
import type { OrderIntent, Trail } from '@sentinel/contracts/risk';

/** Stops to sell wait below the market, stops to buy above it. */
export const buys = ({ side }: OrderIntent): boolean => side === 'buy';

export const isStop = ({ orderType }: OrderIntent): boolean =>
  orderType === 'stop' || orderType === 'stop_limit' || orderType === 'trailing_stop';

/** A stop that has not begun to trade. From the moment on at which it does it is a plain order. */
export const isWaiting = ({ intent, triggeredAt }: WorkingOrder): boolean =>
  isStop(intent) && triggeredAt === undefined;

/**
 * A trailing stop moves in steps of a part of its trail, and of one tick at the least. On bars, which can
 * be walked again, in hundredths. On quotes every step is an event, since nobody can look at a quote
 * again: there in tenths, so that it stands less than a tenth of its trail, or a tick, behind where the
 * best price would have it, and a restart loses nothing of it.
 */
export const stepsPerTrail = { onBars: 100n, onQuotes: 10n } as const;

const trailFrom = (best: Price, { amount, bps }: Trail): bigint =>
  amount ?? divide(best * BigInt(bps ?? 0), 10_000n, 'up');

/** Where a trailing stop would stand behind `best`, on the price grid and never at zero or below. */
const behind = (best: Price, trail: bigint, buying: boolean): Price => {
  if (buying) return price.toTick((best + trail) as Price, 'up');
  const below = (best - trail) as Price;
  return below > 0n ? price.toTick(below, 'down') : (price.tickOf(best) as Price);
};

/**
 * Where the stop stands once the market has been at `best`, the most favorable price: unchanged for a
 * fixed stop; for a trailing one no further back than before, and moved only by whole steps.
 */
export const stopAfter = (
  order: WorkingOrder,
  best: Price,
  steps: bigint = stepsPerTrail.onBars,
): Price | undefined => {
  const { intent, stopAt } = order;
  if (intent.trail === undefined) return stopAt ?? intent.triggerPrice;
  const trail = trailFrom(best, intent.trail);
  const candidate = behind(best, trail, buys(intent));
  if (stopAt === undefined) return candidate;
  const tick = price.tickOf(best);
  const step = trail / steps > tick ? trail / steps : tick;
  const gained = buys(intent) ? stopAt - candidate : candidate - stopAt;
  return gained >= step ? candidate : stopAt;
};

/** Whether the market at `traded` has reached the stop: at it or beyond, on the losing side. */
export const hasReached = (intent: OrderIntent, stopAt: Price, traded: Price): boolean =>
  buys(intent) ? traded >= stopAt : traded <= stopAt;
