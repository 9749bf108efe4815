import {
  averagePrice,
  divide,
  type Money,
  money,
  notional,
  type Price,
  price,
  type Quantity,
} from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import type { OrderIntent } from '@sentinel/contracts/risk';

type Split = NonNullable<CorporateAction['split']>;

/** A short position pays what the lender would have got, rounded against the account. */
export const dividendOn = (held: PositionState | undefined, each: Price | null): Money =>
  held === undefined || each === null
    ? money.zero
    : notional(each, held.quantity, held.quantity > 0n ? 'down' : 'up');

export const splitShares = (shares: Quantity, { newShares, oldShares }: Split): Quantity =>
  divide(shares * BigInt(newShares), BigInt(oldShares), 'half-even') as Quantity;

/** A price in the new shares. */
export const splitMark = (price: Price, { newShares, oldShares }: Split): Price =>
  divide(price * BigInt(oldShares), BigInt(newShares), 'half-even') as Price;

export const splitPosition = (held: PositionState, split: Split | null): PositionState | null => {
  if (split === null) return held;
  const shares = splitShares(held.quantity, split);
  if (shares === 0n) return null;
  const { symbol, cost } = held;
  return { symbol, quantity: shares, cost, averagePrice: averagePrice(cost, shares, 'half-even') };
};

/** Where a stop stands in the new shares, rounded away from trading sooner; a dividend lowers sales. */
export const movedStop = (
  stopAt: Price,
  { split, dividend }: CorporateAction,
  buying: boolean,
): Price => {
  const rounding = buying ? 'up' : 'down';
  const inNewShares =
    split === null
      ? stopAt
      : (divide(stopAt * BigInt(split.oldShares), BigInt(split.newShares), rounding) as Price);
  const less = buying || dividend === null ? inNewShares : ((inNewShares - dividend) as Price);
  const onGrid = less > 0n ? price.toTick(less, rounding) : less;
  return onGrid > 0n ? onGrid : (price.tickOf(inNewShares) as Price);
};

/** The terms in the new shares, on the grid, each rounded away from trading sooner. */
export const adjustedPrices = (
  intent: OrderIntent,
  { split, dividend }: CorporateAction,
): OrderIntent => {
  const buying = intent.side === 'buy';
  const move = (each: Price, rounding: 'down' | 'up', lowers: boolean): Price => {
    const inNewShares =
      split === null
        ? each
        : (divide(each * BigInt(split.oldShares), BigInt(split.newShares), rounding) as Price);
    const less = dividend === null || !lowers ? inNewShares : ((inNewShares - dividend) as Price);
    const onGrid = price.toTick(less > 0n ? less : (1n as Price), rounding);
    return onGrid > 0n ? onGrid : (price.tickOf(less) as Price);
  };
  const limit = (each: Price) => move(each, buying ? 'down' : 'up', buying);
  const stop = (each: Price) => move(each, buying ? 'up' : 'down', !buying);
  const { limitPrice, triggerPrice, stopPrice, exits, trail } = intent;
  // The exits stand on the other side: a parent that buys gets out by selling.
  const exitLimit = (each: Price) => move(each, buying ? 'up' : 'down', !buying);
  const exitStop = (each: Price) => move(each, buying ? 'down' : 'up', buying);
  return {
    ...intent,
    limitPrice: limitPrice === null ? null : limit(limitPrice),
    stopPrice: stopPrice === null ? null : exitStop(stopPrice),
    ...(triggerPrice !== undefined && { triggerPrice: stop(triggerPrice) }),
    ...(exits !== undefined && {
      exits: {
        takeProfit: exits.takeProfit === null ? null : exitLimit(exits.takeProfit),
        stopLoss: exits.stopLoss === null ? null : exitStop(exits.stopLoss),
      },
    }),
    ...(trail !== undefined && {
      trail: { ...trail, amount: trail.amount === null ? null : move(trail.amount, 'up', false) },
    }),
  };
};
