import {
  averagePrice,
  divide,
  type Money,
  money,
  notional,
  type Price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { markToMarket, type PositionState } from '@sentinel/contracts/portfolio';
import type { Side } from '@sentinel/contracts/risk';

export type Books = { readonly cash: Money; readonly position: PositionState | undefined };

export type Fill = {
  readonly symbol: Ticker;
  readonly side: Side;
  /** Positive, whatever the side. */
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fees: Money;
};

export type BooksAfterFill = {
  readonly cash: Money;
  /** Null when the fill left the account flat. */
  readonly position: PositionState | null;
  /** Profit or loss of the part that was closed, before fees. */
  readonly realizedPnl: Money;
};

/**
 * Books one fill. Nothing is lost to rounding: in every step, cash + cost = what it was + realised
 * P&L - fees, to the micro-dollar, and so a round trip realises exactly what came in less what went
 * out. The value of the fill itself is rounded to the micro-dollar against the account. A short
 * position has a negative quantity and a negative cost: what was received for it.
 * @throws RangeError on a quantity that is not positive, a negative price or fee, another symbol.
 */
export const applyFill = (books: Books, fill: Fill): BooksAfterFill => {
  check(books, fill);
  const { side } = fill;
  const held = books.position?.quantity ?? quantity.zero;
  const cost = books.position?.cost ?? money.zero;
  const traded = side === 'buy' ? fill.quantity : quantity.negate(fill.quantity);
  const paid = paidFor(fill, fill.quantity);
  const closed = held < 0n === traded < 0n ? quantity.zero : smaller(held, fill.quantity);
  const paidToClose = closed === fill.quantity ? paid : paidFor(fill, closed);
  const released = releasedCost(cost, held, closed);
  const left = quantity.add(held, traded);
  return {
    cash: money.subtract(books.cash, money.add(paid, fill.fees)),
    position: positionOf(
      fill.symbol,
      left,
      money.add(money.subtract(cost, released), money.subtract(paid, paidToClose)),
    ),
    realizedPnl: money.negate(money.add(paidToClose, released)),
  };
};

/** A fill that was booked, as a bust or a correction finds it again. */
export type BookedFill = Fill & { readonly realizedPnl: Money };

/**
 * Takes a booked fill out again: cash, shares, cost and realised P&L change by exactly what the fill had
 * changed them by, its fees come back, and what follows from other fills stays. `realizedPnl` is the
 * change. When other fills have moved the position meanwhile, what its cost no longer fits is realised:
 * all of it when the account is flat, and when the position has turned round, what is beyond the price
 * of the fill. In every case cash + cost = what it was + change of realised P&L + the fees given back.
 */
export const reverseFill = (books: Books, fill: BookedFill): BooksAfterFill => {
  check(books, fill);
  const { symbol, side } = fill;
  const paid = paidFor(fill, fill.quantity);
  const traded = side === 'buy' ? fill.quantity : quantity.negate(fill.quantity);
  const left = quantity.subtract(books.position?.quantity ?? quantity.zero, traded);
  const kept = money.subtract(
    books.position?.cost ?? money.zero,
    money.add(paid, fill.realizedPnl),
  );
  const cost = isCostOf(kept, left) ? kept : notional(fill.price, left, 'half-even');
  return {
    cash: money.add(books.cash, paid, fill.fees),
    position: positionOf(symbol, left, cost),
    realizedPnl: money.subtract(money.subtract(cost, kept), fill.realizedPnl),
  };
};

/** A cost has the sign of what it was paid for, and nothing cost nothing. */
const isCostOf = (cost: Money, held: Quantity): boolean =>
  held === 0n ? cost === 0n : held > 0n ? cost >= 0n : cost <= 0n;

const check = ({ position }: Books, fill: Fill): void => {
  if (fill.quantity <= 0n) throw new RangeError(`a fill of ${quantity.format(fill.quantity)}`);
  if (fill.price < 0n || fill.fees < 0n) throw new RangeError('a negative price or fee');
  if (position !== undefined && position.symbol !== fill.symbol) {
    throw new RangeError(`a fill of ${fill.symbol} on a position in ${position.symbol}`);
  }
};

/** Cash that leaves the account for `shares` of the fill: positive for a buy, negative for a sell. */
const paidFor = ({ side, price }: Fill, shares: Quantity): Money =>
  side === 'buy' ? notional(price, shares, 'up') : money.negate(notional(price, shares, 'down'));

const smaller = (held: Quantity, traded: Quantity): Quantity =>
  quantity.min(quantity.absolute(held), traded);

/** The cost of the `closed` part of a position; the remainder of the division stays with the rest. */
const releasedCost = (cost: Money, held: Quantity, closed: Quantity): Money =>
  closed === 0n
    ? money.zero
    : (divide(cost * closed, quantity.absolute(held), 'half-even') as Money);

const positionOf = (symbol: Ticker, held: Quantity, cost: Money): PositionState | null =>
  held === 0n
    ? null
    : {
        symbol,
        quantity: held,
        averagePrice: averagePrice(cost, held, held > 0n ? 'up' : 'down'),
        cost,
      };

/** What closing the position at `price` would realise, before fees. */
export const unrealizedPnl = (position: PositionState, price: Price): Money =>
  money.subtract(markToMarket(position, price), position.cost);

/** Cash and positions at their marks; null when one has no mark, since then it is not known. */
export const equityOf = (
  cash: Money,
  positions: Iterable<PositionState>,
  marks: ReadonlyMap<Ticker, Price>,
): Money | null => {
  let equity = cash;
  for (const position of positions) {
    const mark = marks.get(position.symbol);
    if (mark === undefined) return null;
    equity = money.add(equity, markToMarket(position, mark));
  }
  return equity;
};
