import { z } from 'zod';

export const driftCodes = [
  /** The last five trades earn much less than those before them. */
  'EXPECTANCY_FALLS',
  /** Losses in a row, up to the last trade. */
  'LOSING_STREAK',
  /** The last three entries slip much more than the three before. */
  'SLIPPAGE_RISES',
  /** Trades that were entered in a regime that does not suit the strategy. */
  'REGIME_MISMATCH',
] as const;

export const driftSignalSchema = z.strictObject({
  code: z.enum(driftCodes),
  /** Null where there is too little to measure it by. */
  measured: z.number().nullable(),
  /** From here on it counts as drift. */
  limit: z.number(),
  unit: z.string(),
  drifting: z.boolean(),
});
export type DriftSignal = z.output<typeof driftSignalSchema>;

/** `insufficient` below five trades; one signal warns, two are critical. */
export const driftLevelSchema = z.enum(['insufficient', 'ok', 'warn', 'critical']);
export type DriftLevel = z.output<typeof driftLevelSchema>;

export const driftReportSchema = z.strictObject({
  level: driftLevelSchema,
  /** How many of the last trades were looked at, 20 at the most. */
  trades: z.int().min(0),
  signals: z.array(driftSignalSchema),
});
export type DriftReport = z.output<typeof driftReportSchema>;
