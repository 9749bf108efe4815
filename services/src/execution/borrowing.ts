import type { MarketData } from '@sentinel/contracts/market';
import type { Session } from './session/index.ts';

/** What borrowing costs a year when its price is no longer told: hard to borrow, to be safe. */
const unknownBorrowBps = 2_500;

/** What is owed for the shares that an account has sold short, at the mark of its opening books. */
export const borrowingOf = async (market: MarketData, session: Session) => {
  const from = session.previousDate;
  const nights =
    from === null
      ? 0
      : Temporal.PlainDate.from(from).until(session.date, { largestUnit: 'day' }).days;
  const short = [...session.positions.values()].filter((position) => position.quantity < 0n);
  const charges = await Promise.all(
    short.map(async ({ symbol, averagePrice }) => {
      const instrument = await market.instrument(symbol);
      const mark = session.openingMarks.get(symbol) ?? averagePrice;
      return { symbol, mark, annualFeeBps: instrument?.borrow?.annualFeeBps ?? unknownBorrowBps };
    }),
  );
  return { nights, charges };
};
