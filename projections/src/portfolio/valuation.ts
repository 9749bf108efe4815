import { divide, type Money, money } from '@sentinel/contracts/kernel';
import { type MarketData, MarketDataUnavailable, type Trade } from '@sentinel/contracts/market';
import { markedOrAtCost, type PositionState } from '@sentinel/contracts/portfolio';

/** A position at its last price, however old; null where it never traded, and the value is its cost. */
export type Valued = {
  readonly position: PositionState;
  readonly mark: Pick<Trade, 'price' | 'at'> | null;
  /** Whether the market quotes it now. */
  readonly quoted: boolean;
  readonly value: Money;
};

/** Values positions by the last prices of the market, the rule by which the books are closed. */
export const valued = (
  positions: readonly PositionState[],
  marketData: MarketData,
): Promise<readonly Valued[]> =>
  Promise.all(
    positions.map(async (position) => {
      const quote = await ifAvailable(marketData.quote(position.symbol));
      const trade = quote ? undefined : await ifAvailable(marketData.lastTrade(position.symbol));
      const mark = quote ? { price: quote.last, at: quote.at } : (trade ?? null);
      const value = markedOrAtCost(position, mark?.price);
      return { position, mark, quoted: quote !== undefined, value };
    }),
  );

const ifAvailable = async <Value>(answer: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MarketDataUnavailable) return undefined;
    throw error;
  }
};

/**
 * `part` of `equity` in whole basis points, rounded away from zero. Exposure without equity is
 * beyond every limit, and is given as the largest number that an answer holds.
 */
export const shareInBps = (part: Money, equity: Money): number => {
  if (part === money.zero) return 0;
  const unbounded = part < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  return equity <= 0n ? unbounded : Number(divide(part * 10_000n, equity, 'up'));
};
