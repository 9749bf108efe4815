import type { ToolDefinition } from '../kernel/index.ts';
import type { watchlistCommands } from './commands.ts';
import type { watchlistQueries } from './queries.ts';

export const watchlistTools = {
  'watchlist.add': {
    title: 'Add to the watchlist',
    description:
      'Adds 1 to 100 symbols to the watchlist, optionally under a group. Answers which were added, which stood there already, and which were refused and why.',
    scope: 'trade',
    message: 'AddSymbols',
  },
  'watchlist.list': {
    title: 'Watchlist',
    description:
      'The symbols on the watchlist with group and notes, by symbol; narrow with `group`.',
    scope: 'read',
    message: 'ListWatchlist',
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof watchlistCommands | keyof typeof watchlistQueries>
>;
