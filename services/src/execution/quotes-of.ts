import type { MarketData, Quote, Ticker } from '@sentinel/contracts/market';
import { ifAvailable } from '../market/index.ts';

/** Quotes by symbol; a symbol without one is left out, and its orders wait. */
export const quotesOf = async (
  market: MarketData,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, Quote>> => {
  const quotes = new Map<Ticker, Quote>();
  for (const symbol of symbols) {
    // No quote now is no fill now: the order goes on working and is looked at again.
    const quote = await ifAvailable(market.quote(symbol));
    if (quote !== undefined) quotes.set(symbol, quote);
  }
  return quotes;
};
