import { z } from 'zod';
import { priceSchema, sha256Schema, signalIdSchema } from '../kernel/index.ts';
import { tickerSchema, timeframeSchema } from '../market/index.ts';
import { sideSchema } from '../risk/index.ts';

/** draft → research → backtest → backtest_approved → paper → paper_approved → live → live_approved. */
export const strategyStates = [
  'draft',
  'research',
  'backtest',
  'backtest_approved',
  'paper',
  'paper_approved',
  'live',
  'live_approved',
  'suspended',
  'retired',
] as const;
export const strategyStateSchema = z.enum(strategyStates);
export type StrategyState = z.output<typeof strategyStateSchema>;

/** One condition of a strategy as it stood: what was measured and what it had to be. */
export const conditionSchema = z.strictObject({
  name: z.string(),
  met: z.boolean(),
  /** One sentence with the figures. */
  detail: z.string(),
});
export type Condition = z.output<typeof conditionSchema>;

/** A trade that a strategy would make; stop < entry < target for a buy, the other way for a sell. */
export const signalSchema = z.strictObject({
  signalId: signalIdSchema,
  strategyId: z.string(),
  symbol: tickerSchema,
  timeframe: timeframeSchema,
  side: sideSchema,
  /** 0 to 1. */
  confidence: z.number(),
  entry: priceSchema,
  stop: priceSchema,
  target: priceSchema,
  maxHoldBars: z.int(),
  conditions: z.array(conditionSchema),
  indicators: z.record(z.string(), z.number()),
  barsDigest: sha256Schema,
});
export type Signal = z.output<typeof signalSchema>;
