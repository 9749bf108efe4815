import type { HmmOpinion } from '@sentinel/contracts/regime';
import { bestFit } from './fit.ts';
import { filter, type GaussianHmm, statesOf } from './gaussian-hmm.ts';

/** Fewer returns than this tell states from noise no longer. */
const leastReturns = 250;
/** The newest returns that are looked at: what bounds the work. */
const mostReturns = 500;
/** Another state is believed only from this probability on: a day in between changes nothing. */
const believed = 0.8;

const names = {
  2: ['calm', 'turbulent'],
  3: ['calm', 'normal', 'turbulent'],
} as const;

/** The state that is believed at each moment: the last one that was believed, until another is. */
export const heldStates = (probability: Float64Array, states: number): Int32Array => {
  const held = new Int32Array(probability.length / states);
  let state = -1;
  for (let t = 0; t < held.length; t++) {
    let best = 0;
    for (let s = 1; s < states; s++)
      if ((probability[t * states + s] as number) > (probability[t * states + best] as number))
        best = s;
    if (state === -1 || (probability[t * states + best] as number) >= believed) state = best;
    held[t] = state;
  }
  return held;
};

const returnsOf = (close: Float64Array): Float64Array =>
  Float64Array.from(close.subarray(1), (value, i) => Math.log(value / (close[i] as number)));

const percent = 100;

const opinionOf = (returns: Float64Array, model: GaussianHmm): HmmOpinion => {
  const states = statesOf(model);
  const { probability } = filter(returns, model);
  const held = heldStates(probability, states);
  const now = held.at(-1) as number;
  const since = held.length - 1 - held.findLastIndex((state) => state !== now);
  return {
    state: (names[states as 2 | 3][now] ?? 'calm') as HmmOpinion['state'],
    probability: probability[(returns.length - 1) * states + now] as number,
    sinceBars: since,
    volatilityPct: [...model.variance].map((variance) => Math.sqrt(variance) * percent),
  };
};

/**
 * What a Gaussian hidden Markov model of two or three states says of the last bar: a second opinion
 * beside the waterfall, which decides nothing. Null with fewer than 250 returns, and where they tell
 * no states apart.
 */
export const hmmOpinion = (close: Float64Array): HmmOpinion | null => {
  const returns = returnsOf(close.subarray(-(mostReturns + 1)));
  if (returns.length < leastReturns || returns.some((value) => !Number.isFinite(value)))
    return null;
  const fit = bestFit(returns);
  return fit === undefined ? null : opinionOf(returns, fit.model);
};
