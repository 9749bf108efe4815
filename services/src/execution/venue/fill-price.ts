import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { divide, type Price, price, type Quantity } from '@sentinel/contracts/kernel';
import { slippageMicroBps } from './draws.ts';
import { buys, isStop } from './stop.ts';

const microBpsScale = 10_000n * 1_000_000n;

/**
 * The price of a fill that begins from `from`: worsened by slippage, rounded against the order, never
 * worse than its limit and never better than where its stop stood. `from` must be within the limit.
 */
export const fillPrice = (
  order: WorkingOrder,
  from: Price,
  by: { readonly terms: VenueTerms; readonly size: Quantity },
): Price => {
  const slippage = slippageMicroBps(order, by);
  return bounded(order, worsened(order, from, slippage));
};

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

const bounded = (order: WorkingOrder, each: Price): Price => {
  const { intent } = order;
  const stop = isStop(intent) ? (order.stopAt ?? intent.triggerPrice) : undefined;
  const limit = limitOf(intent);
  if (buys(intent)) {
    const notBetter = stop !== undefined && each < stop ? stop : each;
    return limit !== null && notBetter > limit ? limit : notBetter;
  }
  const notBetter = stop !== undefined && each > stop ? stop : each;
  return limit !== null && notBetter < limit ? limit : notBetter;
};

/** The order's own limit, or the protective one that it was given. */
const limitOf = ({ limitPrice, collar }: WorkingOrder['intent']): Price | null =>
  limitPrice ?? collar ?? null;

/** Whether the limit, where there is one, lets the order trade at `each`. */
export const isWithinLimit = ({ intent }: WorkingOrder, each: Price): boolean => {
  const limit = limitOf(intent);
  return limit === null || (buys(intent) ? each <= limit : each >= limit);
};
