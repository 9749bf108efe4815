import {
  divide,
  type Money,
  notional,
  type Price,
  type Quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';

/** What borrowing costs a year when its price is no longer told: hard to borrow, to be safe. */
const unknownBorrowBps = 2_500;

/** Borrowed shares are charged by the year of 360 days. */
const daysPerYear = 360n;
const bpsOfAll = 10_000n;

/** The price of `shares` borrowed for some nights at a yearly rate in basis points, rounded up. */
export const borrowFee = ({
  shares,
  mark,
  annualFeeBps,
  nights,
}: {
  /** Positive. */
  readonly shares: Quantity;
  readonly mark: Price;
  readonly annualFeeBps: number;
  readonly nights: number;
}): Money => {
  const owed = notional(mark, shares, 'up') * BigInt(annualFeeBps) * BigInt(nights);
  return divide(owed, daysPerYear * bpsOfAll, 'up') as Money;
};

/** Books as they are opened, with the date of those that they continue. */
type OpenedBooks = {
  readonly date: TradingDate;
  readonly previousDate: TradingDate | null;
  readonly positions: ReadonlyMap<Ticker, PositionState>;
  /** Shares that were sold short at the close before, and the prices of that close. */
  readonly borrowed: ReadonlyMap<Ticker, Quantity>;
  readonly openingMarks: ReadonlyMap<Ticker, Price>;
};

/** What is owed for the shares that an account held short over the nights, at the close before them. */
export const borrowingOf = async (market: MarketData, books: OpenedBooks) => {
  const from = books.previousDate;
  const nights =
    from === null
      ? 0
      : Temporal.PlainDate.from(from).until(books.date, { largestUnit: 'day' }).days;
  const charges = await Promise.all(
    [...books.borrowed.keys()].map(async (symbol) => {
      const instrument = await market.instrument(symbol);
      const mark = books.openingMarks.get(symbol) ?? books.positions.get(symbol)?.averagePrice;
      const annualFeeBps = instrument?.borrow?.annualFeeBps ?? unknownBorrowBps;
      return mark === undefined ? [] : [{ symbol, mark, annualFeeBps }];
    }),
  );
  return { nights, charges: charges.flat() };
};
