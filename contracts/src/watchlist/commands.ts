import { z } from 'zod';
import { command, logPositionSchema, textArgument } from '../kernel/index.ts';

export const groupArgument = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/i, 'must be letters, digits, - or _, at most 40');

export const watchlistCommands = {
  AddSymbols: command(
    z.strictObject({
      /** Judged one by one, so that one bad ticker does not refuse the others. */
      symbols: z.array(z.string().max(40)).min(1).max(100),
      group: groupArgument.optional(),
      notes: textArgument(500).optional(),
    }),
    z.strictObject({
      added: z.array(z.string()),
      already_there: z.array(z.string()),
      refused: z.array(
        z.strictObject({ symbol: z.string(), code: z.string(), reason: z.string() }),
      ),
      log_position: logPositionSchema
        .nullable()
        .meta({ description: 'null when nothing had to be recorded' }),
    }),
  ),
} as const;
