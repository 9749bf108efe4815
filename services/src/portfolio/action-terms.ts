import { divide, type Price, price } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';

const cent = price.of('0.01');

/** The action as terms follow it: a payment below a cent moves none of them. */
export const actionOnTerms = (action: CorporateAction): CorporateAction =>
  action.dividend !== null && action.dividend < cent ? { ...action, dividend: null } : action;

/** Which way a price is rounded, and whether a dividend takes it down. */
type Move = { readonly rounding: 'up' | 'down'; readonly lowers: boolean };

/** An order waits at a stop for the price to come against it; a limit waits for it to come its way. */
const stopMove = (buys: boolean): Move =>
  buys ? { rounding: 'up', lowers: false } : { rounding: 'down', lowers: true };
const limitMove = (buys: boolean): Move =>
  buys ? { rounding: 'down', lowers: true } : { rounding: 'up', lowers: false };

const mover =
  ({ split, dividend }: CorporateAction) =>
  (each: Price, { rounding, lowers }: Move): Price => {
    const inNewShares =
      split === null
        ? each
        : divide(each * BigInt(split.oldShares), BigInt(split.newShares), rounding);
    const less = (lowers ? inNewShares - (dividend ?? 0n) : inNewShares) as Price;
    return less > 0n ? price.toTick(less, rounding) : less;
  };

/**
 * The terms after an action (FINRA rule 5330), each rounded away from trading sooner: a split moves all
 * of them. A dividend lowers limits to buy and stops to sell, with the limit that a stop to sell has
 * behind it; neither limits to sell nor stops to buy, nor the limit behind one. A stop that has been
 * reached is a plain order. What comes out at zero or below can no more be an order's price.
 */
export const adjustedPrices = (
  intent: OrderIntent,
  action: CorporateAction,
  isTriggered: boolean,
): OrderIntent => {
  const move = mover(actionOnTerms(action));
  const { side, limitPrice, triggerPrice, stopPrice, exits, trail, collar } = intent;
  const buys = side === 'buy';
  const waits = triggerPrice !== undefined && !isTriggered;
  const limit = waits ? stopMove(buys) : limitMove(buys);
  const trigger = waits ? stopMove(buys) : { ...stopMove(buys), lowers: false };
  // Whoever sells short gets out by buying, and everybody else by selling.
  const exitBuys = side === 'sell_short';
  const out = stopPrice === null ? null : move(stopPrice, stopMove(exitBuys));
  const exit = (each: Price | null, by: Move) => (each === null ? null : move(each, by));
  return {
    ...intent,
    limitPrice: limitPrice === null ? null : move(limitPrice, limit),
    stopPrice: out !== null && out > 0n ? out : null,
    ...(triggerPrice !== undefined && { triggerPrice: move(triggerPrice, trigger) }),
    ...(collar !== undefined && { collar: move(collar, limitMove(buys)) }),
    ...(exits !== undefined && {
      exits: {
        takeProfit: exit(exits.takeProfit, limitMove(exitBuys)),
        stopLoss: exit(exits.stopLoss, stopMove(exitBuys)),
      },
    }),
    ...(trail !== undefined && {
      trail: { ...trail, amount: exit(trail.amount, { rounding: 'up', lowers: false }) },
    }),
  };
};
