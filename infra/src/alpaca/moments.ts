import type { Ticker } from '@sentinel/contracts/market';
import type { Heard } from './heard.ts';
import { pastMoments } from './history.ts';
import type { Rest } from './rest.ts';
import type { Stream } from './stream.ts';
import type { Tape, Timed } from './tape.ts';
import type { QuoteTick, TradeTick } from './ticks.ts';

/** What stands in a symbol at one moment. */
export type Moment = {
  readonly heard: Heard;
  readonly quote: QuoteTick | undefined;
  readonly trade: TradeTick | undefined;
};

/** Moments of symbols from what the stream says, with questions for what it cannot know. */
export const heardMoments = (from: {
  readonly rest: Rest;
  readonly stream: Stream;
  readonly quietMs: number;
  readonly nowMs: () => number;
  readonly sees: (atMs: number) => boolean;
}) => {
  const { rest, stream, quietMs, nowMs, sees } = from;
  const past = pastMoments(rest, nowMs);

  const isCurrent = (heard: Heard, atMs: number): boolean => {
    if (atMs - heard.checkedMs <= quietMs && atMs >= heard.checkedMs) return true;
    if (!heard.quotes.covers(atMs) || !heard.trades.covers(atMs)) return false;
    const quote = heard.quotes.at(atMs);
    return (
      quote !== undefined && atMs - quote.atMs <= quietMs && heard.trades.at(atMs) !== undefined
    );
  };

  const isNewer = <Item extends Timed>(item: Item, tape: Tape<Item>): boolean =>
    sees(item.atMs) && item.atMs > (tape.newest()?.atMs ?? Number.NEGATIVE_INFINITY);

  const known = new Set<Ticker>();
  /** A symbol without a trade is none that could be listened to. */
  const isKnown = async (symbol: Ticker): Promise<boolean> => {
    if (!known.has(symbol) && (await rest.latestTrades([symbol])).has(symbol)) known.add(symbol);
    return known.has(symbol);
  };

  let asking: Promise<void> | undefined;
  /** Asks for the newest quote and trade of all symbols that need it, in one question each. */
  const refresh = async (): Promise<void> => {
    const atMs = nowMs();
    const quiet = stream.followed().filter((heard) => !isCurrent(heard, atMs));
    const symbols = quiet.map(({ symbol }) => symbol);
    if (symbols.length === 0) return;
    const [quotes, trades] = await Promise.all([
      rest.latestQuotes(symbols),
      rest.latestTrades(symbols),
    ]);
    for (const heard of quiet) {
      const [quote, trade] = [quotes.get(heard.symbol), trades.get(heard.symbol)];
      if (quote !== undefined && isNewer(quote, heard.quotes)) heard.quotes.add(quote);
      if (trade !== undefined && isNewer(trade, heard.trades)) heard.trades.add(trade);
      heard.checkedMs = atMs;
    }
  };

  /** What stood at a moment: as it was heard, as it is told now, or as it is told of the past. */
  const momentOf = async (symbol: Ticker, atMs: number): Promise<Moment | undefined> => {
    if (!(await isKnown(symbol))) return undefined;
    const heard = stream.follow(symbol);
    const standing = () => ({
      ...{ heard, quote: heard.quotes.at(atMs), trade: heard.trades.at(atMs) },
    });
    for (let round = 0; round < 2 && !isCurrent(heard, atMs); round++) {
      if (atMs < nowMs() - quietMs) break;
      // A question that is under way may be without this symbol: then another follows it.
      asking ??= refresh().finally(() => {
        asking = undefined;
      });
      await asking;
    }
    if (isCurrent(heard, atMs) || (heard.quotes.covers(atMs) && heard.quotes.at(atMs)))
      return standing();
    const [quote, trade] = await Promise.all([past.quote(symbol, atMs), past.trade(symbol, atMs)]);
    return { heard, quote, trade };
  };

  return { momentOf, isKnown };
};
