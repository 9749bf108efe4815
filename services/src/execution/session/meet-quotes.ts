import type { VenueReport, WorkingOrder } from '@sentinel/contracts/execution';
import { type Quantity, quantity } from '@sentinel/contracts/kernel';
import type { MarketSession, Quote, Ticker } from '@sentinel/contracts/market';
import type { Side } from '@sentinel/contracts/risk';
import { reportsOf, venueReports } from '../venue/index.ts';
import { type Session, workingInTurn } from './state.ts';

/** Each may become four events at the most, and an append holds 500. */
const mostReports = 100;

/** The market at one moment: a quote for each symbol that has one, and the exchange's session at it. */
export type Quotes = ReadonlyMap<
  Ticker,
  { readonly quote: Quote; readonly session: MarketSession }
>;

/**
 * What the paper venue says of every working order at the market's quotes, in the order in which they
 * came. A quote of which something came fills nothing a second time, and what it displays is shared.
 */
export const meetQuotes = (quotes: Quotes, session: Session): readonly VenueReport[] => {
  const said: VenueReport[] = [];
  const taken = takenSizes();
  for (const order of workingInTurn(session)) {
    if (said.length >= mostReports) break;
    const { symbol } = order.intent;
    const met = quotes.get(symbol);
    if (met === undefined || isOfSessionBefore(met.session, session)) continue;
    const reports = venueReports({
      order,
      quote: taken.left(met.quote),
      session: met.session,
      terms: session.venue,
      tradingDate: session.date,
      lastLookAt: session.quotesMet.get(symbol),
    });
    for (const report of reports) if (report.type === 'fill') taken.take(order, report.quantity);
    said.push(...reportsOf(order.orderId, reports, { quote: met.quote }));
  }
  return said;
};

/** The session before had it, and may have used it. */
const isOfSessionBefore = ({ date }: MarketSession, { previousDate }: Session): boolean =>
  previousDate !== null && date <= previousDate;

/** What is left of the displayed sizes: two orders at one quote cannot both take the same shares. */
const takenSizes = () => {
  const taken = new Map<string, Quantity>();
  const keyOf = (symbol: Ticker, side: Side) => `${symbol} ${side === 'buy' ? 'ask' : 'bid'}`;
  const leftOf = (displayed: Quantity, key: string): Quantity => {
    const left = quantity.subtract(displayed, taken.get(key) ?? quantity.zero);
    return left > 0n ? left : quantity.zero;
  };
  return {
    left: (quote: Quote): Quote => ({
      ...quote,
      askSize: leftOf(quote.askSize, keyOf(quote.symbol, 'buy')),
      bidSize: leftOf(quote.bidSize, keyOf(quote.symbol, 'sell')),
    }),
    take: ({ intent }: WorkingOrder, shares: Quantity): void => {
      const key = keyOf(intent.symbol, intent.side);
      taken.set(key, quantity.add(taken.get(key) ?? quantity.zero, shares));
    },
  };
};
