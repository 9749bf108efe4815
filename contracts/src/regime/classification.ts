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

/** What a hidden Markov model says of the volatility of returns. It decides no label. */
export const hmmOpinionSchema = z.strictObject({
  states: z.literal([2, 3]),
  /** With hysteresis: 0.8 of probability, or being the likeliest for three bars, changes it. */
  state: z.enum(['calm', 'normal', 'turbulent']),
  /** Of that state given the bars up to the last one, 0 to 1. */
  probability: z.number(),
  /** Completed bars for which the state has held, the last one included. */
  sinceBars: z.int(),
  /** Standard deviation of one bar's return in each state, in percent; with two states none is normal. */
  volatilityPct: z.strictObject({
    calm: z.number(),
    normal: figure,
    turbulent: z.number(),
  }),
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
  /** Null when the model has no opinion or was not asked; the reasoning says which. */
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
  /** One sentence per step of the waterfall, in order, up to the one that matched, then the model's. */
  reasoning: z.array(z.string()),
});
export type Classification = z.output<typeof classificationSchema>;
