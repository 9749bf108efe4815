import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Rounding } from './decimal.ts';
import {
  averagePrice,
  type Money,
  money,
  moneySchema,
  notional,
  type Price,
  price,
  priceArgument,
  priceSchema,
  type Quantity,
  quantity,
  quantityArgument,
  quantitySchema,
} from './money.ts';

const runs = { numRuns: 1_000 };
const units = fc.bigInt(-(10n ** 18n), 10n ** 18n);
const positive = fc.bigInt(1n, 10n ** 13n);

describe('a number that a caller gives', () => {
  const longest = '1234567890.123456789';
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an object', {}],
    ['an array of one', ['1']],
    ['a truth', true],
    ['a bigint', 1n],
    ['not a number', Number.NaN],
    ['1e400', JSON.parse('1e400')],
    ['minus infinity', Number.NEGATIVE_INFINITY],
    ['20 digits', JSON.parse('12345678901234567890')],
    ['16 significant digits', 0.1234567890123456],
    ['a sum of binary fractions', 0.1 + 0.2],
    ['a number so small that it prints with an exponent', 1e-7],
    ['a number so large that it prints with an exponent', 1e21],
    ['a negative number', -1],
    ['zero', 0],
    ['minus zero', -0],
    ['a negative text', '-1'],
    ['a zero text', '0'],
    ['a text of many zeros', '0.000'],
    ['an exponent', '1e3'],
    ['a sign', '+1'],
    ['white space', ' 1'],
    ['white space behind', '1\t'],
    ['a new line', '1\n'],
    ['fullwidth digits', '１２'],
    ['arabic digits', '١٢'],
    ['a decimal comma', '1,5'],
    ['thousands', '1,000'],
    ['hexadecimal', '0x10'],
    ['no digits', ''],
    ['too many places', '0.0000000001'],
    ['more than the largest', '1000000000.1'],
    ['a very long text', '1'.repeat(100_000)],
  ])('is refused: %s', (_, input) => {
    expect(quantityArgument.safeParse(input).success).toBe(false);
    expect(priceArgument.safeParse(input).success).toBe(false);
  });

  test('may be as large and as fine as its unit, and no more', () => {
    expect(quantityArgument.parse('1000000000')).toBe(10n ** 18n);
    expect(quantityArgument.parse('0.000000001')).toBe(1n);
    expect(quantityArgument.safeParse(longest).success).toBe(false);
    expect(priceArgument.parse('1000000')).toBe(10n ** 12n);
    expect(priceArgument.parse('0.000001')).toBe(1n);
    expect(priceArgument.safeParse('0.0000001').success).toBe(false);
    expect(priceArgument.safeParse('1000000.000001').success).toBe(false);
  });

  test('has at most 15 significant digits as a JSON number, and any as a text', () => {
    expect(quantityArgument.parse(123456.789012345)).toBe(123456789012345n);
    expect(quantityArgument.safeParse(1234567.890123456).success).toBe(false);
    expect(quantityArgument.parse('1234567.890123456')).toBe(1234567890123456n);
  });

  test('is told to be a text or a number, and of what', () => {
    for (const [schema, what] of [
      [priceArgument, 'US dollars per share'],
      [quantityArgument, 'shares'],
    ] as const) {
      const told = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
      expect(told.type).toEqual(['string', 'number']);
      expect(told.description?.startsWith(`${what}: "12.5", or a number`)).toBe(true);
    }
  });

  test('means the same as a JSON number and as a text', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 12 }),
        fc.integer({ min: 0, max: 6 }),
        (whole, places) => {
          const text = price.format((BigInt(whole) * 10n ** BigInt(6 - places)) as Price);
          fc.pre(BigInt(whole) * 10n ** BigInt(6 - places) <= 10n ** 12n);
          const number = Number(text);
          fc.pre(!number.toString().includes('e'));
          expect(priceArgument.parse(number)).toBe(priceArgument.parse(text));
        },
      ),
      runs,
    );
  });

  test('is never a number other than the one written', () => {
    fc.assert(
      fc.property(fc.double(), (number) => {
        const parsed = quantityArgument.safeParse(number);
        if (!parsed.success) return;
        expect(Number(quantity.format(parsed.data))).toBe(number);
      }),
      runs,
    );
  });

  test('is refused with a sentence that says what would do', () => {
    const { error } = quantityArgument.safeParse('ten');
    expect(error?.issues[0]?.message).toBe(
      'must be a positive decimal up to 1000000000 with at most 9 places',
    );
  });
});

describe('the stored form', () => {
  test.each([
    ['money', moneySchema],
    ['price', priceSchema],
    ['quantity', quantitySchema],
  ] as const)('of %s is a decimal text, and comes back the same', (_, schema) => {
    fc.assert(
      fc.property(units, (value) => {
        const text = schema.encode(value as Money & Price & Quantity);
        expect(typeof text).toBe('string');
        expect(schema.decode(text)).toBe(value);
      }),
      runs,
    );
    const { error } = schema.safeDecode('1e3');
    expect(error?.issues[0]?.message).toMatch(/^not a decimal of at most [69] places$/);
    expect(schema.safeDecode('0.0000000001').success).toBe(false);
  });

  test('of a constant that is no decimal throws', () => {
    expect(() => money.of('1e3')).toThrow(RangeError);
    expect(() => price.of('0.0000001')).toThrow(RangeError);
    expect(() => quantity.of('one')).toThrow(RangeError);
  });
});

describe('the price grid', () => {
  const prices = fc.oneof(positive, fc.bigInt(1n, 3_000_000n)).map((value) => value as Price);

  test.each(['down', 'up', 'half-even'] as const)(
    'brings a price %s to its grid by less than a tick',
    (rounding: Rounding) => {
      fc.assert(
        fc.property(prices, (value) => {
          const onGrid = price.toTick(value, rounding);
          expect(price.isOnTick(onGrid)).toBe(true);
          const moved = onGrid - value;
          const tick = price.tickOf(value);
          expect(moved < tick && -moved < tick).toBe(true);
          if (rounding === 'up') expect(moved).toBeGreaterThanOrEqual(0n);
          if (rounding === 'down') expect(moved).toBeLessThanOrEqual(0n);
          expect(price.toTick(onGrid, rounding)).toBe(onGrid);
        }),
        runs,
      );
    },
  );

  test.each([
    ['0.99995', 'up', '1'],
    ['0.99995', 'down', '0.9999'],
    ['1.000001', 'up', '1.01'],
    ['1.009999', 'down', '1'],
    ['120.125', 'half-even', '120.12'],
    ['120.135', 'half-even', '120.14'],
    ['0.00005', 'up', '0.0001'],
  ] as const)('takes %s %s to %s', (from, rounding, to) => {
    expect(price.format(price.toTick(price.of(from), rounding))).toBe(to);
  });

  test('is a cent from a dollar on, and a hundredth of one below', () => {
    expect(price.tickOf(price.of('1'))).toBe(price.of('0.01'));
    expect(price.tickOf(price.of('0.999999'))).toBe(price.of('0.0001'));
  });

  test('keeps a float of the indicator world to the micro-dollar', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), (value) => {
        expect(price.fromFloat(price.toFloat(value as Price))).toBe(value);
      }),
      runs,
    );
    expect(() => price.fromFloat(Number.NaN)).toThrow(RangeError);
    expect(() => price.fromFloat(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});

describe('money', () => {
  test('of shares at a price is exact but for the last micro-dollar, to the side that was said', () => {
    fc.assert(
      fc.property(positive, units, (each, shares) => {
        const exact = each * shares;
        const size = (value: bigint) => (value < 0n ? -value : value);
        const up = notional(each as Price, shares as Quantity, 'up');
        const down = notional(each as Price, shares as Quantity, 'down');
        expect(size(up) * 10n ** 9n).toBeGreaterThanOrEqual(size(exact));
        expect(size(down) * 10n ** 9n).toBeLessThanOrEqual(size(exact));
        expect(size(up) - size(down)).toBe(exact % 10n ** 9n === 0n ? 0n : 1n);
      }),
      runs,
    );
  });

  test('divided by its shares gives back the price', () => {
    fc.assert(
      fc.property(positive, fc.bigInt(1n, 10n ** 6n), (each, whole) => {
        const shares = (whole * 10n ** 9n) as Quantity;
        const worth = notional(each as Price, shares, 'down');
        expect(averagePrice(worth, shares, 'up')).toBe(each);
        expect(averagePrice(money.negate(worth), quantity.negate(shares), 'down')).toBe(each);
      }),
      runs,
    );
  });

  test('adds up in any order, and a share never reads smaller than it is', () => {
    fc.assert(
      fc.property(fc.array(units), positive, (values, whole) => {
        const amounts = values.map((value) => value as Money);
        const sum = money.add(...amounts);
        expect(money.add(...amounts.toReversed())).toBe(sum);
        expect(money.subtract(sum, sum)).toBe(money.zero);
        const share = money.shareOf(money.absolute(sum), whole as Money);
        expect(share * whole).toBeGreaterThanOrEqual(money.absolute(sum) * 1_000_000n);
      }),
      runs,
    );
  });

  test('at a rate in basis points is rounded as was said', () => {
    expect(money.format(money.atBps(money.of('100.01'), 5n, 'up'))).toBe('0.050005');
    expect(money.format(money.atBps(money.of('0.000001'), 1n, 'up'))).toBe('0.000001');
    expect(money.format(money.atBps(money.of('0.000001'), 1n, 'down'))).toBe('0');
    expect(money.format(money.atBps(money.of('-0.000001'), 1n, 'up'))).toBe('-0.000001');
  });
});
