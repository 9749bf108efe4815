/** How a product or quotient that has more digits than its unit is brought back to it. */
export type Rounding = 'half-even' | 'up' | 'down';

const decimalPattern = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/**
 * Reads a plain decimal text ("-12.5", no exponent, no sign but a minus) as an integer of
 * `10^-digits` units. Answers undefined for anything else, and for more fraction digits than the
 * unit holds: silently dropping a digit of somebody's money is never right.
 */
export const parseDecimal = (text: string, digits: number): bigint | undefined => {
  if (text.length > 40 || !decimalPattern.test(text)) return undefined;
  const point = text.indexOf('.');
  if (point === -1) return BigInt(text) * 10n ** BigInt(digits);
  const fraction = text.slice(point + 1).replace(/0+$/, '');
  if (fraction.length > digits) return undefined;
  return BigInt(text.slice(0, point) + fraction.padEnd(digits, '0'));
};

/** The shortest plain decimal text of `units` counted in `10^-digits`; zero is "0", never "-0". */
export const formatDecimal = (units: bigint, digits: number): string => {
  const negative = units < 0n;
  const text = (negative ? -units : units).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
};

/**
 * Integer division with the rounding said out loud. `up` goes away from zero and `down` towards
 * it, so that "round a cost up" holds on both sides of the book. Throws on a zero denominator.
 */
export const divide = (numerator: bigint, denominator: bigint, rounding: Rounding): bigint => {
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n || rounding === 'down') return quotient;
  const away = numerator < 0n === denominator < 0n ? 1n : -1n;
  if (rounding === 'up') return quotient + away;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const size = denominator < 0n ? -denominator : denominator;
  if (twice === size) return quotient % 2n === 0n ? quotient : quotient + away;
  return twice > size ? quotient + away : quotient;
};
