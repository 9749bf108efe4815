/** A hidden Markov model whose states emit normal numbers; states stand in the order of their variance. */
export type GaussianHmm = {
  /** Probability of each state before the first observation. */
  readonly initial: Float64Array;
  /** Row by row: from state `i` to state `j` at `i * states + j`. */
  readonly transition: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
};

export const statesOf = ({ mean }: GaussianHmm): number => mean.length;

const logTwoPi = Math.log(2 * Math.PI);

/** How probable each observation is in each state, scaled so that the best state has 1; with the log of the scale. */
const emissions = (values: Float64Array, { mean, variance }: GaussianHmm) => {
  const states = mean.length;
  const scaled = new Float64Array(values.length * states);
  const logScale = new Float64Array(values.length);
  for (let t = 0; t < values.length; t++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < states; s++) {
      const spread = variance[s] as number;
      const off = (values[t] as number) - (mean[s] as number);
      const log = -0.5 * (logTwoPi + Math.log(spread) + (off * off) / spread);
      scaled[t * states + s] = log;
      if (log > best) best = log;
    }
    logScale[t] = best;
    for (let s = 0; s < states; s++)
      scaled[t * states + s] = Math.exp((scaled[t * states + s] as number) - best);
  }
  return { scaled, logScale };
};

export type Filtered = {
  /** Probability of each state after each observation and those before it: `t * states + s`. */
  readonly probability: Float64Array;
  readonly logLikelihood: number;
};

/** What is known of the states at each moment by what came until then: no later value changes it. */
export const filter = (values: Float64Array, model: GaussianHmm): Filtered =>
  forward(values, model, emissions(values, model));

const forward = (
  values: Float64Array,
  model: GaussianHmm,
  { scaled, logScale }: ReturnType<typeof emissions>,
): Filtered & { readonly norm: Float64Array } => {
  const states = statesOf(model);
  const probability = new Float64Array(values.length * states);
  const norm = new Float64Array(values.length);
  let logLikelihood = 0;
  for (let t = 0; t < values.length; t++) {
    let sum = 0;
    for (let s = 0; s < states; s++) {
      let before = model.initial[s] as number;
      if (t > 0) {
        before = 0;
        for (let r = 0; r < states; r++)
          before +=
            (probability[(t - 1) * states + r] as number) *
            (model.transition[r * states + s] as number);
      }
      const joint = before * (scaled[t * states + s] as number);
      probability[t * states + s] = joint;
      sum += joint;
    }
    for (let s = 0; s < states; s++)
      probability[t * states + s] = (probability[t * states + s] as number) / sum;
    norm[t] = sum;
    logLikelihood += Math.log(sum) + (logScale[t] as number);
  }
  return { probability, logLikelihood, norm };
};

/** One step of Baum and Welch: the model that explains the values at least as well. */
export const improve = (
  values: Float64Array,
  model: GaussianHmm,
  varianceFloor: number,
): { readonly model: GaussianHmm; readonly logLikelihood: number } => {
  const states = statesOf(model);
  const count = values.length;
  const emission = emissions(values, model);
  const { probability, logLikelihood, norm } = forward(values, model, emission);
  const { scaled } = emission;
  const weight = new Float64Array(states);
  const sum = new Float64Array(states);
  const moves = new Float64Array(states * states);
  const gammas = new Float64Array(count * states);
  let later = new Float64Array(states).fill(1);
  for (let t = count - 1; t >= 0; t--) {
    for (let s = 0; s < states; s++)
      gammas[t * states + s] = (probability[t * states + s] as number) * (later[s] as number);
    if (t === 0) break;
    const earlier = new Float64Array(states);
    for (let r = 0; r < states; r++) {
      for (let s = 0; s < states; s++) {
        const step =
          ((model.transition[r * states + s] as number) *
            (scaled[t * states + s] as number) *
            (later[s] as number)) /
          (norm[t] as number);
        earlier[r] = (earlier[r] as number) + step;
        moves[r * states + s] =
          (moves[r * states + s] as number) + (probability[(t - 1) * states + r] as number) * step;
      }
    }
    later = earlier;
  }
  for (let t = 0; t < count; t++)
    for (let s = 0; s < states; s++) {
      weight[s] = (weight[s] as number) + (gammas[t * states + s] as number);
      sum[s] = (sum[s] as number) + (gammas[t * states + s] as number) * (values[t] as number);
    }
  const mean = sum.map((total, s) => total / (weight[s] as number));
  const squares = new Float64Array(states);
  for (let t = 0; t < count; t++)
    for (let s = 0; s < states; s++) {
      const off = (values[t] as number) - (mean[s] as number);
      squares[s] = (squares[s] as number) + (gammas[t * states + s] as number) * off * off;
    }
  const transition = moves.map((total, i) => {
    const row = Math.floor(i / states) * states;
    let all = 0;
    for (let s = 0; s < states; s++) all += moves[row + s] as number;
    return total / all;
  });
  return {
    logLikelihood,
    model: {
      initial: gammas.slice(0, states),
      transition,
      mean,
      variance: squares.map((total, s) => Math.max(varianceFloor, total / (weight[s] as number))),
    },
  };
};
