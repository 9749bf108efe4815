import { z } from 'zod';

/** In the order in which they are told. */
export const criterionCodes = [
  'CONFIGURATION',
  'BACKTESTS',
  'EVIDENCE_AGE',
  'TRADES',
  'SESSIONS',
  'CALENDAR_DAYS',
  'WIN_RATE',
  'PROFIT_FACTOR',
  'MAX_DRAWDOWN',
  'WORST_LOSS',
  'SHARPE',
  'EXPECTANCY',
  'EXPECTANCY_FLOOR',
  'DEFLATED_SHARPE',
  'SLIPPAGE',
  'FILL_RATE',
  'DRIFT',
] as const;
export const criterionCodeSchema = z.enum(criterionCodes);
export type CriterionCode = z.output<typeof criterionCodeSchema>;

/** One criterion as it stood when it was judged. */
export const criterionSchema = z.strictObject({
  criterion: criterionCodeSchema,
  /** Null where nothing recorded says it: then it is not met. */
  measured: z.number().nullable(),
  comparison: z.enum(['>=', '<=', '>']),
  required: z.number(),
  unit: z.string(),
  met: z.boolean(),
});
export type Criterion = z.output<typeof criterionSchema>;

/** The same as answers show it. */
export const criterionView = criterionSchema.extend({
  criterion: z.string(),
  comparison: z.string(),
  unit: z.string(),
});
