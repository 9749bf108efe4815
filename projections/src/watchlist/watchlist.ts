import type { Handlers } from '@sentinel/contracts';
import { accepted, instantSchema, type ReadStore, z } from '@sentinel/contracts/kernel';
import { answering, codedRow, projection, readPage } from '../kernel/index.ts';

const row = z.strictObject({
  symbol: z.string(),
  group: z.string().nullable(),
  notes: z.string().nullable(),
  added_at: instantSchema,
});

/** One row for each symbol on the watchlist. */
export const watchlist = projection({
  view: 'watchlist',
  version: 1,
  row: codedRow(row),
  types: ['SymbolAdded'],
  keys: ({ event }) => [event.data.symbol],
  evolve: (_, { event: { data } }) => ({
    symbol: data.symbol,
    group: data.group,
    notes: data.notes,
    added_at: data.at,
  }),
  fields: ['group_name'],
  fieldsOf: ({ group }) => ({ group_name: group }),
});

export const watchlistQueryHandlers = ({
  readStore,
}: {
  readonly readStore: ReadStore;
}): Handlers<'ListWatchlist'> => ({
  ListWatchlist: ({ group, limit, cursor, min_position }) =>
    answering(readStore, min_position, async () => {
      const { rows, nextCursor, logPosition } = await readPage(readStore, watchlist, {
        limit,
        ...(group !== undefined && { where: { group_name: group } }),
        ...(cursor !== undefined && { cursor }),
      });
      return { value: accepted({ entries: [...rows], next_cursor: nextCursor }), logPosition };
    }),
});
