import type { Handlers } from '@sentinel/contracts';
import { accepted, type EventStore, type NewId, streamName } from '@sentinel/contracts/kernel';
import { type MarketData, type Ticker, tickerArgument } from '@sentinel/contracts/market';
import { watchlistEvents } from '@sentinel/contracts/watchlist';
import { aggregate, inParallel } from '../kernel/index.ts';
import { unknownSymbol } from '../market/index.ts';
import {
  type WatchlistCommand,
  type WatchlistState,
  watchlistCapacity,
  watchlistDecider,
} from './decider.ts';

const stream = streamName('watchlist', 'default');
const requestsAtOnce = 8;
const shownCharacters = 20;

export type Watchlist = {
  /** Symbols as they stand; all groups when none is named. @throws what the event store throws */
  readonly symbols: (group?: string) => Promise<readonly Ticker[]>;
  readonly handlers: Handlers<'AddSymbols'>;
};

export type WatchlistOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly newId: NewId;
  /** Wall clock: a list is kept by people, whatever hour the market's replay is at. */
  readonly now: () => Temporal.Instant;
};

type Judged =
  | { readonly given: string; readonly ticker: Ticker }
  | { readonly given: string; readonly code: string; readonly reason: string };

/** Each text becomes a ticker that the market knows, or a reason why not. */
const judge = async (market: MarketData, given: string): Promise<Judged> => {
  const ticker = tickerArgument.safeParse(given.trim());
  if (!ticker.success) {
    const reason = ticker.error.issues[0]?.message ?? 'is not a ticker';
    return { given: given.slice(0, shownCharacters), code: 'INVALID_SYMBOL', reason };
  }
  if ((await market.instrument(ticker.data)) !== undefined) return { given, ticker: ticker.data };
  const { code, message } = unknownSymbol(market.source, ticker.data).refusal;
  return { given: ticker.data, code, reason: message };
};

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
    symbols: async (group) =>
      [...(await lists.refresh(stream)).state].flatMap(([symbol, entry]) =>
        group === undefined || entry.group === group ? [symbol] : [],
      ),
    handlers: {
      AddSymbols: async ({ symbols, group = null, notes = null }, { metadata, signal }) => {
        const judged = await inParallel([...new Set(symbols)], (given) => judge(market, given), {
          width: requestsAtOnce,
          signal,
        });
        const known = [...new Set(judged.flatMap((one) => ('ticker' in one ? [one.ticker] : [])))];
        const command: WatchlistCommand = {
          type: 'AddSymbols',
          symbols: known,
          group,
          notes,
          at: now(),
        };
        const outcome = await lists.execute(stream, command, metadata);
        if (!outcome.ok) return outcome;
        const { events, state, logPosition } = outcome.value;
        const added = events.map(({ event }) => event.data.symbol);
        const full = known.filter((symbol) => !state.has(symbol));
        return accepted({
          added,
          already_there: known.filter((symbol) => state.has(symbol) && !added.includes(symbol)),
          refused: [
            ...judged.flatMap((one) =>
              'ticker' in one ? [] : [{ symbol: one.given, code: one.code, reason: one.reason }],
            ),
            ...full.map((symbol) => ({
              symbol,
              code: 'WATCHLIST_FULL',
              reason: `The watchlist holds its ${watchlistCapacity} symbols.`,
            })),
          ],
          log_position: events.length === 0 ? null : `${logPosition}`,
        });
      },
    },
  };
};
