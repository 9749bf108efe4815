import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { improve, leastProbability, leastVariance } from './baum-welch.ts';
import { orderedByVariance } from './choose-model.ts';
import { firstGuess } from './first-guess.ts';
import { forward, type GaussianHmm } from './gaussian-hmm.ts';
import { modelOf, simulated, standardized } from './simulated.ts';

const shares = (count: number) =>
  fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: count, maxLength: count }).map((of) => {
    const total = of.reduce((sum, weight) => sum + weight, 0);
    return of.map((weight) => weight / total);
  });
const anyModel: fc.Arbitrary<GaussianHmm> = fc.integer({ min: 2, max: 3 }).chain((states) => {
  const each = <Value>(of: fc.Arbitrary<Value>) =>
    fc.array(of, { minLength: states, maxLength: states });
  return fc
    .record({
      initial: shares(states),
      transition: each(shares(states)),
      mean: each(fc.double({ min: -2, max: 2, noNaN: true })),
      variance: each(fc.double({ min: leastVariance, max: 9, noNaN: true })),
    })
    .map(modelOf);
});
const valuesOf = (constraints: fc.Float64ArrayConstraints) =>
  fc
    .float64Array({ min: -6, max: 6, noNaN: true, ...constraints })
    .map((values) => Float64Array.from(values));

const densityOf = (value: number, mean: number, variance: number) =>
  Math.exp(-((value - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

/** Every path there is, and the probability of the values with it. */
const allPaths = (model: GaussianHmm, values: Float64Array) => {
  const { states, initial, transition, mean, variance } = model;
  const paths: { readonly path: readonly number[]; readonly probability: number }[] = [];
  for (let number = 0; number < states ** values.length; number++) {
    let probability = 1;
    const path: number[] = [];
    for (let t = 0, rest = number; t < values.length; t++, rest = Math.floor(rest / states)) {
      const state = rest % states;
      probability *= t === 0 ? initial[state]! : transition[path[t - 1]! * states + state]!;
      probability *= densityOf(values[t]!, mean[state]!, variance[state]!);
      path.push(state);
    }
    paths.push({ path, probability });
  }
  return paths;
};

const total = (paths: ReturnType<typeof allPaths>): number =>
  paths.reduce((sum, { probability }) => sum + probability, 0);

describe('the forward algorithm', () => {
  test('agrees with walking all paths, in its likelihood and in the state at the end', () => {
    fc.assert(
      fc.property(anyModel, valuesOf({ minLength: 1, maxLength: 8 }), (model, values) => {
        const paths = allPaths(model, values);
        const likelihood = total(paths);
        // Below this the walk itself underflows.
        fc.pre(likelihood > 1e-250);
        const { logLikelihood, filtered } = forward(model, values);
        expect(logLikelihood).toBeCloseTo(Math.log(likelihood), 8);
        for (let i = 0; i < model.states; i++) {
          const ending = total(paths.filter(({ path }) => path.at(-1) === i));
          const row = (values.length - 1) * model.states;
          expect(filtered[row + i]!).toBeCloseTo(ending / likelihood, 8);
        }
      }),
    );
  });

  test('says the same of a value whatever comes after it', () => {
    fc.assert(
      fc.property(
        anyModel,
        valuesOf({ minLength: 1, maxLength: 60 }),
        valuesOf({ maxLength: 60 }),
        (model, past, future) => {
          const known = forward(model, past).filtered;
          const whole = forward(model, Float64Array.from([...past, ...future])).filtered;
          expect(whole.subarray(0, known.length)).toEqual(known);
        },
      ),
    );
  });

  test('stays a probability through values that no state explains', () => {
    const model = modelOf({
      initial: [1 - leastProbability, leastProbability],
      transition: [
        [1 - leastProbability, leastProbability],
        [leastProbability, 1 - leastProbability],
      ],
      mean: [0, 0],
      variance: [leastVariance, leastVariance * 2],
    });
    const { filtered, logLikelihood } = forward(model, Float64Array.of(0, 1e6, -1e6, 0, 1e3, 0));
    for (let t = 0; t < 6; t++) expect(filtered[2 * t]! + filtered[2 * t + 1]!).toBeCloseTo(1, 12);
    expect(logLikelihood).toBeLessThan(0);
    expect(Number.isFinite(logLikelihood)).toBe(true);
  });

  test('does not depend on the order in which the states are named', () => {
    fc.assert(
      fc.property(anyModel, valuesOf({ minLength: 2, maxLength: 40 }), (model, values) => {
        const ordered = orderedByVariance(model);
        expect([...ordered.variance]).toEqual([...model.variance].sort((a, b) => a - b));
        const last = ({ states, variance }: GaussianHmm, filtered: Float64Array) =>
          Array.from(variance, (v, i) => [v, filtered.at(i - states)!] as const).sort(
            (a, b) => a[0] - b[0] || a[1] - b[1],
          );
        const [given, named] = [forward(model, values), forward(ordered, values)];
        expect(named.logLikelihood).toBeCloseTo(given.logLikelihood, 8);
        last(ordered, named.filtered).forEach(([, probability], i) => {
          expect(probability).toBeCloseTo(last(model, given.filtered)[i]![1], 8);
        });
      }),
    );
  });
});

describe('Baum–Welch', () => {
  const sound = ({ states, initial, transition, variance }: GaussianHmm) => {
    const rows = [
      initial,
      ...Array.from({ length: states }, (_, i) => transition.slice(i * states, (i + 1) * states)),
    ];
    for (const row of rows) {
      expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
      expect(Math.min(...row)).toBeGreaterThanOrEqual(leastProbability * (1 - 1e-9));
    }
    expect(Math.min(...variance)).toBeGreaterThanOrEqual(leastVariance);
  };
  const rises = (start: GaussianHmm, values: Float64Array) => {
    let model = start;
    let known = Number.NEGATIVE_INFINITY;
    for (let step = 0; step < 15; step++) {
      const better = improve(model, values);
      expect(better.logLikelihood).toBeGreaterThanOrEqual(known - 1e-8 * (1 + Math.abs(known)));
      sound(better.model);
      ({ model } = better);
      known = better.logLikelihood;
    }
  };

  test('takes from the values what walking all paths takes from them', () => {
    fc.assert(
      fc.property(anyModel, valuesOf({ minLength: 2, maxLength: 6 }), (model, values) => {
        const paths = allPaths(model, values);
        fc.pre(total(paths) > 1e-250);
        /** How often a pair of a path and a place in it is expected to be so. */
        const times = (is: (path: readonly number[], t: number) => boolean) =>
          values.reduce((sum, _, t) => sum + total(paths.filter(({ path }) => is(path, t))), 0) /
          total(paths);
        const better = improve(model, values).model;
        for (let i = 0; i < model.states; i++) {
          const first = times((path, t) => t === 0 && path[0] === i);
          expect(better.initial[i]!).toBeCloseTo(Math.max(leastProbability, first), 4);
          const left = times((path, t) => t > 0 && path[t - 1] === i);
          const weight = times((path, t) => path[t] === i);
          if (left < 0.01) continue;
          for (let j = 0; j < model.states; j++) {
            const moved = times((path, t) => t > 0 && path[t - 1] === i && path[t] === j);
            const at = i * model.states + j;
            expect(better.transition[at]!).toBeCloseTo(moved / left, 4);
          }
          const share = values.map(
            (_, at) => times((path, t) => t === at && path[t] === i) / weight,
          );
          const middle = values.reduce((sum, value, t) => sum + value * share[t]!, 0);
          const spread = values.reduce(
            (sum, value, t) => sum + (value - middle) ** 2 * share[t]!,
            0,
          );
          expect(better.mean[i]!).toBeCloseTo(middle, 6);
          expect(better.variance[i]!).toBeCloseTo(Math.max(leastVariance, spread), 6);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('never makes the values less likely, from any start, on any values', () => {
    fc.assert(fc.property(anyModel, valuesOf({ minLength: 2, maxLength: 80 }), rises));
  });

  test('nor on the returns that a model of three states draws', () => {
    fc.assert(
      fc.property(anyModel, fc.nat(), fc.integer({ min: 2, max: 3 }), (drawer, seed, states) => {
        const { values } = standardized(simulated(drawer, { count: 300, seed }).values);
        rises(firstGuess(values, states), values);
      }),
      { numRuns: 30 },
    );
  });

  test('nor when a state holds nothing, or a few equal values', () => {
    const spikes = Float64Array.from({ length: 60 }, (_, t) => (t % 20 === 0 ? 5 : 0));
    for (const states of [2, 3]) rises(firstGuess(spikes, states), spikes);
    const far = modelOf({
      initial: [1 - leastProbability, leastProbability],
      transition: [
        [1 - leastProbability, leastProbability],
        [0.5, 0.5],
      ],
      mean: [0, 1e9],
      variance: [1, 1],
    });
    rises(far, spikes);
  });
});
