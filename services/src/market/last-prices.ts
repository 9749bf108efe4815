import type { MarketData, Ticker, Trade } from '@sentinel/contracts/market';
import { ifAvailable } from './if-available.ts';

/**
 * The last price of a symbol, from its quote or else from its last trade, however old: no price now is
 * not no price. Undefined where it never traded, or while the provider cannot answer.
 */
export const lastPriceOf = async (
  market: MarketData,
  symbol: Ticker,
): Promise<Trade | undefined> => {
  const quote = await ifAvailable(market.quote(symbol));
  if (quote !== undefined) return { symbol, price: quote.last, at: quote.at };
  return ifAvailable(market.lastTrade(symbol));
};

/** Last prices by symbol; what has none is left out. */
export const lastPrices = async (
  market: MarketData,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, Trade>> => {
  const trades = await Promise.all(symbols.map((symbol) => lastPriceOf(market, symbol)));
  return new Map(trades.flatMap((trade) => (trade === undefined ? [] : [[trade.symbol, trade]])));
};
