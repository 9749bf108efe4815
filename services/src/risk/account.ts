import { type Money, money, notional, type Quantity, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { AssessedAccount, RiskFacts } from '@sentinel/contracts/risk';

/** Value of every position at its mark; null when one has no mark, since then equity is not known. */
const positionValues = (
  account: AssessedAccount,
  facts: RiskFacts,
): ReadonlyMap<Ticker, Money> | null => {
  const marks = new Map(facts.marks.map((mark) => [mark.symbol, mark.price]));
  const values = new Map<Ticker, Money>();
  for (const position of account.positions) {
    const mark = marks.get(position.symbol);
    if (mark === undefined) return null;
    values.set(position.symbol, notional(mark, position.quantity, 'half-even'));
  }
  return values;
};

/** What the account is worth and at risk with, each working buy counted as if it had filled. */
export type Exposure = {
  readonly equity: Money;
  readonly reservedCash: Money;
  readonly gross: Money;
  readonly bySymbol: ReadonlyMap<Ticker, Money>;
  /** Symbols held or being bought. */
  readonly symbols: ReadonlySet<Ticker>;
};

export const exposureOf = (account: AssessedAccount, facts: RiskFacts): Exposure | null => {
  const values = positionValues(account, facts);
  if (values === null) return null;
  const bySymbol = new Map<Ticker, Money>();
  for (const [symbol, value] of values) bySymbol.set(symbol, money.absolute(value));
  for (const reservation of account.reservations) {
    if (reservation.reservedCash === 0n) continue;
    const before = bySymbol.get(reservation.symbol) ?? money.zero;
    bySymbol.set(reservation.symbol, money.add(before, reservation.reservedCash));
  }
  return {
    equity: money.add(account.cash, ...values.values()),
    reservedCash: money.add(...account.reservations.map((reservation) => reservation.reservedCash)),
    gross: money.add(...bySymbol.values()),
    bySymbol,
    symbols: new Set(bySymbol.keys()),
  };
};

/** Shares of `symbol` that can still be sold: held, less what working sells may take. */
export const sellableQuantity = (account: AssessedAccount, symbol: Ticker): Quantity => {
  const held =
    account.positions.find((position) => position.symbol === symbol)?.quantity ?? quantity.zero;
  return account.reservations
    .filter((reservation) => reservation.symbol === symbol && reservation.side === 'sell')
    .reduce((left, reservation) => quantity.subtract(left, reservation.leavesQuantity), held);
};
