import type { Handlers } from '@sentinel/contracts';
import { accepted, refused } from '@sentinel/contracts/kernel';
import { type MarketData, type Ticker, tickerArgument } from '@sentinel/contracts/market';
import { inParallel } from '../kernel/index.ts';
import { replayEnded } from './replay-ended.ts';
import { unknownSymbol } from './unknown-symbol.ts';
import { columnsOf, shortQuote, viewOfBars, viewOfQuote } from './views.ts';

const requestsAtOnce = 8;
const shownCharacters = 20;

/** When a session opens next; null where the market never closes, or none is to come. */
const nextOpening = (market: MarketData, now: Temporal.Instant): Temporal.Instant | null => {
  const isAhead = (opensAt: Temporal.Instant | null) =>
    opensAt !== null && Temporal.Instant.compare(opensAt, now) > 0;
  const { opensAt, closesAt } = market.session(now);
  if (isAhead(opensAt) || closesAt === null) return opensAt;
  const after = market.session(closesAt).opensAt;
  return isAhead(after) ? after : null;
};

/** Each text is a ticker, or no ticker: one that is none does not refuse the others. */
const judged = (symbols: readonly string[]) => {
  const read = symbols.map((given) => ({ given, ticker: tickerArgument.safeParse(given).data }));
  return {
    asked: [...new Set(read.flatMap(({ ticker }) => ticker ?? []))],
    bad: new Set(
      read.flatMap(({ given, ticker }) =>
        ticker === undefined ? [given.slice(0, shownCharacters)] : [],
      ),
    ),
  };
};

/** Questions about the market. An outage of the provider is thrown as MarketDataUnavailable. */
export const marketHandlers = ({
  market,
}: {
  readonly market: MarketData;
}): Handlers<'GetQuote' | 'GetSnapshot' | 'GetBars' | 'GetMarketHealth'> => {
  const { source } = market;

  const snapshotOf = async (symbol: Ticker) => {
    const frozen = market.freeze();
    const quote = await frozen.quote(symbol);
    if (quote === undefined) return { symbol, snapshot: undefined };
    const bars = await frozen.bars(symbol, { timeframe: '1Day', limit: 1 });
    const [dayBar] = viewOfBars(bars);
    const view = shortQuote(viewOfQuote(quote, frozen.now(), await frozen.instrument(symbol)));
    return { symbol, snapshot: { symbol, quote: view, day_bar: dayBar ?? null } };
  };

  return {
    GetQuote: async ({ symbol }) => {
      const instrument = await market.instrument(symbol);
      if (instrument === undefined) return unknownSymbol(source, symbol);
      const frozen = market.freeze();
      const quote = await frozen.quote(symbol);
      if (quote !== undefined) return accepted(viewOfQuote(quote, frozen.now(), instrument));
      const { state } = frozen.session(frozen.now());
      const ended = replayEnded(frozen);
      if (ended !== undefined) return ended;
      return refused(
        'NO_QUOTE',
        `The ${source} market has no quote of ${symbol} now; its session is ${state}.`,
        'Ask again while the session is open (market.health), or look at market.bars.',
      );
    },

    GetSnapshot: async ({ symbols }, { signal }) => {
      const { asked, bad } = judged(symbols);
      const found = await inParallel(asked, snapshotOf, { width: requestsAtOnce, signal });
      return accepted({
        snapshots: found.flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot])),
        unknown: [
          ...found.flatMap(({ symbol, snapshot }) => (snapshot === undefined ? [symbol] : [])),
          ...bad,
        ],
        source,
      });
    },

    GetBars: async ({ symbol, timeframe, limit, start, end }) => {
      if (start !== undefined && end !== undefined && Temporal.Instant.compare(start, end) > 0)
        return refused(
          'INVALID_ARGUMENT',
          'The start is after the end.',
          'Give a start before the end.',
        );
      if ((await market.instrument(symbol)) === undefined) return unknownSymbol(source, symbol);
      const bars = await market.bars(symbol, {
        timeframe,
        limit,
        ...(end !== undefined && { asOf: end }),
      });
      const from = start?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
      const views = viewOfBars(bars).filter((bar) => bar.start.epochMilliseconds >= from);
      return accepted({ symbol, timeframe, bars: columnsOf(views), source });
    },

    GetMarketHealth: async () => {
      const { connected, lagMs, detail } = await market.health();
      const now = market.now();
      const { state, date, opensAt, closesAt, calendar } = market.session(now);
      return accepted({
        source,
        connected,
        lag_ms: Math.round(lagMs),
        detail,
        market_time: now,
        session: {
          state,
          date,
          opens_at: opensAt,
          closes_at: closesAt,
          next_opens_at: nextOpening(market, now),
          calendar,
        },
      });
    },
  };
};
