import type { Classification } from '@sentinel/contracts/regime';
import type { SecondOpinion } from './hmm/index.ts';
import type { RegimeInput } from './measure.ts';
import { currentRegimePolicy, type RegimePolicy } from './policies.ts';
import type { Measured, Step } from './waterfall.ts';

/** From this tradeability on, 0 to 1, a regime may be traded at all. */
export const leastTradeability = 0.4;

const notAsked: SecondOpinion = {
  opinion: null,
  reason: 'The hidden Markov model was not asked: only regime.evaluate asks it.',
};

/** Goes down the steps of a policy to the first that matches, and says why at each. */
export const descend = (
  { metrics, timeframe }: Measured,
  { leastBars, steps, otherwise }: RegimePolicy = currentRegimePolicy,
): { readonly match: NonNullable<Step['match']>; readonly reasoning: readonly string[] } => {
  if (metrics.bars < leastBars) {
    const reason = `Insufficient data: ${metrics.bars} bars, at least ${leastBars} are needed.`;
    return { match: otherwise, reasoning: [reason] };
  }
  const reasoning: string[] = [];
  for (const step of steps) {
    const { reason, match } = step({ metrics, timeframe });
    reasoning.push(reason);
    if (match !== undefined) return { match, reasoning };
  }
  reasoning.push('No step matched: the regime is unknown.');
  return { match: otherwise, reasoning };
};

/**
 * The regime of one symbol, by the functions of a policy and no others: the first step of the
 * waterfall that matches names it. A figure that could not be measured matches nothing and is said so,
 * and when no step matches the regime is unknown: never a label that the data does not carry. The
 * hidden Markov model speaks last and decides nothing.
 */
export const classify = (
  input: RegimeInput,
  policy: RegimePolicy = currentRegimePolicy,
): Classification => {
  const metrics = policy.measure(input);
  const { match, reasoning } = descend({ metrics, timeframe: input.bars.timeframe }, policy);
  const { opinion, reason } = input.withModel ? policy.secondOpinion(input.bars.close) : notAsked;
  return {
    ...match,
    compatibility: policy.compatibilityIn(match.label),
    metrics: { ...metrics, hmm: opinion },
    reasoning: [...reasoning, reason],
  };
};
