import { filter, type GaussianHmm, improve } from './gaussian-hmm.ts';

/** At most this many steps of Baum and Welch, fewer once a step gains next to nothing. */
const mostSteps = 25;
const leastGainPerValue = 1e-6;
/** A state may be no calmer than this share of the whole variance: no state collapses onto one value. */
const floorShare = 1e-3;
const stays = 0.95;

/**
 * Where the search begins, the same for the same values: states by thirds or halves of the size of the
 * moves, which last for twenty bars.
 */
const begin = (values: Float64Array, states: number): GaussianHmm => {
  const bySize = values.map(Math.abs).sort();
  const variance = Float64Array.from({ length: states }, (_, s) => {
    const part = bySize.subarray(
      Math.floor((s * bySize.length) / states),
      Math.floor(((s + 1) * bySize.length) / states),
    );
    return part.reduce((sum, size) => sum + size * size, 0) / part.length;
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    initial: new Float64Array(states).fill(1 / states),
    transition: Float64Array.from({ length: states * states }, (_, i) =>
      Math.floor(i / states) === i % states ? stays : (1 - stays) / (states - 1),
    ),
    mean: new Float64Array(states).fill(mean),
    variance: variance.map((each) => Math.max(each, Number.MIN_VALUE)),
  };
};

const varianceOf = (values: Float64Array): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};

/** States from the calmest to the wildest, whichever way the search has named them. */
const inOrder = (model: GaussianHmm): GaussianHmm => {
  const states = model.mean.length;
  const order = Array.from({ length: states }, (_, s) => s).sort(
    (a, b) => (model.variance[a] as number) - (model.variance[b] as number),
  );
  const pick = (column: Float64Array) => Float64Array.from(order, (s) => column[s] as number);
  return {
    initial: pick(model.initial),
    mean: pick(model.mean),
    variance: pick(model.variance),
    transition: Float64Array.from(
      order.flatMap((from) => order.map((to) => model.transition[from * states + to] as number)),
    ),
  };
};

export type Fit = { readonly model: GaussianHmm; readonly logLikelihood: number };

/** The model of so many states by Baum and Welch; undefined when the values do not vary. */
export const fitHmm = (values: Float64Array, states: number): Fit | undefined => {
  const whole = varianceOf(values);
  if (!(whole > 0) || values.length < states) return undefined;
  const floor = whole * floorShare;
  let model = begin(values, states);
  let known = Number.NEGATIVE_INFINITY;
  for (let step = 0; step < mostSteps; step++) {
    const improved = improve(values, model, floor);
    if (improved.logLikelihood - known < leastGainPerValue * values.length) break;
    known = improved.logLikelihood;
    model = improved.model;
  }
  const ordered = inOrder(model);
  return { model: ordered, logLikelihood: filter(values, ordered).logLikelihood };
};

const parametersOf = (states: number): number => states * (states - 1) + (states - 1) + 2 * states;

const bicOf = (states: number, logLikelihood: number, count: number): number =>
  parametersOf(states) * Math.log(count) - 2 * logLikelihood;

/** The criterion of one state alone, which is a normal distribution. */
const bicOfNone = (values: Float64Array): number => {
  const perValue = -0.5 * (Math.log(2 * Math.PI * varianceOf(values)) + 1);
  return bicOf(1, perValue * values.length, values.length);
};

/**
 * Two states or three, whichever the Bayesian information criterion prefers; undefined when it prefers
 * none, since the values do not tell states apart.
 */
export const bestFit = (values: Float64Array): Fit | undefined => {
  const fits = [2, 3].flatMap((states) => {
    const fit = fitHmm(values, states);
    if (fit === undefined) return [];
    return [{ fit, bic: bicOf(states, fit.logLikelihood, values.length) }];
  });
  const [best] = fits.sort((a, b) => a.bic - b.bic);
  return best !== undefined && best.bic < bicOfNone(values) ? best.fit : undefined;
};
