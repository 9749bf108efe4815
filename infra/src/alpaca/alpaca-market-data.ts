import type { Price } from '@sentinel/contracts/kernel';
import {
  type MarketData,
  MarketDataUnavailable,
  type MarketSession,
  type MarketSource,
  nyseCalendar,
  type Quote,
  type Trade,
} from '@sentinel/contracts/market';
import { barHorizon } from '../market-data/index.ts';
import { corporateActions, inSharesOf } from './actions.ts';
import { newestBars } from './bars.ts';
import { bandsAt, isHalted } from './heard.ts';
import { heardMoments, type Moment } from './moments.ts';
import { openRest, type RestOptions } from './rest.ts';
import type { AlpacaSettings } from './settings.ts';
import { openStream } from './stream.ts';

export type AlpacaOptions = RestOptions & {
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
  /** A quote older than this is asked after, in case the stream has missed something. Default 2 s. */
  readonly quietMs?: number;
  /** The first wait before a lost connection is made again. Default 1 s. */
  readonly reconnectMs?: number;
  /** How long to wait for the keys to be taken. Default 10 s. */
  readonly authenticationMs?: number;
};

/** How far ahead of ours Alpaca's clock may be: an event from later is none. */
const mostAheadMs = 5_000;
const usualAuthenticationMs = 10_000;

const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

const sessionAt = (ms: number): MarketSession => {
  const calendar = nyseCalendar();
  const open = calendar.sessionAt(ms);
  const session = open ?? calendar.nextSession(ms);
  return {
    state: open === undefined ? 'closed' : 'open',
    date: session.date,
    opensAt: instant(session.openMs),
    closesAt: instant(session.closeMs),
    calendar: calendar.name,
  };
};

/** The wall clock, or the newest event where Alpaca's is ahead. It never goes back. */
const marketClock = (now: () => Temporal.Instant) => {
  let latestMs = now().epochMilliseconds;
  const nowMs = (): number => {
    latestMs = Math.max(latestMs, now().epochMilliseconds);
    return latestMs;
  };
  return {
    nowMs,
    sees: (atMs: number): boolean => {
      if (atMs > now().epochMilliseconds + mostAheadMs) return false;
      latestMs = Math.max(latestMs, atMs);
      return true;
    },
  };
};

/** Quotes that are one-sided, locked or crossed are none to trade on. */
const quoteOf = (
  found: Moment,
  of: { readonly atMs: number; readonly source: MarketSource },
): Quote | undefined => {
  const { heard, quote, trade } = found;
  const prices = quote?.prices;
  if (quote === undefined || !prices || trade === undefined || prices.bid >= prices.ask)
    return undefined;
  const bands = bandsAt(heard, of.atMs);
  return {
    ...{ symbol: heard.symbol, ...prices, last: trade.price },
    ...{ at: instant(quote.atMs), source: of.source },
    ...(isHalted(heard, of.atMs) && { halted: true }),
    ...(bands !== undefined && { bands }),
  };
};

/**
 * The live market as Alpaca shows it on one feed: bars, and moments that nobody listened to, are asked
 * for; quotes, trades, halts and limit bands are heard. What cannot be had is MarketDataUnavailable, and
 * what is old keeps its time.
 * @throws MarketDataUnavailable when the keys are refused, or nobody answers in time
 */
export const alpacaMarketData = async (
  settings: AlpacaSettings,
  options: AlpacaOptions,
): Promise<MarketData> => {
  const source = `alpaca-${settings.feed}` as const;
  const quietMs = options.quietMs ?? 2_000;
  const { nowMs, sees } = marketClock(options.now);
  const rest = openRest(settings, options);
  const stream = openStream(settings, {
    ...{ nowMs, sees },
    ...(options.reconnectMs !== undefined && { reconnectMs: options.reconnectMs }),
  });
  const accepted = await stream.accepted(options.authenticationMs ?? usualAuthenticationMs);
  if (accepted !== true) {
    const problem = stream.problem();
    stream.close();
    throw new MarketDataUnavailable(
      accepted === false
        ? `Alpaca refuses the keys or the feed ${settings.feed}: check ALPACA_API_KEY_ID, ALPACA_API_SECRET_KEY and ALPACA_FEED.`
        : `Alpaca's stream cannot be reached${problem === undefined ? '' : ` (${problem})`}: check the network and ALPACA_STREAM_URL, and start again.`,
    );
  }

  const { momentOf, isKnown } = heardMoments({ rest, stream, quietMs, nowMs, sees });

  const marketAt = (clock: () => number): MarketData => ({
    source,
    now: () => instant(clock()),
    session: (at) => sessionAt(at.epochMilliseconds),
    instrument: async (symbol) =>
      (await isKnown(symbol)) ? { symbol, name: symbol, sector: null } : undefined,
    quote: async (symbol) => {
      const atMs = clock();
      if (sessionAt(atMs).state === 'closed') return undefined;
      const found = await momentOf(symbol, atMs);
      return found && quoteOf(found, { atMs, source });
    },
    lastTrade: async (symbol): Promise<Trade | undefined> => {
      const atMs = clock();
      const trade = (await momentOf(symbol, atMs))?.trade;
      if (trade === undefined) return undefined;
      const traded = { symbol, price: trade.price, atMs: trade.atMs };
      const each: Price = await inSharesOf(rest, traded, sessionAt(atMs).date);
      return { symbol, price: each, at: instant(trade.atMs) };
    },
    freeze: (at) => {
      const ms = Math.min(at?.epochMilliseconds ?? clock(), clock());
      return marketAt(() => ms);
    },
    bars: async (symbol, request) =>
      newestBars(rest, symbol, {
        ...{ timeframe: request.timeframe, limit: request.limit },
        horizonMs: barHorizon(request, clock()),
      }),
    corporateActions: async (wanted) => corporateActions(rest, wanted),
    health: async () => {
      const problem = stream.problem();
      return {
        connected: stream.isConnected(),
        lagMs: stream.lagMs(),
        detail: `Alpaca, feed ${settings.feed}: ${stream.isConnected() ? 'listening to' : 'not listening to'} ${stream.followed().length} symbols${problem === undefined ? '' : `; ${problem}`}`,
      };
    },
    close: async () => stream.close(),
  });
  return marketAt(nowMs);
};
