import type { GaussianHmm } from './gaussian-hmm.ts';

/** Uniform numbers from 0 up to 1, the same for the same seed (mulberry32). */
const uniforms = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Standard normal numbers for tests, by Box and Muller. */
export const normals = (seed: number): (() => number) => {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
};

/** Values for tests that a model draws, and the states that it was in. */
export const simulated = (
  model: Pick<GaussianHmm, 'states' | 'initial' | 'transition' | 'mean' | 'variance'>,
  { count, seed }: { readonly count: number; readonly seed: number },
): { readonly values: Float64Array; readonly path: Uint8Array } => {
  const uniform = uniforms(seed);
  const normal = normals(seed ^ 0x5bd1e995);
  const draw = (row: Float64Array): number => {
    let left = uniform();
    for (let i = 0; i < row.length - 1; i++) {
      left -= row[i] as number;
      if (left < 0) return i;
    }
    return row.length - 1;
  };
  const values = new Float64Array(count);
  const path = new Uint8Array(count);
  let state = draw(model.initial);
  for (let t = 0; t < count; t++) {
    if (t > 0)
      state = draw(model.transition.subarray(state * model.states, (state + 1) * model.states));
    path[t] = state;
    values[t] =
      (model.mean[state] as number) + Math.sqrt(model.variance[state] as number) * normal();
  }
  return { values, path };
};

/** A model for tests, from rows as one writes them. */
export const modelOf = (of: {
  readonly initial: readonly number[];
  readonly transition: readonly (readonly number[])[];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}): GaussianHmm => ({
  states: of.initial.length,
  initial: Float64Array.from(of.initial),
  transition: Float64Array.from(of.transition.flat()),
  mean: Float64Array.from(of.mean),
  variance: Float64Array.from(of.variance),
});

/** Values brought to mean 0 and variance 1, as a fit wants them, and how to bring others there. */
export const standardized = (values: Float64Array) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  return { values: values.map((v) => (v - mean) / deviation), mean, deviation };
};
