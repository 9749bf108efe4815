import { z } from 'zod';
import { instantSchema, logPositionSchema, minPositionArgument, query } from '../kernel/index.ts';
import { haltScopeSchema, tradingStateSchema } from './halts.ts';
import { readingQueries } from './reading-queries.ts';

export const riskQueries = {
  ...readingQueries,
  GetKillSwitchStatus: query(
    z.strictObject({ min_position: minPositionArgument }),
    z.strictObject({
      trading_state: tradingStateSchema,
      halts: z.array(
        z.strictObject({
          halt_id: z.string(),
          scope: haltScopeSchema,
          target: z.string().nullable(),
          account: z
            .string()
            .nullable()
            .meta({ description: 'the account that it covers; null for every account' }),
          reason: z.string(),
          engaged_by: z.string(),
          engaged_at: instantSchema,
        }),
      ),
      pending_releases: z.array(
        z.strictObject({ request_id: z.string(), halt_id: z.string(), expires_at: instantSchema }),
      ),
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
