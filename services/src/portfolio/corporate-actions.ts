import { averagePrice, divide, type Price, price } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import {
  dividendOn,
  type PositionState,
  splitMark,
  splitShares,
} from '@sentinel/contracts/portfolio';

export { dividendOn, splitMark, splitShares };

type Split = NonNullable<CorporateAction['split']>;

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
