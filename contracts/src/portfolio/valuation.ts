import { type Money, notional, type Price } from '../kernel/index.ts';
import type { PositionState } from './position.ts';

/** What a position is worth at `price`; negative for a short. */
export const markToMarket = ({ quantity }: Pick<PositionState, 'quantity'>, price: Price): Money =>
  notional(price, quantity, 'half-even');

/** The same by a price that may not be had: then it is worth its cost, as when the books are closed. */
export const markedOrAtCost = (
  position: Pick<PositionState, 'quantity' | 'cost'>,
  mark: Price | null | undefined,
): Money => (mark === null || mark === undefined ? position.cost : markToMarket(position, mark));
