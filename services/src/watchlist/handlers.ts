import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  type EventStore,
  type NewId,
  type Outcome,
  streamName,
} from '@sentinel/contracts/kernel';
import { type MarketData, type Ticker, tickerArgument } from '@sentinel/contracts/market';
import { unknownGroup, watchlistEvents } from '@sentinel/contracts/watchlist';
import { aggregate, inParallel } from '../kernel/index.ts';
import { unknownSymbol } from '../market/index.ts';
import {
  type WatchlistCommand,
  type WatchlistEntry,
  type WatchlistEvent,
  type WatchlistState,
  watchlistCapacity,
  watchlistDecider,
} from './decider.ts';

const stream = streamName('watchlist', 'default');
const requestsAtOnce = 8;
const shownCharacters = 20;

export type Watchlist = {
  /**
   * Symbols as they stand; all groups when none is named. Refuses with UNKNOWN_GROUP when nothing is in
   * the one that is. @throws what the event store throws
   */
  readonly symbols: (group?: string) => Promise<Outcome<readonly Ticker[]>>;
  readonly handlers: Handlers<'AddSymbols' | 'RemoveSymbols' | 'UpdateSymbol'>;
};

export type WatchlistOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly newId: NewId;
  /** Wall clock: a list is kept by people, whatever hour the market's replay is at. */
  readonly now: () => Temporal.Instant;
};

type Judged =
  | { readonly given: string; readonly ticker: Ticker; readonly madeUp?: boolean }
  | { readonly given: string; readonly code: string; readonly reason: string };

/** A text becomes a ticker, or a reason why it cannot. */
const tickerOf = (given: string): Judged => {
  const ticker = tickerArgument.safeParse(given);
  if (ticker.success) return { given, ticker: ticker.data };
  const reason = ticker.error.issues[0]?.message ?? 'is not a ticker';
  return { given: given.slice(0, shownCharacters), code: 'INVALID_SYMBOL', reason };
};

/** Each text becomes a ticker that the market knows, or a reason why not. */
const judge = async (market: MarketData, given: string): Promise<Judged> => {
  const read = tickerOf(given);
  if (!('ticker' in read)) return read;
  const instrument = await market.instrument(read.ticker);
  if (instrument !== undefined) return { ...read, madeUp: instrument.madeUp === true };
  const { code, message } = unknownSymbol(market.source, read.ticker).refusal;
  return { given: read.ticker, code, reason: message };
};

const tickersOf = (judged: readonly Judged[]): readonly Ticker[] => [
  ...new Set(judged.flatMap((one) => ('ticker' in one ? [one.ticker] : []))),
];

const refusedOf = (judged: readonly Judged[]) =>
  judged.flatMap((one) =>
    'ticker' in one ? [] : [{ symbol: one.given, code: one.code, reason: one.reason }],
  );

const groupsOf = (state: WatchlistState): readonly string[] =>
  [...new Set([...state.values()].flatMap(({ groups }) => groups))].sort();

const whole = (symbol: Ticker) => ({
  symbol,
  code: 'WATCHLIST_FULL',
  reason: `The watchlist holds its ${watchlistCapacity} symbols: take some off with watchlist.remove.`,
});

/** The watchlist as the rest of the house uses it. */
export const watchlistRoom = (options: WatchlistOptions): Watchlist => {
  const { eventStore, market, newId, now } = options;
  const lists = aggregate<typeof watchlistEvents, WatchlistCommand, WatchlistState, string>({
    eventStore,
    newId,
    definitions: watchlistEvents,
    decider: watchlistDecider,
  });
  return {
    symbols: async (group) => {
      const { state } = await lists.refresh(stream);
      if (group === undefined) return accepted([...state.keys()]);
      const found = [...state].flatMap(([symbol, { groups }]) =>
        groups.includes(group) ? [symbol] : [],
      );
      return found.length === 0 ? unknownGroup(group, groupsOf(state)) : accepted(found);
    },
    handlers: {
      AddSymbols: async ({ symbols, group = null, notes = null }, { metadata, signal }) => {
        const judged = await inParallel([...new Set(symbols)], (given) => judge(market, given), {
          width: requestsAtOnce,
          signal,
        });
        const known = tickersOf(judged);
        const command = { type: 'AddSymbols', symbols: known, group, notes, at: now() } as const;
        const outcome = await lists.execute(stream, command, metadata);
        if (!outcome.ok) return outcome;
        const { events, state, logPosition } = outcome.value;
        const named = (type: WatchlistEvent['type']) =>
          events.flatMap(({ event }) => (event.type === type ? [event.data.symbol] : []));
        const added = named('SymbolAdded');
        const full = known.filter((symbol) => !state.has(symbol));
        return accepted({
          added,
          already_there: known.filter((symbol) => state.has(symbol) && !added.includes(symbol)),
          joined: named('SymbolUpdated'),
          made_up: [
            ...new Set(
              judged.flatMap((one) => ('madeUp' in one && one.madeUp ? [one.ticker] : [])),
            ),
          ],
          refused: [...refusedOf(judged), ...full.map(whole)],
          log_position: events.length === 0 ? null : `${logPosition}`,
        });
      },
      RemoveSymbols: async ({ symbols }, { metadata }) => {
        const judged = [...new Set(symbols)].map(tickerOf);
        const known = tickersOf(judged);
        const command = { type: 'RemoveSymbols', symbols: known, at: now() } as const;
        const outcome = await lists.execute(stream, command, metadata);
        if (!outcome.ok) return outcome;
        const { events, logPosition } = outcome.value;
        const removed = events.map(({ event }) => event.data.symbol);
        return accepted({
          removed,
          not_there: known.filter((symbol) => !removed.includes(symbol)),
          refused: refusedOf(judged),
          log_position: events.length === 0 ? null : `${logPosition}`,
        });
      },
      UpdateSymbol: async ({ symbol, group, leave_group, notes }, { metadata }) => {
        const command = {
          type: 'UpdateSymbol',
          symbol,
          join: group,
          leave: leave_group,
          notes: notes === '' ? null : notes,
          at: now(),
        } as const;
        const outcome = await lists.execute(stream, command, metadata);
        if (!outcome.ok) return outcome;
        const { events, state, logPosition } = outcome.value;
        const { groups, notes: kept, addedAt } = state.get(symbol) as WatchlistEntry;
        return accepted({
          entry: { symbol, groups: [...groups], notes: kept, added_at: addedAt },
          changed: events.length > 0,
          log_position: events.length === 0 ? null : `${logPosition}`,
        });
      },
    },
  };
};
