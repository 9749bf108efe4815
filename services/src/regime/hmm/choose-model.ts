import { fit } from './baum-welch.ts';
import { firstGuess } from './first-guess.ts';
import type { GaussianHmm } from './gaussian-hmm.ts';

const candidates = [2, 3] as const;

/** Means, variances, a row of transitions for each state and the initial row, as far as they are free. */
const freedom = (states: number): number => 2 * states + states * (states - 1) + (states - 1);

/** Bayes' information criterion: the lower, the better the model for what it has to assume. */
const criterion = (logLikelihood: number, free: number, count: number): number =>
  free * Math.log(count) - 2 * logLikelihood;

/** The same model with its states in the order of their variance. */
export const orderedByVariance = (model: GaussianHmm): GaussianHmm => {
  const { states, initial, transition, mean, variance } = model;
  const order = Array.from(variance.keys()).sort(
    (a, b) => (variance[a] as number) - (variance[b] as number) || a - b,
  );
  const permuted = (column: Float64Array) => Float64Array.from(order, (i) => column[i] as number);
  return {
    states,
    initial: permuted(initial),
    transition: Float64Array.from(
      order.flatMap((i) => order.map((j) => transition[i * states + j] as number)),
    ),
    mean: permuted(mean),
    variance: permuted(variance),
  };
};

/**
 * The model of 2 or 3 states that explains the values best by Bayes' information criterion, its
 * states in the order of variance; undefined when a single Gaussian, without any states, does
 * better than both. The values have mean 0 and variance 1.
 */
export const chooseModel = (values: Float64Array): GaussianHmm | undefined => {
  const count = values.length;
  const single = (-count / 2) * (Math.log(2 * Math.PI) + 1);
  let best: { readonly model?: GaussianHmm; readonly cost: number } = {
    cost: criterion(single, 2, count),
  };
  for (const states of candidates) {
    const { model, logLikelihood } = fit(firstGuess(values, states), values);
    const cost = criterion(logLikelihood, freedom(states), count);
    if (cost < best.cost) best = { model, cost };
  }
  return best.model === undefined ? undefined : orderedByVariance(best.model);
};
