import { type Money, money, type Quantity, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { markToMarket } from '@sentinel/contracts/portfolio';
import type { AssessedAccount, OrderIntent, RiskFacts, Side } from '@sentinel/contracts/risk';

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
    values.set(position.symbol, markToMarket(position, mark));
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

/** Shares still to be traded by working orders of `sides`; of the exits of one order one counts. */
export const workingShares = (
  account: AssessedAccount,
  symbol: Ticker,
  sides: readonly Side[],
): Quantity => {
  const byParent = new Map<string, Quantity>();
  let shares = quantity.zero;
  for (const each of account.reservations) {
    if (each.symbol !== symbol || !sides.includes(each.side)) continue;
    if (each.exitOf === undefined) {
      shares = quantity.add(shares, each.leavesQuantity);
      continue;
    }
    const other = byParent.get(each.exitOf) ?? quantity.zero;
    if (each.leavesQuantity > other) byParent.set(each.exitOf, each.leavesQuantity);
  }
  return [...byParent.values()].reduce(quantity.add, shares);
};

/** Shares held; negative when they are owed. */
export const heldQuantity = (account: AssessedAccount, symbol: Ticker): Quantity =>
  account.positions.find((position) => position.symbol === symbol)?.quantity ?? quantity.zero;

/** Shares of `symbol` that can still be sold: held, less what working sells may take. */
export const sellableQuantity = (account: AssessedAccount, symbol: Ticker): Quantity =>
  quantity.subtract(heldQuantity(account, symbol), workingShares(account, symbol, ['sell']));

/** Shares of `symbol` that can still be bought back: owed, less what working buys may take. */
export const coverableQuantity = (account: AssessedAccount, symbol: Ticker): Quantity =>
  quantity.subtract(
    quantity.negate(heldQuantity(account, symbol)),
    workingShares(account, symbol, ['buy']),
  );

/** Whether the order can only shrink a position, whatever else works. */
export const isReducing = (
  { symbol, side, quantity: shares }: OrderIntent,
  account: AssessedAccount,
): boolean =>
  (side === 'sell' && shares <= sellableQuantity(account, symbol)) ||
  (side === 'buy' && shares <= coverableQuantity(account, symbol));

/** The account as it stands. */
export const asItStands = (account: AssessedAccount): AssessedAccount => account;

/** The account as it is when one of two exits takes new terms: of the pair only one can trade in full. */
export const withoutOtherExit = (account: AssessedAccount): AssessedAccount =>
  account.exitOf === undefined
    ? account
    : {
        ...account,
        reservations: account.reservations.filter(({ exitOf }) => exitOf !== account.exitOf),
      };
