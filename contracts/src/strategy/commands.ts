import { z } from 'zod';
import {
  command,
  eventIdSchema,
  logPositionSchema,
  priceSchema,
  signalIdSchema,
  textArgument,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerArgument } from '../market/index.ts';
import { sideSchema } from '../risk/index.ts';
import { groupArgument } from '../watchlist/index.ts';
import { conditionSchema } from './signal.ts';

const signalView = z.strictObject({
  signal_id: signalIdSchema,
  event_id: eventIdSchema,
  strategy: z.string(),
  symbol: z.string(),
  side: sideSchema,
  confidence: z.number(),
  entry: priceSchema,
  stop: priceSchema,
  target: priceSchema,
  reward_to_risk: z.number(),
  regime: z.string(),
});

export const strategyCommands = {
  EvaluateStrategy: command(
    z.strictObject({ symbol: tickerArgument, strategy: textArgument(100) }),
    z.strictObject({
      signal: signalView.nullable().meta({ description: 'null when a condition was not met' }),
      conditions: z.array(conditionSchema),
      regime: z.string(),
      source: marketSourceSchema,
      log_position: logPositionSchema,
    }),
  ),
  Scan: command(
    z.strictObject({
      group: groupArgument
        .optional()
        .meta({ description: 'a watchlist group; the whole watchlist when absent' }),
      strategy: textArgument(100).optional(),
      strategies: z
        .array(textArgument(100))
        .min(1)
        .max(20)
        .optional()
        .meta({ description: 'several; the six of the house when neither is given' }),
      limit: z.int().min(1).max(100).default(12).meta({ description: 'signals to show' }),
      rejections: z
        .boolean()
        .default(false)
        .meta({ description: 'true names the failed conditions symbol by symbol' }),
    }),
    z.strictObject({
      signals: z
        .array(signalView.omit({ event_id: true }))
        .meta({ description: 'ranked by confidence' }),
      signals_count: z.int(),
      failed: z
        .array(
          z.strictObject({
            strategy: z.string(),
            no_signal_count: z.int(),
            conditions: z.record(z.string(), z.int()),
          }),
        )
        .meta({ description: 'how many symbols each condition turned away' }),
      rejections: z
        .array(
          z.strictObject({
            symbol: z.string(),
            strategy: z.string(),
            failed: z.array(z.string()),
          }),
        )
        .nullable()
        .meta({ description: 'strategy.signal says each in words' }),
      problems: z
        .array(z.strictObject({ problem: z.string(), symbols: z.array(z.string()) }))
        .meta({ description: 'symbols that could not be judged' }),
      unknown_strategies: z.array(z.string()),
      evaluated: z.int(),
      source: marketSourceSchema,
      log_position: logPositionSchema,
    }),
  ),
} as const;
