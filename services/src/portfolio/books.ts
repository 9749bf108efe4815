import type { SessionClosed, SessionOpened } from '@sentinel/contracts/execution';
import { exchangeWeek, type Money, money, type TradingDate } from '@sentinel/contracts/kernel';
import { markedOrAtCost, type PositionState } from '@sentinel/contracts/portfolio';

/** What an account has and owes as its session opens. */
type OpeningBooks = Pick<
  SessionOpened,
  'cash' | 'positions' | 'marks' | 'equity' | 'lossStreak' | 'carriedOrders' | 'previousDate'
> &
  Pick<SessionOpened, 'weekOf' | 'weekStartEquity'>;

/**
 * The books with which the session of `date` opens: those of the closing before, or nothing but cash.
 * The week's base stays what it was as long as the week does.
 */
export const openingBooks = (
  closed: SessionClosed | undefined,
  { date, startingCash }: { readonly date: TradingDate; readonly startingCash: Money },
): OpeningBooks => {
  const weekOf = exchangeWeek(date);
  const equity = closed?.equity ?? startingCash;
  return {
    cash: closed?.cash ?? startingCash,
    positions: closed?.positions ?? [],
    marks: closed?.marks ?? [],
    equity,
    lossStreak: closed?.lossStreak ?? { count: 0, lastLossAt: null },
    carriedOrders: closed?.carriedOrders ?? 0,
    previousDate: closed?.date ?? null,
    weekOf,
    weekStartEquity: closed?.weekOf === weekOf ? closed.weekStartEquity : equity,
  };
};

/** Cash and what is held at the closing marks; what has none counts as it was paid for. */
export const closingEquity = (
  cash: Money,
  positions: readonly PositionState[],
  marks: SessionClosed['marks'],
): Money => {
  const prices = new Map(marks.map((mark) => [mark.symbol, mark.price]));
  const values = positions.map((each) => markedOrAtCost(each, prices.get(each.symbol)));
  return money.add(cash, ...values);
};
