import type { Handlers } from '@sentinel/contracts';
import { type AsOf, accepted, type ReadStore, refused } from '@sentinel/contracts/kernel';
import { unknownGroup } from '@sentinel/contracts/watchlist';
import { answering, readPage } from '../kernel/index.ts';
import { type WatchlistRow, watchlist } from './watchlist.ts';

/** More than a watchlist holds. */
const everything = 500;

const active = { active: 'yes' };

const shown = ({ history: _, ...entry }: WatchlistRow) => entry;

const groupsOf = (rows: readonly WatchlistRow[]): readonly string[] =>
  [...new Set(rows.flatMap(({ groups }) => groups))].sort();

export const watchlistQueryHandlers = ({
  readStore,
}: {
  readonly readStore: ReadStore;
}): Handlers<'ListWatchlist' | 'GetWatchlistEntry' | 'ListGroups'> => {
  const readActive = async (): Promise<AsOf<readonly WatchlistRow[]>> => {
    const { rows, logPosition } = await readPage(readStore, watchlist, {
      limit: everything,
      where: active,
    });
    return { value: rows, logPosition };
  };

  return {
    ListWatchlist: ({ group, active_only, limit, cursor, min_position }) =>
      answering(readStore, min_position, async () => {
        if (group === undefined) {
          const page = await readPage(readStore, watchlist, {
            limit,
            ...(active_only && { where: active }),
            ...(cursor !== undefined && { cursor }),
          });
          const { rows, nextCursor, logPosition } = page;
          return {
            value: accepted({ entries: rows.map(shown), next_cursor: nextCursor }),
            logPosition,
          };
        }
        const { value: rows, logPosition } = await readActive();
        const members = rows.filter(({ groups }) => groups.includes(group));
        if (members.length === 0)
          return { value: unknownGroup(group, groupsOf(rows)), logPosition };
        const rest = members.filter(({ symbol }) => cursor === undefined || symbol > cursor);
        const page = rest.slice(0, limit);
        const next_cursor = rest.length > limit ? (page.at(-1)?.symbol ?? null) : null;
        return { value: accepted({ entries: page.map(shown), next_cursor }), logPosition };
      }),

    GetWatchlistEntry: ({ symbol, min_position }) =>
      answering(readStore, min_position, async () => {
        const { value: stored, logPosition } = await readStore.get(watchlist.view, symbol);
        if (stored === undefined) return { value: neverThere(symbol), logPosition };
        const entry = watchlist.row.parse(stored);
        return {
          value: accepted({ entry: shown(entry), history: [...entry.history] }),
          logPosition,
        };
      }),

    ListGroups: ({ min_position }) =>
      answering(readStore, min_position, async () => {
        const { value: rows, logPosition } = await readActive();
        const groups = groupsOf(rows).map((group) => ({
          group,
          symbols_count: rows.filter((row) => row.groups.includes(group)).length,
        }));
        const ungrouped_count = rows.filter((row) => row.groups.length === 0).length;
        const counts = { groups, ungrouped_count, symbols_count: rows.length };
        return { value: accepted(counts), logPosition };
      }),
  };
};

const neverThere = (symbol: string) =>
  refused(
    'NOT_ON_WATCHLIST',
    `${symbol} was never on the watchlist.`,
    'List what is there with watchlist.list, or add it with watchlist.add.',
  );
