/** How a product or quotient that has more digits than its unit is brought back to it. */
export type Rounding = 'half-even' | 'up' | 'down';

const decimalPattern = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** So many digits an integer of the engine's own kind holds exactly. */
const exactDigits = 15;
const [zero, point] = [0x30, 0x2e];

/**
 * Reads a plain decimal text ("-12.5", no exponent, no sign but a minus) as an integer of
 * `10^-digits` units. Answers undefined for anything else, and for more fraction digits than the
 * unit holds: silently dropping a digit of somebody's money is never right.
 */
export const parseDecimal = (text: string, digits: number): bigint | undefined => {
  if (text.length > 40 || !decimalPattern.test(text)) return undefined;
  const pointAt = text.indexOf('.');
  const wholeEnd = pointAt === -1 ? text.length : pointAt;
  if (wholeEnd + digits <= exactDigits && text.length - wholeEnd - 1 <= digits)
    return shortDecimal(text, digits);
  const fraction = text.slice(wholeEnd + 1).replace(/0+$/, '');
  if (fraction.length > digits) return undefined;
  return BigInt(text.slice(0, wholeEnd) + fraction.padEnd(digits, '0'));
};

/** The same of a good text with so few digits that no step leaves the exact integers: most are. */
const shortDecimal = (text: string, digits: number): bigint => {
  const negative = text.startsWith('-');
  let units = 0;
  let missing = digits;
  let inFraction = false;
  for (let at = negative ? 1 : 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === point) inFraction = true;
    else {
      units = units * 10 + code - zero;
      if (inFraction) missing -= 1;
    }
  }
  for (; missing > 0; missing--) units *= 10;
  return BigInt(negative ? -units : units);
};

/** The shortest plain decimal text of `units` counted in `10^-digits`; zero is "0", never "-0". */
export const formatDecimal = (units: bigint, digits: number): string => {
  if (units === 0n) return '0';
  const negative = units < 0n;
  const text = (negative ? -units : units).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  let end = text.length;
  while (end > text.length - digits && text.charCodeAt(end - 1) === zero) end -= 1;
  const fraction = text.slice(text.length - digits, end);
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
