import { z } from 'zod';
import { command, logPositionSchema, textArgument } from '../kernel/index.ts';
import { tickerArgument } from '../market/index.ts';
import { watchlistEntryView } from './entry.ts';

export const groupArgument = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/i, 'must be letters, digits, - or _, at most 40')
  .transform((name) => name.toLowerCase());

/** Judged one by one, so that one bad ticker does not refuse the others. */
const symbolList = z.array(z.string().max(40)).min(1).max(100);

const refusedSymbols = z.array(
  z.strictObject({ symbol: z.string(), code: z.string(), reason: z.string() }),
);
const recordedAt = logPositionSchema
  .nullable()
  .meta({ description: 'null when nothing had to be recorded' });

export const watchlistCommands = {
  AddSymbols: command(
    z.strictObject({
      symbols: symbolList,
      group: groupArgument.optional().meta({ description: 'a symbol may be in several groups' }),
      notes: textArgument(500).optional(),
    }),
    z.strictObject({
      added: z.array(z.string()),
      already_there: z.array(z.string()),
      joined: z
        .array(z.string())
        .meta({ description: 'those of already_there that are in the group from now on' }),
      made_up: z
        .array(z.string())
        .meta({ description: 'tickers that the mock market has made up: no company is meant' }),
      refused: refusedSymbols,
      log_position: recordedAt,
    }),
  ),
  RemoveSymbols: command(
    z.strictObject({ symbols: symbolList }),
    z.strictObject({
      removed: z.array(z.string()),
      not_there: z.array(z.string()),
      refused: refusedSymbols,
      log_position: recordedAt,
    }),
  ),
  UpdateSymbol: command(
    z.strictObject({
      symbol: tickerArgument,
      group: groupArgument.optional().meta({ description: 'a group to put it in as well' }),
      leave_group: groupArgument.optional().meta({ description: 'a group to take it out of' }),
      notes: z
        .string()
        .trim()
        .max(500)
        .optional()
        .meta({ description: 'replaces the notes; empty takes them away' }),
    }),
    z.strictObject({ entry: watchlistEntryView, changed: z.boolean(), log_position: recordedAt }),
  ),
} as const;
