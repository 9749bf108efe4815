import type { Meter } from '@opentelemetry/api';
import type { MarketData } from '@sentinel/contracts/market';

/** Seconds: past five an order is denied for it, past sixty the guard halts, unless limits say otherwise. */
const bucketsSeconds = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600];

/** Tells how old quotes were, by the market's own clock, when somebody used them. */
export const watchMarket = (meter: Meter): ((market: MarketData) => MarketData) => {
  const age = meter.createHistogram('sentinel.market_data.age', {
    unit: 's',
    description: "How old quotes were when they were used, by the market's clock.",
    advice: { explicitBucketBoundaries: bucketsSeconds },
  });
  const watched = (market: MarketData): MarketData => ({
    ...market,
    quote: async (symbol) => {
      const quote = await market.quote(symbol);
      if (quote !== undefined) {
        const ms = market.now().epochMilliseconds - quote.at.epochMilliseconds;
        age.record(Math.max(0, ms) / 1_000, { 'sentinel.market.source': market.source });
      }
      return quote;
    },
    // A market of another time tells nothing of how old the data is now.
    freeze: (at) => (at === undefined ? watched(market.freeze()) : market.freeze(at)),
  });
  return watched;
};
