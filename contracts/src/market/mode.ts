import type { MarketSource } from './quote.ts';

const markets: Readonly<Record<MarketSource, string>> = {
  mock: 'the mock market',
  historical: 'historical bars',
  'alpaca-iex': "Alpaca's live market, IEX alone",
  'alpaca-sip': "Alpaca's live market, all exchanges",
};

/** How Sentinel trades, in words, for every answer that could be taken for real money. */
export const tradingMode = (source: MarketSource): string => `paper on ${markets[source]}`;
