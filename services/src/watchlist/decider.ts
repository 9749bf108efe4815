import { accepted, type EventOf } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { watchlistEvents } from '@sentinel/contracts/watchlist';
import type { Decider } from '../kernel/index.ts';

/** The most symbols on the watchlist: a scan of them all stays one event long. */
export const watchlistCapacity = 500;

export type WatchlistEvent = EventOf<typeof watchlistEvents>;

export type WatchlistEntry = { readonly group: string | null; readonly notes: string | null };

export type WatchlistCommand = {
  readonly type: 'AddSymbols';
  readonly symbols: readonly Ticker[];
  readonly group: string | null;
  readonly notes: string | null;
  readonly at: Temporal.Instant;
};

/** The symbols on the list, in the order in which they came. */
export type WatchlistState = ReadonlyMap<Ticker, WatchlistEntry>;

/** One list of symbols. What stands on it already is left as it is; what does not fit is left out. */
export const watchlistDecider: Decider<WatchlistCommand, WatchlistState, WatchlistEvent> = {
  initialState: new Map(),

  decide: ({ symbols, group, notes, at }, state) => {
    const room = Math.max(0, watchlistCapacity - state.size);
    const added = [...new Set(symbols)].filter((symbol) => !state.has(symbol)).slice(0, room);
    return accepted(
      added.map((symbol) => ({ type: 'SymbolAdded' as const, data: { symbol, group, notes, at } })),
    );
  },

  evolve: (state, { data: { symbol, group, notes } }) =>
    new Map(state).set(symbol, { group, notes }),
};
