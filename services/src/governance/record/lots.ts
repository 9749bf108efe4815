import {
  divide,
  type Money,
  money,
  notional,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Fill } from './entries.ts';

/** Shares that were got at once, and by whom; negative when they were sold short. */
export type Lot = {
  readonly owner: string | null;
  readonly shares: Quantity;
  /** What they cost, or brought when sold short, at their prices alone. */
  readonly cost: Money;
  /** Fees that were paid for them and are not yet counted. */
  readonly fees: Money;
};

/** A part of a lot that a fill closed. */
export type Closed = {
  readonly owner: string | null;
  /** After the fees of both sides. */
  readonly pnl: Money;
};

/** What a fill did: parts of lots that it closed, and the shares with which it opened a new one. */
export type Taken = { readonly closed: readonly Closed[]; readonly opened: Lot | null };

const part = (of: bigint, shares: bigint, whole: bigint): bigint =>
  divide(of * shares, whole, 'half-even');

const isOpposite = (a: bigint, b: bigint): boolean => (a < 0n && b > 0n) || (a > 0n && b < 0n);

/** Closes lots against a fill, in this order; answers what is left of the fill, signed. */
const closeAgainst = (
  held: Lot[],
  inTurn: readonly Lot[],
  fill: Fill,
): { readonly closed: readonly Closed[]; readonly left: bigint } => {
  const closed: Closed[] = [];
  let left: bigint = fill.side === 'buy' ? fill.quantity : -fill.quantity;
  for (const lot of inTurn) {
    if (!isOpposite(lot.shares, left)) continue;
    const size = quantity.absolute(lot.shares);
    const shares = quantity.min(size, quantity.absolute(left as Quantity));
    const cost = part(lot.cost, shares, size);
    const fees = part(lot.fees, shares, size);
    const brought = notional(fill.price, shares, 'half-even');
    const gain = lot.shares > 0n ? brought - cost : cost - brought;
    const ownFees = part(fill.fees, shares, fill.quantity);
    closed.push({ owner: lot.owner, pnl: (gain - fees - ownFees) as Money });
    const sign = lot.shares > 0n ? 1n : -1n;
    held[held.indexOf(lot)] = {
      owner: lot.owner,
      shares: (lot.shares - sign * shares) as Quantity,
      cost: (lot.cost - cost) as Money,
      fees: (lot.fees - fees) as Money,
    };
    left += sign * shares;
  }
  return { closed, left };
};

/** The lot that is left of a fill when nothing lies against it any more; null where nothing is left. */
const lotOf = (fill: Fill, owner: string | null, left: bigint): Lot | null => {
  if (left === 0n) return null;
  const size = quantity.absolute(left as Quantity);
  return {
    owner,
    shares: left as Quantity,
    cost: notional(fill.price, size, 'half-even'),
    fees: part(fill.fees, size, fill.quantity) as Money,
  };
};

/** Shares a cost out over the shares that were sold short, which it was paid for. */
const paidFor = (held: readonly Lot[], fee: Money): Lot[] => {
  const short = held.reduce((sum, { shares }) => (shares < 0n ? sum - shares : sum), 0n);
  return held.map((lot) => {
    if (lot.shares >= 0n) return lot;
    return { ...lot, fees: (lot.fees + part(fee, -lot.shares, short)) as Money };
  });
};

type Held = {
  readonly symbol: Ticker;
  readonly quantity: Quantity;
  readonly cost: Money;
};

/** What an account holds, by whom it was got. */
export type Lots = ReadonlyMap<Ticker, readonly Lot[]>;

/**
 * The lots of one account, from what they were before. A fill closes what it lies against: what its own strategy opened first,
 * then the oldest, whoever opened it, since shares in one account are all alike. So a loss stays with
 * the strategy that opened the position, under whatever name it is closed.
 */
export const lotBook = (carried: Lots = new Map()) => {
  const lots = new Map<Ticker, readonly Lot[]>(carried);
  const heldOf = (symbol: Ticker): Lot[] => [...(lots.get(symbol) ?? [])];
  return {
    /** Puts in what the books began with; nobody of those that are measured opened it. */
    begin: (positions: readonly Held[]): void => {
      for (const { symbol, quantity: shares, cost } of positions)
        lots.set(symbol, [{ owner: null, shares, cost: money.absolute(cost), fees: money.zero }]);
    },
    take: (fill: Fill, owner: string | null): Taken => {
      const held = heldOf(fill.symbol);
      const own = held.filter((lot) => lot.owner === owner);
      const others = held.filter((lot) => lot.owner !== owner);
      const { closed, left } = closeAgainst(held, [...own, ...others], fill);
      const opened = lotOf(fill, owner, left);
      const open = held.filter(({ shares }) => shares !== 0n);
      lots.set(fill.symbol, opened === null ? open : [...open, opened]);
      return { closed, opened };
    },
    /** New shares for old: costs stay. */
    split: (symbol: Ticker, newShares: bigint, oldShares: bigint): void => {
      const moved = heldOf(symbol).map((lot) => ({
        ...lot,
        shares: divide(lot.shares * newShares, oldShares, 'half-even') as Quantity,
      }));
      lots.set(
        symbol,
        moved.filter(({ shares }) => shares !== 0n),
      );
    },
    pay: (symbol: Ticker, fee: Money): void => {
      lots.set(symbol, paidFor(heldOf(symbol), fee));
    },
    held: (): Lots => new Map([...lots].filter(([, of]) => of.length > 0)),
    /** Whether a strategy holds anything of it. */
    holds: (symbol: Ticker, owner: string): boolean =>
      heldOf(symbol).some((lot) => lot.owner === owner),
  };
};
