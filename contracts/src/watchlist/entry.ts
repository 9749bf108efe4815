import { z } from 'zod';
import { instantSchema } from '../kernel/index.ts';

/** A symbol of the watchlist as every tool answers it. */
export const watchlistEntryView = z.strictObject({
  symbol: z.string(),
  groups: z.array(z.string()),
  notes: z.string().nullable(),
  added_at: instantSchema,
});
export type WatchlistEntryView = z.output<typeof watchlistEntryView>;
