import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chance, murmur3 } from './chance.ts';

describe('murmur3', () => {
  // Published vectors of the 32-bit variant, their bytes read as little-endian words.
  test.each([
    [[], 0, 0],
    [[], 1, 0x514e28b7],
    [[], 0xffffffff, 0x81f16f39],
    [[0xffffffff], 0, 0x76293b50],
    [[0x87654321], 0, 0xf55b516b],
    [[0x87654321], 0x5082edee, 0x2362f9de],
    [[0], 0, 0x2362f9de],
  ])('of %j with seed %i is %i', (words, seed, expected) => {
    expect(murmur3(words, seed)).toBe(expected);
  });
});

describe('chance', () => {
  const many = 20_000;
  const numbers = (of: (n: number) => number) => Array.from({ length: many }, (_, n) => of(n));

  /** Pearson's statistic of 64 equal bins; with 63 degrees of freedom, above 115 once in 10,000. */
  const unevenness = (values: readonly number[]) => {
    const bins = new Array<number>(64).fill(0);
    for (const value of values) {
      const bin = Math.floor(value * 64);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const each = values.length / 64;
    return bins.reduce((sum, count) => sum + (count - each) ** 2 / each, 0);
  };

  const correlation = (a: readonly number[], b: readonly number[]) => {
    const product = a.reduce((sum, value, n) => sum + (value - 0.5) * ((b[n] ?? 0) - 0.5), 0);
    return (product / a.length) * 12;
  };

  test('is the same for the same seed and salts, and lies in [0, 1)', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.array(fc.maxSafeInteger()), (seed, salts) => {
        const value = chance(seed, ...salts);
        expect(value).toBe(chance(seed, ...salts));
        expect(value >= 0 && value < 1).toBe(true);
      }),
    );
  });

  test.each([
    ['seeds', (n: number) => chance(n, 1, 1)],
    ['orders', (n: number) => chance(7, n, 1)],
    ['fills', (n: number) => chance(7, 1, n)],
    ['numbers beyond 32 bits', (n: number) => chance(7, n * 2 ** 33)],
  ])('is even over neighbouring %s, and neighbours are independent', (_, of) => {
    const values = numbers(of);
    expect(unevenness(values)).toBeLessThan(115);
    // Four standard errors of a correlation of independent numbers.
    const bound = 4 / Math.sqrt(many);
    expect(
      Math.abs(
        correlation(
          values,
          numbers((n) => of(n + 1)),
        ),
      ),
    ).toBeLessThan(bound);
  });

  test('tells its arguments apart by place and by all their digits', () => {
    const drawn = [
      chance(1, 2),
      chance(2, 1),
      chance(1, 2, 0),
      chance(1),
      chance(-1, 2),
      chance(1, 2 + 2 ** 32),
      chance(1, -2),
    ];
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  test('is MurmurHash3 of both halves of each number, which a log relies on for ever', () => {
    expect(chance(7, 3, 2 ** 33 + 5)).toBe(murmur3([7, 0, 3, 0, 5, 2], 0) / 2 ** 32);
    expect(chance(7)).toBe(murmur3([7, 0], 0) / 2 ** 32);
  });

  test.each([0.5, Number.NaN, 2 ** 53])('refuses %d', (value) => {
    expect(() => chance(value)).toThrow(RangeError);
    expect(() => chance(1, value)).toThrow(RangeError);
  });
});
