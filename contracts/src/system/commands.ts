import { z } from 'zod';
import { command, logPositionSchema } from '../kernel/index.ts';

export const systemCommands = {
  RebuildViews: command(
    z.strictObject({
      view: z.string().max(40).meta({ description: 'or `all`' }),
      dry_run: z.boolean().optional(),
    }),
    z.strictObject({
      views: z.array(
        z.strictObject({
          view: z.string(),
          log_position: logPositionSchema,
          result: z.enum(['equal', 'explained', 'different', 'not-comparable']),
          differences: z.string().nullable(),
        }),
      ),
    }),
  ),
} as const;
