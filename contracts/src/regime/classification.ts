import { z } from 'zod';

export const regimeLabels = [
  'trending_bull',
  'trending_bear',
  'mean_reverting',
  'high_vol_unstable',
  'low_liquidity',
  'risk_off',
  'opening_noise',
  'unknown',
] as const;
export const regimeLabelSchema = z.enum(regimeLabels);
export type RegimeLabel = z.output<typeof regimeLabelSchema>;

const figure = z.number().nullable();

/** A second opinion: the state of a hidden Markov model on returns, by what was known until then. */
export const hmmOpinionSchema = z.strictObject({
  state: z.enum(['calm', 'normal', 'turbulent']),
  /** Of that state, 0 to 1. */
  probability: z.number(),
  /** For how many bars it has been believed. */
  sinceBars: z.int(),
  /** Of each state from calm on, in per cent per bar: two or three. */
  volatilityPct: z.array(z.number()),
});
export type HmmOpinion = z.output<typeof hmmOpinionSchema>;

/** What the waterfall measured. Null is "could not be measured", never zero. */
export const regimeMetricsSchema = z.strictObject({
  bars: z.int(),
  close: figure,
  atrPct: figure,
  adx: figure,
  ema50: figure,
  ema200: figure,
  volumeRatio: figure,
  bollingerWidth: figure,
  hurst: figure,
  efficiency: figure,
  contextMovePct: figure,
  minutesSinceOpen: figure,
  /** Null where it was not asked, or too few returns varied. */
  hmm: hmmOpinionSchema.nullable(),
});
export type RegimeMetrics = z.output<typeof regimeMetricsSchema>;

export const classificationSchema = z.strictObject({
  label: regimeLabelSchema,
  /** 0 to 1. */
  confidence: z.number(),
  /** 0 to 1; tradeable from 0.40. */
  tradeability: z.number(),
  /** By strategy family, 0 to 1. */
  compatibility: z.record(
    z.string(),
    z.strictObject({ compatible: z.boolean(), score: z.number() }),
  ),
  metrics: regimeMetricsSchema,
  /** One sentence per step of the waterfall, in order, up to the one that matched. */
  reasoning: z.array(z.string()),
});
export type Classification = z.output<typeof classificationSchema>;
