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
