import { z } from 'zod';
import { divide, formatDecimal, parseDecimal, type Rounding } from './decimal.ts';

declare const unit: unique symbol;
type Unit<Name extends string> = bigint & { readonly [unit]: Name };

/** An amount of US dollars, in micro-dollars (1e-6). May be negative. */
export type Money = Unit<'Money'>;
/** A price of one share, in micro-dollars (1e-6). Never negative where it enters. */
export type Price = Unit<'Price'>;
/** A number of shares, in billionths (1e-9). Signed where it is a position, positive in an order. */
export type Quantity = Unit<'Quantity'>;

const moneyDigits = 6;
const quantityDigits = 9;
const quantityScale = 10n ** 9n;
const bpsScale = 10_000n;

/** The whole arithmetic of money in one place; everything else composes these. */
export const money = {
  zero: 0n as Money,
  /** Reads a decimal text that is known to be good; throws RangeError otherwise. */
  of: (text: string): Money => read(text, moneyDigits) as Money,
  format: (value: Money): string => formatDecimal(value, moneyDigits),
  add: (...values: readonly Money[]): Money => values.reduce((sum, v) => sum + v, 0n) as Money,
  subtract: (a: Money, b: Money): Money => (a - b) as Money,
  negate: (value: Money): Money => -value as Money,
  absolute: (value: Money): Money => (value < 0n ? -value : value) as Money,
  max: (a: Money, b: Money): Money => (a > b ? a : b),
  min: (a: Money, b: Money): Money => (a < b ? a : b),
  /** `value` times a rate in basis points (1/10,000). */
  atBps: (value: Money, bps: bigint, rounding: Rounding): Money =>
    divide(value * bps, bpsScale, rounding) as Money,
  /**
   * `part` of `whole` in hundredths of a basis point, rounded away from zero so that a share never
   * reads smaller than it is. `whole` must be positive.
   */
  shareOf: (part: Money, whole: Money): bigint => divide(part * bpsScale * 100n, whole, 'up'),
};

export const price = {
  of: (text: string): Price => read(text, moneyDigits) as Price,
  format: (value: Price): string => formatDecimal(value, moneyDigits),
  /** The nearest micro-dollar to a float of the indicator world; throws RangeError when not finite. */
  fromFloat: (value: number): Price => {
    if (!Number.isFinite(value)) throw new RangeError(`not a price: ${value}`);
    return BigInt(Math.round(value * 1e6)) as Price;
  },
  toFloat: (value: Price): number => Number(value) / 1e6,
  /** Brings a price to the grid: cents from one dollar up, hundredths of a cent below (Reg NMS 612). */
  toTick: (value: Price, rounding: Rounding): Price => {
    const tick = price.tickOf(value);
    return (divide(value, tick, rounding) * tick) as Price;
  },
  tickOf: (value: Price): bigint => (value >= 1_000_000n ? 10_000n : 100n),
  isOnTick: (value: Price): boolean => value % price.tickOf(value) === 0n,
};

export const quantity = {
  zero: 0n as Quantity,
  of: (text: string): Quantity => read(text, quantityDigits) as Quantity,
  format: (value: Quantity): string => formatDecimal(value, quantityDigits),
  add: (a: Quantity, b: Quantity): Quantity => (a + b) as Quantity,
  subtract: (a: Quantity, b: Quantity): Quantity => (a - b) as Quantity,
  negate: (value: Quantity): Quantity => -value as Quantity,
  absolute: (value: Quantity): Quantity => (value < 0n ? -value : value) as Quantity,
  max: (a: Quantity, b: Quantity): Quantity => (a > b ? a : b),
  min: (a: Quantity, b: Quantity): Quantity => (a < b ? a : b),
  /** Whole shares as a quantity; throws RangeError when not a safe integer. */
  fromShares: (shares: number): Quantity => (BigInt(shares) * quantityScale) as Quantity,
  toFloat: (value: Quantity): number => Number(value) / 1e9,
};

/** What `shares` are worth at `each`. A signed quantity gives signed money. */
export const notional = (each: Price, shares: Quantity, rounding: Rounding): Money =>
  divide(each * shares, quantityScale, rounding) as Money;

/** The price per share at which `shares` are worth `total`; `shares` must not be zero. */
export const averagePrice = (total: Money, shares: Quantity, rounding: Rounding): Price =>
  divide(total * quantityScale, shares, rounding) as Price;

const read = (text: string, digits: number): bigint => {
  const units = parseDecimal(text, digits);
  if (units === undefined)
    throw new RangeError(`not a decimal of at most ${digits} places: ${text}`);
  return units;
};

const codec = <Value extends Unit<string>>(digits: number, what: string) =>
  z.codec(
    z.string().meta({ description: `${what}, a decimal string` }),
    z.custom<Value>((value) => typeof value === 'bigint'),
    {
      decode: (text, context) => {
        const units = parseDecimal(text, digits);
        if (units !== undefined) return units as Value;
        context.issues.push({
          code: 'custom',
          input: text,
          message: `not a decimal of at most ${digits} places`,
        });
        return z.NEVER;
      },
      encode: (value) => formatDecimal(value, digits),
    },
  );

/** US dollars: a decimal string on the wire, Money inside. */
export const moneySchema = codec<Money>(moneyDigits, 'US dollars');
/** US dollars per share: a decimal string on the wire, Price inside. */
export const priceSchema = codec<Price>(moneyDigits, 'US dollars per share');
/** Shares: a decimal string on the wire, Quantity inside. */
export const quantitySchema = codec<Quantity>(quantityDigits, 'shares');

const argument = <Value extends Unit<string>>(digits: number, largest: bigint, what: string) =>
  z
    .unknown()
    .meta({
      type: ['string', 'number'],
      description: `${what}: "12.5", or a number of at most 15 significant digits`,
    })
    .transform((input, context): Value => {
      const units =
        typeof input === 'string' ? parseDecimal(input, digits) : fromNumber(input, digits);
      if (units !== undefined && units > 0n && units <= largest) return units as Value;
      context.issues.push({
        code: 'custom',
        input,
        message: `must be a positive decimal up to ${formatDecimal(largest, digits)} with at most ${digits} places`,
      });
      return z.NEVER;
    });

/** A JSON number is taken only while its digits are surely those that the caller wrote. */
const fromNumber = (input: unknown, digits: number): bigint | undefined => {
  if (typeof input !== 'number' || !Number.isFinite(input)) return undefined;
  const text = input.toString();
  const significant = text.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
  return significant.length > 15 ? undefined : parseDecimal(text, digits);
};

/** A price that a caller gives: positive, at most 1,000,000 dollars. */
export const priceArgument = argument<Price>(moneyDigits, 10n ** 12n, 'US dollars per share');
/** A number of shares that a caller gives: positive, at most 1,000,000,000. */
export const quantityArgument = argument<Quantity>(quantityDigits, 10n ** 18n, 'shares');
