import type { Price } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Session, SessionEvent } from '../../execution/index.ts';

/**
 * The newest price of each symbol that the events have told so far: of quotes and marks that decisions were
 * made by, of fills, and of the closing books. What nobody asked for is not known.
 */
export const pricesSeen = () => {
  const seen = new Map<Ticker, { readonly price: Price; readonly at: number }>();
  const see = (symbol: Ticker, price: Price, at: Temporal.Instant): void => {
    if ((seen.get(symbol)?.at ?? Number.NEGATIVE_INFINITY) <= at.epochMilliseconds)
      seen.set(symbol, { price, at: at.epochMilliseconds });
  };
  return {
    see,
    take: ({ type, data }: SessionEvent): void => {
      switch (type) {
        case 'SessionOpened':
        case 'SessionClosed':
          for (const mark of data.marks) see(mark.symbol, mark.price, mark.at);
          return;
        case 'RiskAssessed': {
          const { marks, quote, at } = data.facts;
          for (const mark of marks) see(mark.symbol, mark.price, mark.at);
          if (quote !== null) see(quote.symbol, quote.last, at);
          return;
        }
        case 'OrderPartiallyFilled':
        case 'OrderFilled':
          see(data.symbol, data.lastPrice, data.at);
          return;
        case 'CorporateActionApplied':
          if (data.mark !== null) see(data.action.symbol, data.mark, data.at);
      }
    },
    /** Of what is held; the session itself knows the rest. */
    marksOf: (session: Session): ReadonlyMap<Ticker, Price> =>
      new Map(
        [...session.positions.keys()].flatMap((symbol): readonly (readonly [Ticker, Price])[] => {
          const price = seen.get(symbol)?.price ?? session.lastPrices.get(symbol)?.price;
          return price === undefined ? [] : [[symbol, price]];
        }),
      ),
  };
};
