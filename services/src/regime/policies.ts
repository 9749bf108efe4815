import type { Classification, RegimeLabel } from '@sentinel/contracts/regime';
import { compatibilityIn } from './compatibility.ts';
import { type SecondOpinion, secondOpinion } from './hmm/index.ts';
import { measureWaterfall, type RegimeInput, type WaterfallMetrics } from './measure.ts';
import {
  highVolatility,
  lowLiquidity,
  type Measured,
  meanReverting,
  openingNoise,
  riskOff,
  type Step,
  trending,
  weakTrend,
} from './waterfall.ts';

/**
 * Every function that names a regime. A policy that named one never changes, since an old
 * classification is made again by it: a changed step is a new function in a new policy.
 */
export type RegimePolicy = {
  readonly version: string;
  /** With fewer bars nothing is measured. */
  readonly leastBars: number;
  readonly measure: (input: Omit<RegimeInput, 'withModel'>) => WaterfallMetrics;
  /** The first that matches names the regime. */
  readonly steps: readonly ((measured: Measured) => Step)[];
  /** What it is when no step matches. */
  readonly otherwise: NonNullable<Step['match']>;
  readonly compatibilityIn: (label: RegimeLabel) => Classification['compatibility'];
  readonly secondOpinion: (close: Float64Array) => SecondOpinion;
};

const regime2: RegimePolicy = {
  version: 'regime-2',
  leastBars: 5,
  measure: measureWaterfall,
  steps: [openingNoise, highVolatility, riskOff, lowLiquidity, trending, meanReverting, weakTrend],
  otherwise: { label: 'unknown', confidence: 0.3, tradeability: 0.3 },
  compatibilityIn,
  secondOpinion,
};

/** Every policy that is kept, oldest first; `regime-1` decided before any was. */
export const regimePolicies: readonly RegimePolicy[] = [regime2];

/** What names regimes today. */
export const currentRegimePolicy: RegimePolicy = regime2;

/** Undefined for a policy that was not kept, and for one of a newer Sentinel. */
export const regimePolicyOf = (version: string): RegimePolicy | undefined =>
  regimePolicies.find((policy) => policy.version === version);
