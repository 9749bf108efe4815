import { z } from 'zod';
import { logPositionSchema, minPositionArgument, query } from '../kernel/index.ts';
import { timeframeSchema } from '../market/index.ts';
import { strategyStateSchema } from './signal.ts';

export const strategyQueries = {
  ListStrategies: query(
    z.strictObject({ min_position: minPositionArgument }),
    z.strictObject({
      strategies: z.array(
        z.strictObject({
          strategy: z.string(),
          name: z.string(),
          description: z.string(),
          timeframe: timeframeSchema,
          parameters: z.record(z.string(), z.number()),
          state: strategyStateSchema,
        }),
      ),
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
