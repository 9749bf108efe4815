import { type Filtering, filteringSpace, forward, type GaussianHmm } from './gaussian-hmm.ts';

/**
 * No probability falls below this. A state that has become unlikely stays within reach, and no
 * scale of the forward algorithm gets near zero.
 */
export const leastProbability = 1e-6;

/**
 * No variance falls below this share of the variance of all values, which is 1: else a state that
 * holds a few equal values would become infinitely dense around them.
 */
export const leastVariance = 0.01;

const mostIterations = 20;
/** Of the log-likelihood: a step that gains less ends the fit. */
const leastGain = 0.01;

/** Sums over all values of what the states are thought to have contributed. */
type Expectation = {
  readonly first: Float64Array;
  readonly moves: Float64Array;
  readonly weight: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
};

/** Shares in proportion to the weights, none below the floor: the likeliest that the floor allows. */
const shares = (weights: Float64Array): Float64Array => {
  const floored = new Set<number>();
  for (;;) {
    let free = 0;
    for (let i = 0; i < weights.length; i++) if (!floored.has(i)) free += weights[i] as number;
    const left = 1 - floored.size * leastProbability;
    const found = weights.map((weight, i) =>
      floored.has(i) ? leastProbability : free > 0 ? (weight / free) * left : 1 / weights.length,
    );
    const low = found.findIndex((share, i) => !floored.has(i) && share < leastProbability);
    if (low === -1) return found;
    floored.add(low);
  }
};

/** The backward algorithm, which sums the expectations as it goes and keeps only one row. */
const expect = (model: GaussianHmm, values: Float64Array, forwards: Filtering): Expectation => {
  const { states, transition } = model;
  const { filtered, density, scale } = forwards;
  const first = new Float64Array(states);
  const moves = new Float64Array(states * states);
  const weight = new Float64Array(states);
  const sum = new Float64Array(states);
  const squares = new Float64Array(states);
  const after = new Float64Array(states).fill(1);
  const ahead = new Float64Array(states);
  for (let t = values.length - 1; t >= 0; t--) {
    const row = t * states;
    const value = values[t] as number;
    const rescale = 1 / (scale[t] as number);
    for (let i = 0; i < states; i++) {
      const probability = (filtered[row + i] as number) * (after[i] as number);
      weight[i] = (weight[i] as number) + probability;
      sum[i] = (sum[i] as number) + probability * value;
      squares[i] = (squares[i] as number) + probability * value * value;
      if (t === 0) first[i] = probability;
      ahead[i] = (density[row + i] as number) * (after[i] as number) * rescale;
    }
    if (t === 0) break;
    const before = row - states;
    for (let i = 0; i < states; i++) {
      let total = 0;
      for (let j = 0; j < states; j++) {
        const step = (transition[i * states + j] as number) * (ahead[j] as number);
        const at = i * states + j;
        moves[at] = (moves[at] as number) + (filtered[before + i] as number) * step;
        total += step;
      }
      after[i] = total;
    }
  }
  return { first, moves, weight, sum, squares };
};

const maximize = (model: GaussianHmm, expected: Expectation): GaussianHmm => {
  const { states } = model;
  const { first, moves, weight, sum, squares } = expected;
  const transition = new Float64Array(states * states);
  for (let i = 0; i < states; i++)
    transition.set(shares(moves.subarray(i * states, (i + 1) * states)), i * states);
  const [mean, variance] = [model.mean.slice(), model.variance.slice()];
  for (let i = 0; i < states; i++) {
    const held = weight[i] as number;
    // A state that holds nothing contributes nothing, wherever it lies.
    if (held < leastProbability) continue;
    const middle = (sum[i] as number) / held;
    mean[i] = middle;
    variance[i] = Math.max(leastVariance, (squares[i] as number) / held - middle * middle);
  }
  return { states, initial: shares(first), transition, mean, variance };
};

/** One iteration: a model that explains the values at least as well, and how well the one given did. */
export const improve = (
  model: GaussianHmm,
  values: Float64Array,
  space: Filtering = filteringSpace(values.length, model.states),
): { readonly model: GaussianHmm; readonly logLikelihood: number } => {
  const forwards = forward(model, values, space);
  return {
    model: maximize(model, expect(model, values, forwards)),
    logLikelihood: forwards.logLikelihood,
  };
};

/**
 * Baum–Welch: the likelihood grows with each iteration, at most 20 of them, from the model given.
 * The values have mean 0 and variance 1.
 */
export const fit = (
  start: GaussianHmm,
  values: Float64Array,
): { readonly model: GaussianHmm; readonly logLikelihood: number; readonly iterations: number } => {
  const space = filteringSpace(values.length, start.states);
  let model = start;
  let known = Number.NEGATIVE_INFINITY;
  for (let iterations = 0; iterations < mostIterations; iterations++) {
    const better = improve(model, values, space);
    if (better.logLikelihood - known < leastGain)
      return { model, logLikelihood: better.logLikelihood, iterations };
    known = better.logLikelihood;
    model = better.model;
  }
  const { logLikelihood } = forward(model, values, space);
  return { model, logLikelihood, iterations: mostIterations };
};
