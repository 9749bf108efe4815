import { readFileSync } from 'node:fs';
import { hmmOpinionSchema } from '@sentinel/contracts/regime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secondOpinion } from './second-opinion.ts';
import { normals } from './simulated.ts';

const file = new URL('../../../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url);

/** Closes whose returns have these standard deviations, one after the other. */
const closesOf = (deviations: readonly number[], seed = 1): Float64Array => {
  const normal = normals(seed);
  let close = 100;
  return Float64Array.from([0, ...deviations], (deviation) => {
    close *= Math.exp(deviation * normal());
    return close;
  });
};
const days = (count: number, deviation: number) => new Array<number>(count).fill(deviation);

describe('the second opinion', () => {
  test('is turbulent after the storm broke and calm before it, and says how long', () => {
    const story = [...days(300, 0.008), ...days(40, 0.03)];
    const storm = secondOpinion(closesOf(story)).opinion!;
    expect(storm).toMatchObject({ states: 2, state: 'turbulent' });
    expect(storm.probability).toBeGreaterThan(0.8);
    expect(Math.abs(storm.sinceBars - 40)).toBeLessThanOrEqual(6);
    expect(storm.volatilityPct.calm).toBeCloseTo(0.8, 0);
    expect(Math.abs(storm.volatilityPct.turbulent - 3)).toBeLessThan(0.8);
    expect(storm.volatilityPct.normal).toBeNull();
    const over = secondOpinion(closesOf([...story, ...days(60, 0.008)]));
    expect(over.opinion).toMatchObject({ state: 'calm' });
    expect(over.reason).toMatch(/calls the market calm for \d+ bars/);
  });

  test('names three levels calm, normal and turbulent', () => {
    const story = [...days(170, 0.004), ...days(60, 0.04), ...days(250, 0.013)];
    const { opinion } = secondOpinion(closesOf(story, 3));
    expect(opinion).toMatchObject({ states: 3, state: 'normal' });
    const { calm, normal, turbulent } = opinion!.volatilityPct;
    expect(calm).toBeLessThan(normal!);
    expect(normal!).toBeLessThan(turbulent);
  });

  test('knows the S&P 500 of March 2020 from that of 2017', () => {
    const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    const before = (day: string) => {
      const past = rows.map((row) => row.split(',')).filter(([date = '']) => date < day);
      return secondOpinion(Float64Array.from(past, (columns) => Number(columns[4])));
    };
    const crash = before('2020-03-16').opinion!;
    expect(crash.state).toBe('turbulent');
    expect(crash.volatilityPct.turbulent).toBeGreaterThan(3);
    expect(crash.sinceBars).toBeLessThan(25);
    expect(before('2017-10-16').opinion).toMatchObject({ state: 'calm' });
    expect(before('2008-10-10').opinion).toMatchObject({ state: 'turbulent' });
  });

  test('does not depend on the price, and grows with the size of its moves', () => {
    const closes = closesOf([...days(300, 0.008), ...days(40, 0.03)]);
    const { opinion } = secondOpinion(closes);
    const dearer = secondOpinion(closes.map((close) => close * 1e6)).opinion!;
    const wilder = secondOpinion(closes.map((close) => 100 * (close / 100) ** 2)).opinion!;
    for (const other of [dearer, wilder])
      expect(other).toMatchObject({ state: opinion!.state, sinceBars: opinion!.sinceBars });
    expect(dearer.volatilityPct.calm).toBeCloseTo(opinion!.volatilityPct.calm, 8);
    expect(wilder.volatilityPct.calm).toBeCloseTo(2 * opinion!.volatilityPct.calm, 8);
  });

  test('looks at the last 500 returns only', () => {
    const closes = closesOf([...days(900, 0.008), ...days(100, 0.03)]);
    expect(secondOpinion(closes)).toEqual(secondOpinion(closes.slice(-501)));
    expect(secondOpinion(closes).reason).toContain('500 returns');
  });

  test.each([
    ['no closes', new Float64Array(0), 'insufficient data, 0 returns of at least 250'],
    ['249 returns', closesOf(days(249, 0.01)), 'insufficient data, 249 returns of at least 250'],
    ['a price that stands still', new Float64Array(501).fill(7), 'do not differ'],
    [
      'a price that grows evenly',
      Float64Array.from({ length: 501 }, (_, i) => 100 * 1.001 ** i),
      'do not differ',
    ],
    [
      'a gap',
      closesOf(days(400, 0.01)).fill(Number.NaN, 200, 201),
      'a close among the bars is not a price',
    ],
    ['a nought', closesOf(days(400, 0.01)).fill(0, 200, 201), 'is not a price'],
    [
      'a negative price',
      closesOf(days(400, 0.01))
        .map((close) => -close)
        .fill(1, 0, 1),
      'not a price',
    ],
    ['one level of volatility', closesOf(days(500, 0.01)), 'one level of volatility'],
  ])('is null for %s, and says why', (_, closes, why) => {
    const { opinion, reason } = secondOpinion(closes);
    expect(opinion).toBeNull();
    expect(reason).toContain('The hidden Markov model has no opinion');
    expect(reason).toContain(why);
  });

  test('is null or sound, never a figure that is none, on whatever closes', () => {
    const moves = fc.oneof(
      fc.constant(0),
      fc.integer({ min: -3, max: 3 }).map((ticks) => ticks * 1e-4),
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.constantFrom(1e-9, 30, -30),
    );
    fc.assert(
      fc.property(fc.array(moves, { minLength: 250, maxLength: 520, size: 'max' }), (steps) => {
        let log = 0;
        const closes = Float64Array.from([0, ...steps], (step) => {
          // Held where the exponential has neither underflowed nor overflowed.
          log = Math.max(-300, Math.min(300, log + step));
          return Math.exp(log);
        });
        const { opinion, reason } = secondOpinion(closes);
        expect(reason).not.toMatch(/NaN|Infinity|undefined/);
        if (opinion === null) return;
        expect(hmmOpinionSchema.safeParse(opinion).success).toBe(true);
        expect(opinion.probability).toBeGreaterThanOrEqual(0);
        expect(opinion.probability).toBeLessThanOrEqual(1 + 1e-12);
        expect(opinion.sinceBars).toBeLessThanOrEqual(500);
        expect(opinion.volatilityPct.calm).toBeLessThanOrEqual(opinion.volatilityPct.turbulent);
      }),
      { numRuns: 60 },
    );
  });
});
