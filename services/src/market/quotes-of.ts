import type { MarketData, Quote, Ticker } from '@sentinel/contracts/market';
import { ifAvailable } from './if-available.ts';

/** Quotes by symbol; a symbol without one is left out, and its orders wait. */
export const quotesOf = async (
  market: MarketData,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, Quote>> => {
  // No quote now is no fill now: the order goes on working and is looked at again.
  const quotes = await Promise.all(symbols.map((symbol) => ifAvailable(market.quote(symbol))));
  return new Map(quotes.flatMap((quote) => (quote === undefined ? [] : [[quote.symbol, quote]])));
};
