import type { MarketData, Quote, Ticker } from '@sentinel/contracts/market';

/** The market, asked once for a quote that several want at the same time. */
export const sharingQuotes = (market: MarketData): MarketData => {
  const underWay = new Map<Ticker, Promise<Quote | undefined>>();
  return {
    ...market,
    freeze: (at) => sharingQuotes(market.freeze(at)),
    quote: (symbol) => {
      const known = underWay.get(symbol);
      if (known !== undefined) return known;
      const forget = () => void underWay.delete(symbol);
      const asked = market.quote(symbol);
      underWay.set(symbol, asked);
      asked.then(forget, forget);
      return asked;
    },
  };
};
