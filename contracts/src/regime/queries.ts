import { z } from 'zod';
import {
  cursorArgument,
  eventIdSchema,
  instantSchema,
  logPositionSchema,
  minPositionArgument,
  nextCursorSchema,
  query,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerArgument, timeframeSchema } from '../market/index.ts';
import { hmmOpinionSchema, regimeLabelSchema } from './classification.ts';

export const regimeQueries = {
  ListClassifications: query(
    z.strictObject({
      symbol: tickerArgument,
      timeframe: timeframeSchema.optional(),
      limit: z.int().min(1).max(100).default(20),
      cursor: cursorArgument,
      min_position: minPositionArgument,
    }),
    z.strictObject({
      classifications: z
        .array(
          z.strictObject({
            event_id: eventIdSchema,
            symbol: z.string(),
            timeframe: timeframeSchema,
            at: instantSchema,
            label: regimeLabelSchema,
            confidence: z.number(),
            tradeability: z.number(),
            volatility_state: hmmOpinionSchema.shape.state.nullable().meta({
              description:
                'by the hidden Markov model; null when it had no opinion or was not asked',
            }),
            source: marketSourceSchema,
            bars_digest: z.string(),
            policy_version: z.string(),
          }),
        )
        .meta({ description: 'newest first' }),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
