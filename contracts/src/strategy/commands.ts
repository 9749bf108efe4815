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
      strategies: z.array(textArgument(100)).min(1).max(20).optional(),
    }),
    z.strictObject({
      signals: z.array(signalView).meta({ description: 'ranked by confidence' }),
      none: z.array(
        z.strictObject({
          symbol: z.string(),
          strategy: z.string(),
          failed: z.array(conditionSchema),
          problem: z.string().nullable(),
        }),
      ),
      evaluated: z.int(),
      source: marketSourceSchema,
      log_position: logPositionSchema,
    }),
  ),
} as const;
