import {
  averagePrice,
  type Money,
  money,
  notional,
  type Price,
  price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { AssessedAccount, RiskFacts, RiskLimits, Side } from '@sentinel/contracts/risk';
import type { Exposure } from './account.ts';

type Margin = NonNullable<RiskLimits['margin']>;

const lowPrice = price.of('5');
const leastOfLow = price.of('2.5');
const leastOfOther = price.of('5');

/**
 * What equity must be of shares sold short at `mark` while they are owed (FINRA rule 4210(c)): below five
 * dollars the greater of 2.50 a share and all of their value; from there on the greater of five dollars a
 * share and the house's share of their value.
 */
export const shortMaintenance = (
  /** Positive. */
  shares: Quantity,
  mark: Price,
  { maintenanceBps }: Margin,
): Money => {
  const value = notional(mark, shares, 'up');
  if (mark < lowPrice) return money.max(notional(leastOfLow, shares, 'up'), value);
  const ofValue = money.atBps(value, BigInt(maintenanceBps), 'up');
  return money.max(notional(leastOfOther, shares, 'up'), ofValue);
};

/** What shares sold short for `value` must bring beyond their initial share: low prices ask for more. */
const beyondInitial = (shares: Quantity, value: Money, margin: Margin): Money => {
  const initial = money.atBps(value, BigInt(margin.initialBps), 'up');
  const held = shortMaintenance(shares, averagePrice(value, shares, 'up'), margin);
  return money.max(money.zero, money.subtract(held, initial));
};

/** What an order worth `value` must bring: its initial share, and of a short sale what it takes to hold. */
export const marginNeeded = (
  { side, quantity: shares }: { readonly side: Side; readonly quantity: Quantity },
  value: Money,
  margin: Margin,
): Money => {
  const initial = money.atBps(value, BigInt(margin.initialBps), 'up');
  return side === 'sell_short' ? money.add(initial, beyondInitial(shares, value, margin)) : initial;
};

/** What all that is held and works brings already. */
export const marginUsed = (
  { positions, reservations }: Pick<AssessedAccount, 'positions' | 'reservations'>,
  { gross }: Pick<Exposure, 'gross'>,
  { facts, margin }: { readonly facts: Pick<RiskFacts, 'marks'>; readonly margin: Margin },
): Money => {
  const marks = new Map(facts.marks.map((mark) => [mark.symbol, mark.price]));
  const held = positions.flatMap(({ symbol, quantity: shares }) => {
    const mark = marks.get(symbol);
    if (shares >= 0n || mark === undefined) return [];
    const owed = quantity.negate(shares);
    return [beyondInitial(owed, notional(mark, owed, 'up'), margin)];
  });
  const working = reservations
    .filter(({ side, reservedCash }) => side === 'sell_short' && reservedCash > 0n)
    .map((each) => beyondInitial(each.leavesQuantity, each.reservedCash, margin));
  return money.add(money.atBps(gross, BigInt(margin.initialBps), 'up'), ...held, ...working);
};
