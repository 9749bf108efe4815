import { z } from 'zod';
import { command, eventIdSchema, instantSchema, logPositionSchema } from '../kernel/index.ts';
import { marketSourceSchema, tickerArgument, timeframeSchema } from '../market/index.ts';
import { classificationSchema } from './classification.ts';

export const regimeCommands = {
  EvaluateRegime: command(
    z.strictObject({ symbol: tickerArgument, timeframe: timeframeSchema.default('1Day') }),
    z.strictObject({
      symbol: z.string(),
      timeframe: timeframeSchema,
      ...classificationSchema.shape,
      tradeable: z.boolean(),
      source: marketSourceSchema,
      at: instantSchema,
      event_id: eventIdSchema,
      log_position: logPositionSchema,
    }),
  ),
} as const;
