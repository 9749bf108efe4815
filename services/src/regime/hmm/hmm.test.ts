import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { gaussian, uniform } from '../../market/indicators/test-walks.ts';
import { bestFit, fitHmm } from './fit.ts';
import { filter, type GaussianHmm, improve } from './gaussian-hmm.ts';
import { heldStates, hmmOpinion } from './opinion.ts';

const twoStates: GaussianHmm = {
  initial: Float64Array.of(0.5, 0.5),
  transition: Float64Array.of(0.98, 0.02, 0.04, 0.96),
  mean: Float64Array.of(0.0005, -0.001),
  variance: Float64Array.of(0.008 ** 2, 0.025 ** 2),
};

/** Returns of a known model, and the states that made them. */
const simulated = (model: GaussianHmm, count: number, seed: number) => {
  const [draw, normal] = [uniform(seed), gaussian(seed + 1)];
  const states = new Int32Array(count);
  let state = 0;
  const values = Float64Array.from({ length: count }, (_, t) => {
    if (t > 0 && draw() >= (model.transition[state * 2 + state] as number)) state = 1 - state;
    states[t] = state;
    return (model.mean[state] as number) + Math.sqrt(model.variance[state] as number) * normal();
  });
  return { values, states };
};

const density = (value: number, mean: number, variance: number) =>
  Math.exp(-((value - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

/** The likelihood by adding up every path of states, of which there are two to the number of values. */
const byAllPaths = (values: Float64Array, model: GaussianHmm): number => {
  let total = 0;
  for (let path = 0; path < 2 ** values.length; path++) {
    let likelihood = 1;
    values.forEach((value, t) => {
      const state = (path >> t) & 1;
      const before = (path >> (t - 1)) & 1;
      likelihood *=
        t === 0
          ? (model.initial[state] as number)
          : (model.transition[before * 2 + state] as number);
      likelihood *= density(value, model.mean[state] as number, model.variance[state] as number);
    });
    total += likelihood;
  }
  return Math.log(total);
};

const short = fc
  .array(fc.double({ min: -0.05, max: 0.05, noNaN: true }), { minLength: 1, maxLength: 8 })
  .map((values) => Float64Array.from(values));

describe('the filter', () => {
  test('finds the likelihood that all paths of states add up to', () => {
    fc.assert(
      fc.property(short, (values) => {
        expect(filter(values, twoStates).logLikelihood).toBeCloseTo(
          byAllPaths(values, twoStates),
          8,
        );
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  test('knows nothing of what comes later', () => {
    const { values } = simulated(twoStates, 300, 3);
    const whole = filter(values, twoStates).probability;
    const part = filter(values.subarray(0, 200), twoStates).probability;
    expect(whole.subarray(0, 400)).toEqual(part);
  });
});

describe('Baum and Welch', () => {
  test('never make a model that explains the values worse', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (seed) => {
        const { values } = simulated(twoStates, 120, seed);
        let model = twoStates;
        let before = Number.NEGATIVE_INFINITY;
        for (let step = 0; step < 8; step++) {
          const better = improve(values, model, 1e-9);
          expect(better.logLikelihood).toBeGreaterThanOrEqual(before - 1e-9);
          before = better.logLikelihood;
          model = better.model;
        }
      }),
      { numRuns: propertyRuns(30) },
    );
  });

  test('find the model that made the values, its states in the order of their variance', () => {
    const { values } = simulated(twoStates, 5_000, 11);
    const { model } = fitHmm(values, 2) ?? {};
    const sigmas = [...(model?.variance ?? [])].map(Math.sqrt);
    expect(sigmas[0]).toBeCloseTo(0.008, 3);
    expect(Math.abs((sigmas[1] ?? 0) - 0.025)).toBeLessThan(0.002);
    expect(Math.abs((model?.transition[0] ?? 0) - 0.98)).toBeLessThan(0.01);
    expect(Math.abs((model?.transition[3] ?? 0) - 0.96)).toBeLessThan(0.02);
  });
});

describe('the second opinion', () => {
  test('tells the state better than a volatility average does', () => {
    const scores = [1, 2, 3, 4, 5].map((seed) => {
      const { values, states } = simulated(twoStates, 500, seed * 100);
      const { model } = fitHmm(values, 2) ?? { model: twoStates };
      const held = heldStates(filter(values, model).probability, 2);
      // The average of squares with a half-life of ten bars, against its own best threshold.
      let average = 0.008 ** 2;
      const smooth = values.map((value) => {
        average += 0.067 * (value * value - average);
        return average;
      });
      const right = (guess: (t: number) => number) =>
        states.reduce((sum, state, t) => sum + (guess(t) === state ? 1 : 0), 0) / states.length;
      const best = Math.max(
        ...[0.01, 0.012, 0.014, 0.016, 0.018, 0.02].map((sigma) =>
          right((t) => ((smooth[t] as number) > sigma * sigma ? 1 : 0)),
        ),
      );
      return { own: right((t) => held[t] as number), average: best };
    });
    const mean = (of: 'own' | 'average') =>
      scores.reduce((sum, each) => sum + each[of], 0) / scores.length;
    expect(mean('own')).toBeGreaterThan(0.85);
    expect(mean('own')).toBeGreaterThan(mean('average'));
  });

  test('changes only when another state is believed', () => {
    const probability = Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.25, 0.75, 0.19, 0.81, 0.5, 0.5);
    expect([...heldStates(probability, 2)]).toEqual([0, 0, 0, 1, 1]);
  });

  test('is none on too few closes, flat ones and gaps, and never a NaN', () => {
    const { values } = simulated(twoStates, 399, 8);
    let log = Math.log(100);
    const walk = Float64Array.of(
      100,
      ...values.map((value) => {
        log += value;
        return Math.exp(log);
      }),
    );
    expect(hmmOpinion(walk.subarray(0, 250))).toBeNull();
    expect(hmmOpinion(new Float64Array(400).fill(100))).toBeNull();
    expect(hmmOpinion(walk.map((value, i) => (i === 399 ? Number.NaN : value)))).toBeNull();
    expect(hmmOpinion(walk.map((value, i) => (i === 390 ? 0 : value)))).toBeNull();
    const opinion = hmmOpinion(walk);
    expect(opinion?.volatilityPct.every((each) => Number.isFinite(each) && each >= 0)).toBe(true);
    expect(opinion?.probability).toBeGreaterThan(0);
  });

  test('says turbulent when the newest bars are, and for how long', () => {
    const draw = gaussian(5);
    let log = Math.log(100);
    const closes = Float64Array.from({ length: 460 }, (_, i) => {
      log += (i < 420 ? 0.005 : 0.03) * draw();
      return Math.exp(log);
    });
    const opinion = hmmOpinion(closes);
    expect(opinion?.state).toBe('turbulent');
    expect(opinion?.sinceBars).toBeGreaterThan(25);
    expect(opinion?.sinceBars).toBeLessThan(60);
    expect(hmmOpinion(closes.subarray(0, 420))).toBeNull();
  });

  test('prefers the number of states that the values ask for', () => {
    const { values } = simulated(twoStates, 500, 21);
    expect(bestFit(values)?.model.mean).toHaveLength(2);
  });
});
