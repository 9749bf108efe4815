import type { ToolDefinition } from '../kernel/index.ts';
import type { watchlistCommands } from './commands.ts';
import type { watchlistQueries } from './queries.ts';

export const watchlistTools = {
  'watchlist.add': {
    title: 'Add to the watchlist',
    description:
      'Adds 1 to 100 symbols to the watchlist, optionally under a group; one that is there already joins the group as well. Answers which were added, were there already, or were refused and why.',
    scope: 'trade',
    message: 'AddSymbols',
  },
  'watchlist.remove': {
    title: 'Remove from the watchlist',
    description:
      'Takes symbols off the watchlist and out of all their groups. Their history stays, and they can be added again.',
    scope: 'trade',
    message: 'RemoveSymbols',
  },
  'watchlist.update': {
    title: 'Change a watchlist entry',
    description:
      'Puts one symbol of the watchlist in a group, takes it out of one, or replaces its notes.',
    scope: 'trade',
    message: 'UpdateSymbol',
  },
  'watchlist.list': {
    title: 'Watchlist',
    description: 'The symbols on the watchlist with groups and notes, in pages of 50.',
    scope: 'read',
    message: 'ListWatchlist',
  },
  'watchlist.get': {
    title: 'One watchlist entry',
    description:
      'One symbol of the watchlist with groups, notes and what was done with it by whom; a removed one too.',
    scope: 'read',
    message: 'GetWatchlistEntry',
  },
  'watchlist.groups': {
    title: 'Watchlist groups',
    description: 'The groups of the watchlist and how many symbols each has.',
    scope: 'read',
    message: 'ListGroups',
  },
} as const satisfies Record<
  string,
  ToolDefinition<keyof typeof watchlistCommands | keyof typeof watchlistQueries>
>;
