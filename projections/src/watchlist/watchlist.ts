import { eventIdSchema, instantSchema, z } from '@sentinel/contracts/kernel';
import { codedRow, type Fact, projection } from '../kernel/index.ts';

const change = z.strictObject({
  event_id: eventIdSchema,
  change: z.enum(['added', 'updated', 'removed']),
  groups: z.string().array(),
  by: z.string(),
  at: instantSchema,
});

const row = z.strictObject({
  symbol: z.string(),
  groups: z.string().array(),
  notes: z.string().nullable(),
  added_at: instantSchema,
  active: z.boolean(),
  history: change.array(),
});
export type WatchlistRow = z.output<typeof row>;

/** Changes of one entry that are kept, the last of them. */
const keptChanges = 50;

const types = ['SymbolAdded', 'SymbolUpdated', 'SymbolRemoved'] as const;
const words = { SymbolAdded: 'added', SymbolUpdated: 'updated', SymbolRemoved: 'removed' } as const;

const changeOf = ({ event, recorded }: Fact<(typeof types)[number]>): z.output<typeof change> => ({
  event_id: recorded.id,
  change: words[event.type],
  groups: event.type === 'SymbolRemoved' ? [] : [...event.data.groups],
  by: recorded.metadata.principal,
  at: event.data.at,
});

/** One row for each symbol that was ever on the watchlist. */
export const watchlist = projection({
  view: 'watchlist',
  version: 3,
  row: codedRow(row),
  types,
  keys: ({ event }) => [event.data.symbol],
  evolve: (before, fact) => {
    const { event } = fact;
    const history = [...(before?.history ?? []), changeOf(fact)].slice(-keptChanges);
    if (event.type === 'SymbolRemoved')
      return before && { ...before, groups: [], active: false, history };
    const { symbol, groups, notes, at } = event.data;
    const added_at = event.type === 'SymbolUpdated' ? (before?.added_at ?? at) : at;
    return { symbol, groups: [...groups], notes, added_at, active: true, history };
  },
  fields: ['active'],
  fieldsOf: ({ active }) => ({ active: active ? 'yes' : 'no' }),
});
