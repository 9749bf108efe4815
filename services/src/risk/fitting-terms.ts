import type { Price } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';

/** What does not fit together in an order's terms, with what to do. */
export type Misfit = { readonly what: string; readonly remedy: string };

/** Whether `a` is a better price than `b` for somebody who trades on `side`. */
const isBetter = (side: OrderIntent['side'], a: Price, b: Price): boolean =>
  side === 'buy' ? a < b : a > b;

const rising = (prices: readonly (Price | null)[]): boolean => {
  const given = prices.filter((each): each is Price => each !== null);
  return given.every((each, n) => n === 0 || (given[n - 1] as Price) < each);
};

/** Prices of which each is an order's, now or later. */
const pricesOf = ({ limitPrice, triggerPrice, collar, exits, trail }: OrderIntent) =>
  [limitPrice, triggerPrice, collar, exits?.takeProfit, exits?.stopLoss, trail?.amount].filter(
    (each): each is Price => each !== null && each !== undefined,
  );

/**
 * What keeps an order's prices from fitting each other, as at its entry: undefined when nothing does. Of
 * a stop that has been reached only the limit counts.
 */
export const misfitOf = (
  intent: OrderIntent,
  { isTriggered }: { readonly isTriggered: boolean },
): Misfit | undefined => {
  const { side, limitPrice, triggerPrice, exits } = intent;
  if (pricesOf(intent).some((each) => each <= 0n))
    return { what: 'A price is not above zero.', remedy: 'Give prices above zero.' };
  const waits = triggerPrice !== undefined && !isTriggered;
  if (waits && limitPrice !== null && isBetter(side, limitPrice, triggerPrice))
    return {
      what: 'The limit_price is better than the stop_price: once the stop is reached it could not trade.',
      remedy: 'To buy, give a limit at or above the stop; to sell, at or below it.',
    };
  if (exits === undefined) return undefined;
  const entry = limitPrice ?? (waits ? triggerPrice : null);
  const inTurn = [exits.stopLoss, entry, exits.takeProfit];
  return rising(side === 'sell_short' ? inTurn.reverse() : inTurn)
    ? undefined
    : {
        what: 'The exits stand on the wrong side: stop_loss, entry and take_profit must follow each other.',
        remedy: 'To buy, stop_loss < entry < take_profit; to sell short, the other way round.',
      };
};
