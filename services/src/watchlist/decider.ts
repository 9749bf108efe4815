import { accepted, type EventOf, refused } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { notInGroup, type watchlistEvents } from '@sentinel/contracts/watchlist';
import type { Decider } from '../kernel/index.ts';

/** The most symbols on the watchlist: a scan of them all stays one event long. */
export const watchlistCapacity = 500;
/** The most groups that one symbol is in. */
const mostGroups = 20;

export type WatchlistEvent = EventOf<typeof watchlistEvents>;

export type WatchlistEntry = {
  readonly groups: readonly string[];
  readonly notes: string | null;
  readonly addedAt: Temporal.Instant;
};

export type AddSymbols = {
  readonly type: 'AddSymbols';
  readonly symbols: readonly Ticker[];
  readonly group: string | null;
  readonly notes: string | null;
  readonly at: Temporal.Instant;
};
export type RemoveSymbols = {
  readonly type: 'RemoveSymbols';
  readonly symbols: readonly Ticker[];
  readonly at: Temporal.Instant;
};
/** What is undefined stays as it is; notes that are null are taken away. */
export type UpdateSymbol = {
  readonly type: 'UpdateSymbol';
  readonly symbol: Ticker;
  readonly join: string | undefined;
  readonly leave: string | undefined;
  readonly notes: string | null | undefined;
  readonly at: Temporal.Instant;
};
export type WatchlistCommand = AddSymbols | RemoveSymbols | UpdateSymbol;

/** The symbols on the list, in the order in which they came. */
export type WatchlistState = ReadonlyMap<Ticker, WatchlistEntry>;

/** What stands on the list already joins the group, if it is not in it; its notes stay. What does not fit is left out. */
const add = (
  { symbols, group, notes, at }: AddSymbols,
  state: WatchlistState,
): readonly WatchlistEvent[] => {
  const room = Math.max(0, watchlistCapacity - state.size);
  const wanted = [...new Set(symbols)];
  const added = wanted.filter((symbol) => !state.has(symbol)).slice(0, room);
  const groups = group === null ? [] : [group];
  return [
    ...added.map((symbol) => ({
      type: 'SymbolAdded' as const,
      data: { symbol, groups, notes, at },
    })),
    ...wanted.flatMap((symbol): readonly WatchlistEvent[] => {
      const entry = state.get(symbol);
      if (entry === undefined || group === null || !joins(entry, group)) return [];
      const data = { symbol, groups: [...entry.groups, group], notes: entry.notes, at };
      return [{ type: 'SymbolUpdated', data }];
    }),
  ];
};

const joins = ({ groups }: WatchlistEntry, group: string): boolean =>
  !groups.includes(group) && groups.length < mostGroups;

const update = ({ symbol, join, leave, notes, at }: UpdateSymbol, state: WatchlistState) => {
  const entry = state.get(symbol);
  if (entry === undefined)
    return refused(
      'NOT_ON_WATCHLIST',
      `${symbol} is not on the watchlist.`,
      'Add it with watchlist.add, or list what is there.',
    );
  if (leave !== undefined && !entry.groups.includes(leave))
    return notInGroup(symbol, leave, entry.groups);
  const stays = entry.groups.filter((group) => group !== leave);
  const groups = join === undefined || stays.includes(join) ? stays : [...stays, join];
  if (groups.length > mostGroups)
    return refused(
      'TOO_MANY_GROUPS',
      `${symbol} is in ${entry.groups.length} groups, of at most ${mostGroups}.`,
      'Take it out of one with leave_group in the same call.',
    );
  const next = { groups, notes: notes === undefined ? entry.notes : notes };
  const same = next.notes === entry.notes && groups.join() === entry.groups.join();
  return accepted(same ? [] : [{ type: 'SymbolUpdated' as const, data: { symbol, ...next, at } }]);
};

/** One list of symbols. */
export const watchlistDecider: Decider<WatchlistCommand, WatchlistState, WatchlistEvent> = {
  initialState: new Map(),

  decide: (command, state) => {
    switch (command.type) {
      case 'AddSymbols':
        return accepted(add(command, state));
      case 'RemoveSymbols':
        return accepted(
          [...new Set(command.symbols)]
            .filter((symbol) => state.has(symbol))
            .map((symbol) => ({ type: 'SymbolRemoved', data: { symbol, at: command.at } })),
        );
      case 'UpdateSymbol':
        return update(command, state);
    }
  },

  evolve: (state, { type, data }) => {
    const next = new Map(state);
    switch (type) {
      case 'SymbolAdded':
        return next.set(data.symbol, { groups: data.groups, notes: data.notes, addedAt: data.at });
      case 'SymbolUpdated': {
        const addedAt = state.get(data.symbol)?.addedAt ?? data.at;
        return next.set(data.symbol, { groups: data.groups, notes: data.notes, addedAt });
      }
      case 'SymbolRemoved':
        next.delete(data.symbol);
        return next;
    }
  },
};
