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
import { tickerArgument } from '../market/index.ts';
import { groupArgument } from './commands.ts';
import { watchlistEntryView } from './entry.ts';

export const watchlistQueries = {
  ListWatchlist: query(
    z.strictObject({
      group: groupArgument.optional(),
      active_only: z
        .boolean()
        .default(true)
        .meta({ description: 'false shows symbols that were removed as well' }),
      limit: z.int().min(1).max(200).default(50),
      cursor: cursorArgument,
      min_position: minPositionArgument,
    }),
    z.strictObject({
      entries: z.array(watchlistEntryView.extend({ active: z.boolean() })),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
  GetWatchlistEntry: query(
    z.strictObject({ symbol: tickerArgument, min_position: minPositionArgument }),
    z.strictObject({
      entry: watchlistEntryView.extend({ active: z.boolean() }),
      history: z
        .array(
          z.strictObject({
            event_id: eventIdSchema,
            change: z.enum(['added', 'updated', 'removed']),
            groups: z.array(z.string()),
            by: z.string(),
            at: instantSchema,
          }),
        )
        .meta({ description: 'oldest first; the last 50 changes' }),
      as_of_position: logPositionSchema,
    }),
  ),
  ListGroups: query(
    z.strictObject({ min_position: minPositionArgument }),
    z.strictObject({
      groups: z.array(z.strictObject({ group: z.string(), symbols_count: z.int() })),
      ungrouped_count: z.int(),
      symbols_count: z.int(),
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
