import { type Price, parseDecimal, type Quantity, quantity } from '@sentinel/contracts/kernel';
import { MarketDataUnavailable } from '@sentinel/contracts/market';

/** A number of the client as the decimal that stood in the answer. */
const textOf = (value: number): string => {
  const text = String(value);
  const [digits = '', exponent] = text.split('e-');
  if (exponent === undefined) return text;
  const [whole = '', fraction = ''] = digits.split('.');
  return `0.${'0'.repeat(Number(exponent) - 1)}${whole}${fraction}`;
};

/**
 * A price with the digits that Alpaca sent. The client reads a decimal of up to fifteen digits into the
 * double nearest to it, whose shortest text is that decimal again: no digit changes on the way. A price
 * below a millionth of a dollar's steps, zero or less, or no number is refused, never rounded.
 * @throws MarketDataUnavailable
 */
export const exactPrice = (value: number): Price => {
  const micros = parseDecimal(textOf(value), 6);
  if (micros === undefined || micros <= 0n || micros > 10n ** 12n)
    throw new MarketDataUnavailable(`Alpaca sent ${value}, which is no price in micro-dollars.`);
  return micros as Price;
};

/** Shares, at most nine places deep. @throws MarketDataUnavailable */
export const exactShares = (value: number): Quantity => {
  if (Number.isSafeInteger(value) && value >= 0) return quantity.fromShares(value);
  const shares = parseDecimal(textOf(value), 9);
  if (shares === undefined || shares < 0n)
    throw new MarketDataUnavailable(`Alpaca sent ${value}, which is no number of shares.`);
  return shares as Quantity;
};

/** Epoch milliseconds of a time as Alpaca writes it, with nanoseconds. @throws MarketDataUnavailable */
export const timeMs = (given: Date | string): number => {
  const ms = typeof given === 'string' ? Date.parse(given) : given.getTime();
  if (Number.isNaN(ms)) throw new MarketDataUnavailable(`Alpaca sent "${given}" as a time.`);
  return ms;
};
