/** A hidden Markov model whose states each draw values from a Gaussian of their own. */
export type GaussianHmm = {
  /** 2 or 3. */
  readonly states: number;
  /** Probability of each state at the first value. */
  readonly initial: Float64Array;
  /** Row by row: `transition[i * states + j]` is the probability of state j after state i. */
  readonly transition: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
};

/** What the values up to each one say of its state; nothing in row t depends on a later value. */
export type Filtering = {
  /** Row by row: `filtered[t * states + i]` is the probability of state i given the values up to t. */
  readonly filtered: Float64Array;
  /** Density of each value in each state, over that of the state which explains it best. */
  readonly density: Float64Array;
  /** What each row of `filtered` was divided by. */
  readonly scale: Float64Array;
  readonly logLikelihood: number;
};

/** Arrays for `count` values, which `forward` fills anew each time. */
export const filteringSpace = (count: number, states: number): Filtering => ({
  filtered: new Float64Array(count * states),
  density: new Float64Array(count * states),
  scale: new Float64Array(count),
  logLikelihood: Number.NaN,
});

/** A product of likelihoods this small is put into its logarithm before it underflows. */
const leastProduct = 1e-100;
const logRootTwoPi = Math.log(2 * Math.PI) / 2;

/** Fills the densities and answers the sum of the logarithms of the best, by which they are divided. */
const fillDensities = (model: GaussianHmm, values: Float64Array, density: Float64Array): number => {
  const { states, mean, variance } = model;
  const offset = variance.map((v) => -logRootTwoPi - Math.log(v) / 2);
  const precision = variance.map((v) => -0.5 / v);
  let sum = 0;
  for (let t = 0; t < values.length; t++) {
    const value = values[t] as number;
    const row = t * states;
    let best = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < states; i++) {
      const distance = value - (mean[i] as number);
      const log = (offset[i] as number) + (precision[i] as number) * distance * distance;
      density[row + i] = log;
      if (log > best) best = log;
    }
    for (let i = 0; i < states; i++) {
      const log = (density[row + i] as number) - best;
      density[row + i] = log === 0 ? 1 : Math.exp(log);
    }
    sum += best;
  }
  return sum;
};

/**
 * The forward algorithm, scaled at each value, over values that are all finite. Densities are taken
 * relative to the best, so that a value far out leaves no row of noughts behind.
 */
export const forward = (
  model: GaussianHmm,
  values: Float64Array,
  space: Filtering = filteringSpace(values.length, model.states),
): Filtering => {
  const { states, initial, transition } = model;
  const { filtered, density, scale } = space;
  let logLikelihood = fillDensities(model, values, density);
  let likelihood = 1;
  for (let t = 0; t < values.length; t++) {
    const row = t * states;
    const before = row - states;
    let total = 0;
    for (let j = 0; j < states; j++) {
      let predicted = 0;
      if (t === 0) predicted = initial[j] as number;
      else
        for (let i = 0; i < states; i++)
          predicted += (filtered[before + i] as number) * (transition[i * states + j] as number);
      const joint = predicted * (density[row + j] as number);
      filtered[row + j] = joint;
      total += joint;
    }
    const rescale = 1 / total;
    for (let j = 0; j < states; j++) filtered[row + j] = (filtered[row + j] as number) * rescale;
    scale[t] = total;
    likelihood *= total;
    if (likelihood > leastProduct) continue;
    logLikelihood += Math.log(likelihood);
    likelihood = 1;
  }
  return { filtered, density, scale, logLikelihood: logLikelihood + Math.log(likelihood) };
};
