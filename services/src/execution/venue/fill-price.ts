import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { divide, type Price, price, type Quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { slippageMicroBps } from './draws.ts';
import { buys } from './stop.ts';

const microBpsScale = 10_000n * 1_000_000n;

export type PricedBy = {
  readonly terms: VenueTerms;
  readonly size: Quantity;
  /** Where its stop stood, when it was reached at this very moment: from the next one on it is no stop. */
  readonly stopAt?: Price | undefined;
  /** What the market traded between, where that is known. */
  readonly within?: { readonly low: Price; readonly high: Price };
};

/**
 * The price of a fill that begins from `from`: worsened by slippage, rounded against the order, never
 * worse than its limit or than anybody traded at, and never better than a stop that it has just
 * reached. `from` must be within the limit.
 */
export const fillPrice = (order: WorkingOrder, from: Price, by: PricedBy): Price =>
  bounded(order, worsened(order, from, slippageMicroBps(order, by)), by);

const worsened = ({ intent }: WorkingOrder, from: Price, slippage: bigint): Price => {
  if (buys(intent)) {
    const worse = divide(from * (microBpsScale + slippage), microBpsScale, 'up') as Price;
    return price.toTick(worse, 'up');
  }
  const worse = divide(from * (microBpsScale - slippage), microBpsScale, 'down') as Price;
  const onGrid = price.toTick(worse, 'down');
  // A share is never sold for nothing, however thin its price.
  return onGrid > 0n ? onGrid : from;
};

const bounded = ({ intent }: WorkingOrder, each: Price, { stopAt, within }: PricedBy): Price => {
  const limit = limitOf(intent);
  const worst = [limit, within === undefined ? null : buys(intent) ? within.high : within.low];
  const notBetter = stopAt === undefined ? each : worse(intent, each, stopAt);
  return worst.reduce<Price>(
    (price, bound) => (bound === null ? price : better(intent, price, bound)),
    notBetter,
  );
};

const worse = (intent: OrderIntent, a: Price, b: Price): Price => (a > b === buys(intent) ? a : b);
const better = (intent: OrderIntent, a: Price, b: Price): Price => (a > b === buys(intent) ? b : a);

/** The order's own limit, or the protective one that it was given. */
const limitOf = ({ limitPrice, collar }: WorkingOrder['intent']): Price | null =>
  limitPrice ?? collar ?? null;

/** Whether the limit, where there is one, lets the order trade at `each`. */
export const isWithinLimit = ({ intent }: WorkingOrder, each: Price): boolean => {
  const limit = limitOf(intent);
  return limit === null || (buys(intent) ? each <= limit : each >= limit);
};
