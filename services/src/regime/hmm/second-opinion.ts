import type { HmmOpinion } from '@sentinel/contracts/regime';
import { chooseModel } from './choose-model.ts';
import { forward, type GaussianHmm } from './gaussian-hmm.ts';
import { steadyState } from './steady-state.ts';

/** Below this a fit of 14 free parameters says nothing. */
const leastReturns = 250;
/** Bounds the fit's cost; older returns belong to another market. */
const mostReturns = 500;
/** Standard deviation of returns, as a fraction, below which a price counts as not moving. */
const leastDeviation = 1e-7;

/** The opinion, and the sentence that gives it or says why there is none. */
export type SecondOpinion = { readonly opinion: HmmOpinion | null; readonly reason: string };

const none = (reason: string): SecondOpinion => ({
  opinion: null,
  reason: `The hidden Markov model has no opinion: ${reason}.`,
});

const logReturns = (close: Float64Array): Float64Array =>
  Float64Array.from({ length: Math.max(0, close.length - 1) }, (_, i) =>
    Math.log((close[i + 1] as number) / (close[i] as number)),
  );

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const text = (value: number): string => value.toFixed(2);

const opinionOf = (
  model: GaussianHmm,
  values: Float64Array,
  deviation: number,
): Omit<SecondOpinion, 'opinion'> & { readonly opinion: HmmOpinion } => {
  const { state, since, probability } = steadyState(model, forward(model, values));
  const volatility = (i: number) => Math.sqrt(model.variance[i] as number) * deviation * 100;
  const last = model.states - 1;
  const named = state === 0 ? 'calm' : state === last ? 'turbulent' : 'normal';
  return {
    opinion: {
      states: model.states === 2 ? 2 : 3,
      state: named,
      probability,
      sinceBars: since,
      volatilityPct: {
        calm: volatility(0),
        normal: last === 1 ? null : volatility(1),
        turbulent: volatility(last),
      },
    },
    reason: `Beside the steps, a hidden Markov model of ${model.states} states over ${values.length} returns calls the market ${named} for ${since} bars, at ${text(volatility(state))} % volatility a bar, probability ${text(probability)}.`,
  };
};

/**
 * What a hidden Markov model says of the volatility of the last 500 returns: it is fitted to them, and
 * the filtered probabilities of its states followed with hysteresis. It decides no label. None when
 * there are under 250 returns, a gap among them, no movement, or only one level of volatility.
 */
export const secondOpinion = (close: Float64Array): SecondOpinion => {
  const returns = logReturns(close.subarray(-mostReturns - 1));
  if (returns.length < leastReturns)
    return none(`insufficient data, ${returns.length} returns of at least ${leastReturns}`);
  if (!returns.every(Number.isFinite)) return none('a close among the bars is not a price');
  const middle = mean(returns);
  const deviation = Math.sqrt(mean(returns.map((value) => (value - middle) ** 2)));
  if (deviation < leastDeviation) return none(`the last ${returns.length} returns do not differ`);
  const values = returns.map((value) => (value - middle) / deviation);
  const model = chooseModel(values);
  if (model === undefined)
    return none(`one level of volatility explains the last ${values.length} returns best`);
  return opinionOf(model, values, deviation);
};
