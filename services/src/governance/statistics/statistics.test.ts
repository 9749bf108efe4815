import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { deflatedSharpe, expectedBestSharpe, probabilisticSharpe } from './sharpe.ts';
import { lowerBound, studentTQuantile } from './student-t.ts';
import { maxDrawdownOf, summaryOfReturns } from './summaries.ts';

describe('the normal distribution', () => {
  // Abramowitz and Stegun, table 26.1, and the usual percentage points.
  test.each([
    [0, 0.5],
    [0.5, 0.691_462_461_274_013],
    [1, 0.841_344_746_068_543],
    [1.96, 0.975_002_104_851_78],
    [-1.644_853_626_951_47, 0.05],
    [3, 0.998_650_101_968_37],
    [-4, 0.000_031_671_241_833_1],
  ])('has at %f the probability %f', (x, p) => {
    expect(normalCdf(x)).toBeCloseTo(p, 13);
    expect(normalQuantile(p)).toBeCloseTo(x, 8);
  });

  test('is symmetric and rises', () => {
    fc.assert(
      fc.property(fc.double({ min: -9, max: 9, noNaN: true }), (x) => {
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 13);
        // Far out it rises by less than the last digits of the series.
        expect(normalCdf(x + 0.01)).toBeGreaterThan(normalCdf(x) - 1e-15);
        if (Math.abs(x) < 6) expect(normalCdf(x + 0.01)).toBeGreaterThan(normalCdf(x));
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});

describe('Student’s t', () => {
  // The percentage points that every textbook prints.
  test.each([
    [0.95, 1, 6.313_752],
    [0.95, 2, 2.919_986],
    [0.95, 5, 2.015_048],
    [0.95, 14, 1.761_31],
    [0.95, 19, 1.729_133],
    [0.95, 29, 1.699_127],
    [0.975, 10, 2.228_139],
    [0.95, 120, 1.657_651],
    [0.95, 50_000, 1.644_854],
  ])('is below its %f point at %i degrees', (p, degrees, t) => {
    expect(studentTQuantile(p, degrees)).toBeCloseTo(t, 5);
  });

  test('bounds a mean from below: 25 values of mean 0.5 and deviation 1', () => {
    // 0.5 − 1.710882 × 1 / 5
    expect(lowerBound({ count: 25, mean: 0.5, stdev: 1 }, 0.95)).toBeCloseTo(0.157_824, 5);
    expect(lowerBound({ count: 1, mean: 0.5, stdev: 0 }, 0.95)).toBeNull();
  });
});

describe('the deflated Sharpe ratio', () => {
  // Bailey and López de Prado, "The Deflated Sharpe Ratio" (2014), the numerical example: an annual
  // Sharpe ratio of 2.5 over five years of 250 days, a variance of one half over the trials, by the year.
  const perYear = 250;
  const returns = (skewness: number, kurtosis: number) => {
    const stdev = 0.01;
    return { days: 1_250, mean: (2.5 / Math.sqrt(perYear)) * stdev, stdev, skewness, kurtosis };
  };
  const variance = 0.5 / perYear;

  test('is that of the paper for 100 trials', () => {
    expect(expectedBestSharpe(100, variance)).toBeCloseTo(0.1132, 4);
    expect(deflatedSharpe(returns(-3, 10), { trials: 100, variance })).toBeCloseTo(0.9004, 4);
  });

  test('is that of the paper for the 46 trials that would still have passed', () => {
    expect(deflatedSharpe(returns(-3, 10), { trials: 46, variance })).toBeCloseTo(0.9505, 4);
  });

  test('is that of the paper for 88 trials of normal returns', () => {
    expect(deflatedSharpe(returns(0, 3), { trials: 88, variance })).toBeCloseTo(0.9505, 4);
  });

  test('of one trial is the probability that there is any skill', () => {
    expect(deflatedSharpe(returns(0, 3), { trials: 1, variance })).toBe(
      probabilisticSharpe(returns(0, 3), 0),
    );
  });

  test('falls with every trial more, and is not raised by hiding their variance', () => {
    const of = (trials: number, known: number | null) =>
      deflatedSharpe(returns(-1, 5), { trials, variance: known }) ?? Number.NaN;
    for (let trials = 1; trials < 200; trials++)
      expect(of(trials + 1, variance)).toBeLessThan(of(trials, variance));
    expect(of(50, 0)).toBe(of(50, null));
    expect(of(50, null)).toBeLessThan(of(1, null));
  });

  test('is not reckoned of returns that do not vary, or of one day', () => {
    expect(deflatedSharpe(summaryOfReturns([0, 0, 0]), { trials: 1, variance: null })).toBeNull();
    expect(deflatedSharpe(summaryOfReturns([0.01]), { trials: 1, variance: null })).toBeNull();
  });
});

describe('a summary', () => {
  test('of returns has the moments of their values', () => {
    // By hand: mean 2, deviations −1, 0, 1 and 4 values: 1, 2, 2, 3.
    const { days, mean, stdev, skewness, kurtosis } = summaryOfReturns([1, 2, 2, 3]);
    expect([days, mean, skewness, kurtosis]).toEqual([4, 2, 0, 2]);
    expect(stdev).toBeCloseTo(Math.sqrt(2 / 3), 12);
  });

  test('of a curve that only loses falls from the starting capital', () => {
    expect(maxDrawdownOf(100, [-10, -10])).toBeCloseTo(0.2, 12);
    expect(maxDrawdownOf(100, [50, -30, 60, -90])).toBeCloseTo(0.5, 12);
    expect(maxDrawdownOf(100, [])).toBe(0);
  });
});
