import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divide, formatDecimal, parseDecimal, type Rounding } from './decimal.ts';

const runs = { numRuns: 1_000 };
const digitsOf = fc.integer({ min: 0, max: 12 });

describe('parseDecimal and formatDecimal', () => {
  test('are each other’s inverse', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 36n), 10n ** 36n), digitsOf, (units, digits) => {
        const text = formatDecimal(units, digits);
        expect(parseDecimal(text, digits)).toBe(units);
        expect(formatDecimal(parseDecimal(text, digits) as bigint, digits)).toBe(text);
      }),
      runs,
    );
  });

  test('read every good text as its digits say, short or long', () => {
    const some = (longest: number) => fc.stringMatching(new RegExp(`^\\d{1,${longest}}$`));
    const whole = some(14).map((text) => text.replace(/^0+(?=\d)/, ''));
    const fraction = fc
      .tuple(some(9), fc.constantFrom('', '0', '0000'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.constantFrom('', '-'), whole, fraction, digitsOf, (sign, n, part, digits) => {
        const kept = part.slice(0, digits).padEnd(digits, '0');
        const fits = /^0*$/.test(part.slice(digits));
        const expected = fits ? BigInt(`${sign}${n}${kept}`) : undefined;
        expect(parseDecimal(`${sign}${n}.${part}`, digits)).toBe(expected);
        expect(parseDecimal(`${sign}${n}`, digits)).toBe(
          BigInt(`${sign}${n}${'0'.repeat(digits)}`),
        );
      }),
      runs,
    );
  });

  test('write the shortest plain text: no exponent, no needless zero, no negative zero', () => {
    fc.assert(
      fc.property(fc.bigInt(), digitsOf, (units, digits) => {
        const text = formatDecimal(units, digits);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(text).not.toBe('-0');
      }),
      runs,
    );
  });

  test.each([
    ['0', 0n],
    ['-0', 0n],
    ['-0.000001', -1n],
    ['12.5', 12_500_000n],
    ['1.5000000000', 1_500_000n],
    ['123456789012345678901234567890.123456', 123456789012345678901234567890123456n],
  ])('read %s', (text, units) => {
    expect(parseDecimal(text, 6)).toBe(units);
  });

  test.each([
    '',
    '.',
    '.5',
    '5.',
    '+1',
    '01',
    '--1',
    '- 1',
    '1e3',
    '1E3',
    '0x10',
    '1_000',
    '1,000',
    ' 1',
    '1 ',
    '1\n',
    '\u00a01',
    '１２',
    '١٢',
    '−1',
    'NaN',
    'Infinity',
    '0.0000001',
    `1.${'0'.repeat(40)}`,
    '9'.repeat(41),
  ])('do not read %j', (text) => {
    expect(parseDecimal(text, 6)).toBeUndefined();
  });

  test('drop no digit: one place too many is refused unless it is a zero', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 20n), 10n ** 20n),
        fc.integer({ min: 0, max: 9 }),
        (units, digit) => {
          const text = formatDecimal(units * 10n + (units < 0n ? -1n : 1n) * BigInt(digit), 7);
          expect(parseDecimal(text, 6) === undefined).toBe(digit !== 0);
        },
      ),
      runs,
    );
  });
});

describe('divide', () => {
  const numerators = fc.oneof(fc.bigInt(), fc.bigInt(-20n, 20n));
  const denominators = fc
    .oneof(fc.bigInt(), fc.bigInt(-6n, 6n))
    .filter((denominator) => denominator !== 0n);
  const absolute = (value: bigint) => (value < 0n ? -value : value);

  /** The integers on both sides of the quotient, by floor division of a positive denominator. */
  const around = (numerator: bigint, denominator: bigint): readonly [bigint, bigint] => {
    const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
    const floor = (n - (((n % d) + d) % d)) / d;
    return [floor, floor * d === n ? floor : floor + 1n];
  };

  const rational: Readonly<Record<Rounding, (numerator: bigint, denominator: bigint) => bigint>> = {
    down: (n, d) => {
      const [below, above] = around(n, d);
      return absolute(below) < absolute(above) ? below : above;
    },
    up: (n, d) => {
      const [below, above] = around(n, d);
      return absolute(below) > absolute(above) ? below : above;
    },
    'half-even': (n, d) => {
      const [below, above] = around(n, d);
      const toBelow = absolute(n - below * d);
      const toAbove = absolute(n - above * d);
      if (toBelow !== toAbove) return toBelow < toAbove ? below : above;
      return below % 2n === 0n ? below : above;
    },
  };

  test.each(['down', 'up', 'half-even'] as const)('rounds %s as the fraction says', (rounding) => {
    fc.assert(
      fc.property(numerators, denominators, (numerator, denominator) => {
        expect(divide(numerator, denominator, rounding)).toBe(
          rational[rounding](numerator, denominator),
        );
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    [7n, 2n, ['3', '4', '4']],
    [-7n, 2n, ['-3', '-4', '-4']],
    [5n, 2n, ['2', '3', '2']],
    [-5n, 2n, ['-2', '-3', '-2']],
    [5n, -2n, ['-2', '-3', '-2']],
    [1n, 3n, ['0', '1', '0']],
    [-1n, 3n, ['0', '-1', '0']],
    [6n, 3n, ['2', '2', '2']],
    [1n, 2n, ['0', '1', '0']],
    [-1n, 2n, ['0', '-1', '0']],
  ])('%s / %s down, up and half-even is %j', (numerator, denominator, answers) => {
    const rounded = (['down', 'up', 'half-even'] as const).map((rounding) =>
      divide(numerator, denominator, rounding).toString(),
    );
    expect(rounded).toEqual(answers);
  });

  test('treats both sides of the book alike', () => {
    fc.assert(
      fc.property(
        numerators,
        denominators,
        fc.constantFrom<Rounding>('down', 'up', 'half-even'),
        (n, d, rounding) => {
          expect(divide(-n, d, rounding)).toBe(-divide(n, d, rounding));
          expect(divide(n, -d, rounding)).toBe(-divide(n, d, rounding));
        },
      ),
      runs,
    );
  });

  test('has no answer to a division by zero', () => {
    expect(() => divide(1n, 0n, 'down')).toThrow(RangeError);
  });
});
