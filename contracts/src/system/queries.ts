import { z } from 'zod';
import { logPositionSchema, query } from '../kernel/index.ts';
import { briefQueries } from './brief.ts';

export const componentHealthSchema = z.strictObject({
  component: z.string(),
  state: z.enum(['ready', 'starting', 'degraded', 'failed']),
  detail: z.string(),
});
export type ComponentHealth = z.output<typeof componentHealthSchema>;

export const systemQueries = {
  ...briefQueries,
  GetHealth: query(
    z.strictObject({}),
    z.strictObject({
      state: z.enum(['ready', 'starting', 'degraded', 'failed']),
      components: z.array(componentHealthSchema),
      version: z.string(),
      code_digest: z.string(),
      node: z.string(),
      protocols: z.array(z.string()),
      authentication: z.string(),
      log_position: logPositionSchema
        .nullable()
        .meta({ description: 'null while the event log does not answer' }),
      views_position: logPositionSchema,
    }),
  ),
} as const;
