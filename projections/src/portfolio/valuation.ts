import { divide, type Money, money, type Price } from '@sentinel/contracts/kernel';
import { type MarketData, MarketDataUnavailable } from '@sentinel/contracts/market';
import { markedOrAtCost, type PositionState } from '@sentinel/contracts/portfolio';

/** A position at its last price; `mark` is null where it never had one, and the value is its cost. */
export type Valued = {
  readonly position: PositionState;
  readonly mark: Price | null;
  /** Whether the mark is of now: what has no price now keeps its last one. */
  readonly current: boolean;
  readonly value: Money;
};

/** Values positions by the last prices of the market, the rule by which the books are closed. */
export const valued = (
  positions: readonly PositionState[],
  marketData: MarketData,
): Promise<readonly Valued[]> =>
  Promise.all(
    positions.map(async (position) => {
      const { symbol } = position;
      const quote = await ifAvailable(marketData.quote(symbol));
      const last =
        quote === undefined ? await ifAvailable(marketData.lastTrade(symbol)) : undefined;
      const mark = quote?.last ?? last?.price ?? null;
      return {
        position,
        mark,
        current: quote !== undefined,
        value: markedOrAtCost(position, mark),
      };
    }),
  );

const ifAvailable = async <Value>(
  asked: Promise<Value | undefined>,
): Promise<Value | undefined> => {
  try {
    return await asked;
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
