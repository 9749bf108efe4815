import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, encodeBy, isBefore } from '@sentinel/contracts/kernel';
import {
  type MarketData,
  marketBarSchema,
  quoteSchema,
  type Ticker,
  type Timeframe,
} from '@sentinel/contracts/market';
import { ifAvailable, marketBars } from '../../market/index.ts';
import type { StoredSession } from '../replay/stored-session.ts';
import type { StoredSight } from './what-if-task.ts';

/** So many moments of one symbol, and symbols, are asked for at the most. */
const mostMoments = 400;
const mostSymbols = 10;
const minute = { minutes: 1 } as const;

type Wanted = {
  readonly bars: Timeframe | undefined;
  readonly endsAt: Temporal.Instant;
  /** When each symbol's first order was denied. */
  readonly since: ReadonlyMap<Ticker, Temporal.Instant>;
};

const wantedOf = ({ events }: StoredSession, market: MarketData): Wanted | undefined => {
  const [first] = events;
  const opened = first && decodeEvent(sessionEvents, first);
  if (opened?.type !== 'SessionOpened') return undefined;
  const since = new Map<Ticker, Temporal.Instant>();
  for (const stored of events) {
    if (stored.type !== 'OrderDenied') continue;
    const { data } = decodeEvent(sessionEvents, stored);
    if (!('intent' in data) || since.size === mostSymbols) continue;
    if (!since.has(data.intent.symbol)) since.set(data.intent.symbol, data.at);
  }
  const now = market.now();
  const end = opened.data.endsAt ?? now;
  return { bars: opened.data.venue.bars, endsAt: isBefore(now, end) ? now : end, since };
};

const quotesOf = async (
  market: MarketData,
  symbol: Ticker,
  { from, to }: { readonly from: Temporal.Instant; readonly to: Temporal.Instant },
) => {
  const quotes: { readonly at: number; readonly sight: StoredSight }[] = [];
  let at = from.add(minute);
  for (let n = 0; n < mostMoments && isBefore(at, to); n++, at = at.add(minute)) {
    const quote = await ifAvailable(market.freeze(at).quote(symbol));
    if (quote !== undefined)
      quotes.push({
        at: quote.at.epochMilliseconds,
        sight: { quote: encodeBy(quoteSchema, quote) as object },
      });
  }
  return quotes;
};

/**
 * What the market showed in a session after the first denial in each symbol, from the provider to which the
 * log is bound: quotes by the minute, or the bars that this session's orders met. What it cannot show again
 * is left out.
 */
export const shownAgain = async (
  session: StoredSession,
  market: MarketData,
): Promise<readonly StoredSight[]> => {
  const wanted = wantedOf(session, market);
  if (wanted === undefined) return [];
  const { bars: timeframe, endsAt, since } = wanted;
  const shown: { readonly at: number; readonly sight: StoredSight }[] = [];
  for (const [symbol, from] of since) {
    if (timeframe === undefined) {
      shown.push(...(await quotesOf(market, symbol, { from, to: endsAt })));
      continue;
    }
    const request = { timeframe, limit: mostMoments, asOf: endsAt };
    const series = await ifAvailable(market.bars(symbol, request));
    for (const bar of series === undefined ? [] : marketBars(series, { from: 0, market }))
      if (!isBefore(bar.start, from))
        shown.push({
          at: bar.end.epochMilliseconds,
          sight: { bar: encodeBy(marketBarSchema, bar) as object },
        });
  }
  return shown.sort((a, b) => a.at - b.at).map(({ sight }) => sight);
};
