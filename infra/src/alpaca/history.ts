import { boundedCache } from '@sentinel/contracts/kernel';
import { exchangeDays, type Ticker } from '@sentinel/contracts/market';
import type { Rest } from './rest.ts';
import { lastAt, type Timed } from './tape.ts';
import type { QuoteTick, TradeTick } from './ticks.ts';

const minuteMs = 60_000;
/** After its end a minute is whole, with what came late. */
const settledMs = 5_000;
/** Minutes of single symbols that are kept: a busy one holds some ten thousand quotes. */
const mostMinutes = 64;
const dayMs = 86_400_000;
/** How far back the last trade before a minute is looked for. */
const oldestTradeMs = 400 * dayMs;

/** What stood at moments that no stream was heard of, asked for by the minute. */
export type PastMoments = {
  readonly quote: (symbol: Ticker, atMs: number) => Promise<QuoteTick | undefined>;
  readonly trade: (symbol: Ticker, atMs: number) => Promise<TradeTick | undefined>;
};

export const pastMoments = (rest: Rest, nowMs: () => number): PastMoments => {
  const byMinute = <Item extends Timed>(ask: {
    readonly before: (symbol: Ticker, minute: number) => Promise<Item | undefined>;
    readonly within: (symbol: Ticker, minute: number) => Promise<readonly Item[]>;
  }) => {
    const cache = boundedCache<string, Promise<readonly Item[]>>(mostMinutes);
    const asked = async (symbol: Ticker, minute: number): Promise<readonly Item[]> => {
      const [before, within] = await Promise.all([
        ask.before(symbol, minute),
        ask.within(symbol, minute),
      ]);
      return before === undefined ? within : [before, ...within];
    };
    return async (symbol: Ticker, atMs: number): Promise<Item | undefined> => {
      const minute = Math.floor(atMs / minuteMs) * minuteMs;
      if (minute + minuteMs + settledMs > nowMs()) return lastAt(await asked(symbol, minute), atMs);
      const key = `${symbol} ${minute}`;
      const known = cache.get(key);
      if (known !== undefined) return lastAt(await known, atMs);
      const items = await asked(symbol, minute);
      cache.set(key, Promise.resolve(items));
      return lastAt(items, atMs);
    };
  };
  return {
    quote: byMinute({
      before: (symbol, minute) =>
        rest.quoteBefore(symbol, exchangeDays.startOf(exchangeDays.at(minute)), minute),
      within: (symbol, minute) => rest.quotes(symbol, minute, minute + minuteMs),
    }),
    trade: byMinute({
      before: (symbol, minute) => rest.tradeBefore(symbol, minute - oldestTradeMs, minute),
      within: (symbol, minute) => rest.trades(symbol, minute, minute + minuteMs),
    }),
  };
};
