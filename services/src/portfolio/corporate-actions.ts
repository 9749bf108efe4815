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

/**
 * What a last price says after an action: what it paid is in the cash of whoever held it, and no more in
 * the price. A payment beyond the price leaves the smallest there is.
 */
export const markAfter = (mark: Price, { split, dividend }: CorporateAction): Price => {
  const inNewShares = split === null ? mark : splitMark(mark, split);
  const left = inNewShares - (dividend ?? 0n);
  return (left > 0n ? left : 1n) as Price;
};

export const splitPosition = (held: PositionState, split: Split | null): PositionState | null => {
  if (split === null) return held;
  const shares = splitShares(held.quantity, split);
  if (shares === 0n) return null;
  const { symbol, cost } = held;
  return { symbol, quantity: shares, cost, averagePrice: averagePrice(cost, shares, 'half-even') };
};

/**
 * Where a stop stands in the new shares, rounded away from trading sooner; a dividend lowers sales. Older
 * events of actions are folded by it: it never changes.
 */
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
