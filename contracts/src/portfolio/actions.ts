import { divide, type Money, money, notional, type Price, type Quantity } from '../kernel/index.ts';
import type { CorporateAction } from '../market/index.ts';
import type { PositionState } from './position.ts';

type Split = NonNullable<CorporateAction['split']>;

/** A short position pays what the lender would have got, rounded against the account. */
export const dividendOn = (
  held: Pick<PositionState, 'quantity'> | undefined,
  each: Price | null,
): Money =>
  held === undefined || each === null
    ? money.zero
    : notional(each, held.quantity, held.quantity > 0n ? 'down' : 'up');

export const splitShares = (shares: Quantity, { newShares, oldShares }: Split): Quantity =>
  divide(shares * BigInt(newShares), BigInt(oldShares), 'half-even') as Quantity;

/** A price in the new shares. */
export const splitMark = (price: Price, { newShares, oldShares }: Split): Price =>
  divide(price * BigInt(oldShares), BigInt(newShares), 'half-even') as Price;
