import type { Filtering, GaussianHmm } from './gaussian-hmm.ts';

/** From this filtered probability on, another state is believed at once. */
const convincing = 0.8;
/** For so many values in succession another state must be the likeliest to be believed without that. */
const persistent = 3;

/** The state that is believed at the last value, and for how long. */
export type SteadyState = {
  readonly state: number;
  /** Values for which it has been believed, the last one included: 1 on a change. */
  readonly since: number;
  /** Its filtered probability, 0 to 1; below a half while another state has yet to persist. */
  readonly probability: number;
};

const likeliest = (row: Float64Array): number => row.indexOf(Math.max(...row));

/**
 * Follows the filtered probabilities with hysteresis: one odd value changes no opinion. What is
 * believed at a value depends on no later one.
 */
export const steadyState = (
  { states }: Pick<GaussianHmm, 'states'>,
  { filtered }: Pick<Filtering, 'filtered'>,
): SteadyState => {
  const rowAt = (t: number) => filtered.subarray(t * states, (t + 1) * states);
  let state = likeliest(rowAt(0));
  let since = 0;
  let rival = state;
  let lasted = 0;
  const count = filtered.length / states;
  for (let t = 0; t < count; t++) {
    const row = rowAt(t);
    const now = likeliest(row);
    lasted = now === rival ? lasted + 1 : 1;
    rival = now;
    const changes = now !== state && ((row[now] as number) >= convincing || lasted >= persistent);
    since = changes ? 1 : since + 1;
    if (changes) state = now;
  }
  return { state, since, probability: filtered[(count - 1) * states + state] as number };
};
