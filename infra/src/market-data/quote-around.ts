import { type Price, price, quantity } from '@sentinel/contracts/kernel';
import type { MarketSource, Quote, Ticker } from '@sentinel/contracts/market';

/** Spread in basis points of the price, narrower for dearer shares. */
const spreadBps = (last: Price): bigint => {
  if (last >= 200_000_000n) return 5n;
  return last >= 50_000_000n ? 8n : 15n;
};

/**
 * A quote whose bid and ask stand around `last` on the tick grid, as wide as the spread table says
 * and never narrower than one tick, so that bid <= last <= ask and bid < ask always hold (below one
 * tick, bid is one tick). Sizes are in round lots of a hundred shares.
 */
export const quoteAround = (
  last: Price,
  of: {
    readonly symbol: Ticker;
    readonly source: MarketSource;
    readonly at: Temporal.Instant;
    readonly bidLots: number;
    readonly askLots: number;
  },
): Quote => {
  const tick = price.tickOf(last);
  const wanted = (last * spreadBps(last) + 5_000n * tick) / (10_000n * tick);
  const ticks = wanted < 1n ? 1n : wanted;
  const below = (last / tick - ticks / 2n) * tick;
  const bid = below < tick ? tick : below;
  return {
    symbol: of.symbol,
    bid: price.toTick(bid as Price, 'down'),
    bidSize: quantity.fromShares(of.bidLots * 100),
    ask: price.toTick((bid + ticks * tick) as Price, 'up'),
    askSize: quantity.fromShares(of.askLots * 100),
    last,
    at: of.at,
    source: of.source,
  };
};
