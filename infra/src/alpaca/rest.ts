import { setTimeout as pauseFor } from 'node:timers/promises';
import { marketData } from '@alpacahq/alpaca-trade-api';
import type { Ticker } from '@sentinel/contracts/market';
import { type Pause, questionsOf } from './asking.ts';
import { timeMs } from './figures.ts';
import type { AlpacaFeed, AlpacaSettings } from './settings.ts';
import { type QuoteTick, quoteTick, type TradeTick, tradeTick } from './ticks.ts';

/** A bar as Alpaca sends it; figures are exact as texts. */
export type RawBar = {
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};

export type BarsWanted = {
  readonly timeframe: '1Min' | '5Min' | '15Min' | '1Day';
  readonly fromMs: number;
  readonly toMs: number;
  /** Raw prices, or all in the shares of today. */
  readonly adjustment: 'raw' | 'split';
  readonly newestFirst: boolean;
};

const pageRows = 10_000;
/** What a plan without a subscription allows. */
const requestsPerMinute = 200;

export type RestOptions = {
  readonly pause?: Pause;
  /** Alpaca's plans allow 200 and more. */
  readonly requestsPerMinute?: number;
};

type Asking = ReturnType<typeof questionsOf> & {
  readonly span: (
    fromMs: number,
    toMs: number,
  ) => {
    readonly start: Date;
    readonly end: Date;
    readonly limit: number;
    readonly feed: AlpacaFeed;
  };
  readonly feed: AlpacaFeed;
};

/** Quotes and trades, the newest or those of a span. */
const ticksOf = (stocks: marketData.StockApi, { askOf, pages, span, feed }: Asking) => ({
  /** The newest quote of each symbol that has one. */
  latestQuotes: async (symbols: readonly Ticker[]): Promise<ReadonlyMap<string, QuoteTick>> => {
    const answer = await askOf('quotes', () =>
      stocks.stockLatestQuotes({ symbols: symbols.join(','), feed }),
    );
    const quotes = Object.entries(answer?.quotes ?? {});
    return new Map(quotes.map(([symbol, quote]) => [symbol, quoteTick(quote)]));
  },

  latestTrades: async (symbols: readonly Ticker[]): Promise<ReadonlyMap<string, TradeTick>> => {
    const answer = await askOf('trades', () =>
      stocks.stockLatestTrades({ symbols: symbols.join(','), feed }),
    );
    const trades = Object.entries(answer?.trades ?? {});
    return new Map(trades.map(([symbol, trade]) => [symbol, tradeTick(trade)]));
  },

  quotes: async (symbol: Ticker, fromMs: number, toMs: number): Promise<readonly QuoteTick[]> => {
    const request = { ...span(fromMs, toMs), symbols: symbol, sort: marketData.Sort.Asc };
    const all: QuoteTick[] = [];
    for await (const { quotes } of pages(`quotes of ${symbol}`, (token) =>
      stocks.stockQuotes({ ...request, ...token }),
    ))
      all.push(...(quotes?.[symbol] ?? []).map(quoteTick));
    return all;
  },

  trades: async (symbol: Ticker, fromMs: number, toMs: number): Promise<readonly TradeTick[]> => {
    const request = { ...span(fromMs, toMs), symbols: symbol, sort: marketData.Sort.Asc };
    const all: TradeTick[] = [];
    for await (const { trades } of pages(`trades of ${symbol}`, (token) =>
      stocks.stockTrades({ ...request, ...token }),
    ))
      all.push(...(trades?.[symbol] ?? []).map(tradeTick));
    return all;
  },

  /** The last quote or trade at or before a time and not before another; undefined where there is none. */
  quoteBefore: async (symbol: Ticker, fromMs: number, toMs: number) => {
    const request = { ...span(fromMs, toMs), limit: 1, sort: marketData.Sort.Desc };
    const answer = await askOf(`quotes of ${symbol}`, () =>
      stocks.stockQuotes({ ...request, symbols: symbol }),
    );
    const quote = answer?.quotes?.[symbol]?.[0];
    return quote && quoteTick(quote);
  },

  tradeBefore: async (symbol: Ticker, fromMs: number, toMs: number) => {
    const request = { ...span(fromMs, toMs), limit: 1, sort: marketData.Sort.Desc };
    const answer = await askOf(`trades of ${symbol}`, () =>
      stocks.stockTrades({ ...request, symbols: symbol }),
    );
    const trade = answer?.trades?.[symbol]?.[0];
    return trade && tradeTick(trade);
  },
});

/** What Alpaca answers when it is asked, page by page, in the words of this room. */
export type Rest = ReturnType<typeof openRest>;

export const openRest = (settings: AlpacaSettings, options: RestOptions = {}) => {
  const { keyId, secretKey: secret, feed, dataUrl } = settings;
  const configuration = new marketData.Configuration({
    keyId,
    secret,
    timeoutMs: 15_000,
    retry: { maxRetries: 2, retryableStatuses: [408, 425, 500, 502, 503, 504] },
    rateLimit: {
      maxRequests: options.requestsPerMinute ?? requestsPerMinute,
      intervalMs: 60_000,
    },
    ...(dataUrl !== undefined && { basePath: dataUrl.replace(/\/+$/, '') }),
  });
  const stocks = new marketData.StockApi(configuration);
  const actions = new marketData.CorporateActionsApi(configuration);
  const asking = questionsOf(options.pause ?? (async (ms) => void (await pauseFor(ms))));
  const { pages } = asking;

  const span = (fromMs: number, toMs: number) => ({
    start: new Date(fromMs),
    end: new Date(toMs),
    limit: pageRows,
    feed,
  });

  return {
    bars: async function* (symbol: Ticker, wanted: BarsWanted): AsyncGenerator<readonly RawBar[]> {
      const request = {
        ...span(wanted.fromMs, wanted.toMs),
        symbols: symbol,
        timeframe: wanted.timeframe,
        adjustment: wanted.adjustment,
        sort: wanted.newestFirst ? marketData.Sort.Desc : marketData.Sort.Asc,
      };
      const what = `bars of ${symbol}`;
      for await (const { bars } of pages(what, (token) =>
        stocks.stockBars({ ...request, ...token }),
      ))
        yield (bars?.[symbol] ?? []).map(({ t, o, h, l, c, v }) => ({
          ...{ startMs: timeMs(t), open: o, high: h, low: l, close: c, volume: v },
        }));
    },

    ...ticksOf(stocks, { ...asking, span, feed }),

    corporateActions: async (of: {
      readonly symbols?: string;
      readonly from: string;
      readonly to: string;
    }) => {
      const request = {
        ...(of.symbols !== undefined && { symbols: of.symbols }),
        types: 'forward_split,reverse_split,cash_dividend',
        start: new Date(of.from),
        end: new Date(of.to),
        limit: 1_000,
      };
      const all = [];
      for await (const { corporateActions } of pages('corporate actions', (token) =>
        actions.corporateActions({ ...request, ...token }),
      ))
        all.push(corporateActions);
      return all;
    },
  };
};
