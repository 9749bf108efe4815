import type { GaussianHmm } from './gaussian-hmm.ts';

/** Share of the local mean square that one value back keeps. */
const memory = 0.9;
const staying = 0.95;

/** Exponentially weighted mean square up to each value, from the overall one, which is 1. */
const localSquares = (values: Float64Array): Float64Array => {
  let local = 1;
  return values.map((value) => {
    local = memory * local + (1 - memory) * value * value;
    return local;
  });
};

/**
 * Where a fit begins: the values fall into as many groups of equal size as there are states, by how
 * much moved around them, and each state takes the variance of its group. The same values always
 * give the same guess, in the order of variance.
 */
export const firstGuess = (values: Float64Array, states: number): GaussianHmm => {
  const local = localSquares(values);
  const order = Uint32Array.from(values, (_, t) => t).sort(
    (a, b) => (local[a] as number) - (local[b] as number) || a - b,
  );
  const variance = Float64Array.from({ length: states }, (_, i) => {
    const group = order.subarray(
      Math.floor((i * values.length) / states),
      Math.floor(((i + 1) * values.length) / states),
    );
    return group.reduce((sum, t) => sum + (values[t] as number) ** 2, 0) / group.length;
  });
  return {
    states,
    initial: new Float64Array(states).fill(1 / states),
    transition: Float64Array.from({ length: states * states }, (_, at) =>
      at % (states + 1) === 0 ? staying : (1 - staying) / (states - 1),
    ),
    mean: new Float64Array(states),
    variance: variance.map((v) => Math.max(0.05, v)),
  };
};
