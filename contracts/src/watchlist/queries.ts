import { z } from 'zod';
import {
  cursorArgument,
  instantSchema,
  logPositionSchema,
  minPositionArgument,
  nextCursorSchema,
  query,
} from '../kernel/index.ts';
import { groupArgument } from './commands.ts';

export const watchlistQueries = {
  ListWatchlist: query(
    z.strictObject({
      group: groupArgument.optional(),
      limit: z.int().min(1).max(200).default(50),
      cursor: cursorArgument,
      min_position: minPositionArgument,
    }),
    z.strictObject({
      entries: z.array(
        z.strictObject({
          symbol: z.string(),
          group: z.string().nullable(),
          notes: z.string().nullable(),
          added_at: instantSchema,
        }),
      ),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
