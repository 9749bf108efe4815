import { divide, exchangeDate, type Price } from '@sentinel/contracts/kernel';
import type { Ticker, Trade } from '@sentinel/contracts/market';
import { type History, historyBar } from './history.ts';
import type { Library } from './library.ts';
import { pathPrice } from './price-path.ts';
import { countUpTo } from './sessions.ts';

/** Splits of a symbol that came into force after the day of `tradedMs` and by that of `ms`, as one. */
const splitSince = (
  symbol: Ticker,
  { dividends }: Library,
  { tradedMs, ms }: { readonly tradedMs: number; readonly ms: number },
) => {
  const [from, to] = [tradedMs, ms].map((each) =>
    exchangeDate(Temporal.Instant.fromEpochMilliseconds(each)),
  );
  let [newShares, oldShares] = [1n, 1n];
  for (const [date, actions] of dividends) {
    if (from === undefined || to === undefined || date <= from || date > to) continue;
    for (const { symbol: of, split } of actions) {
      if (of !== symbol || split === null) continue;
      newShares *= BigInt(split.newShares);
      oldShares *= BigInt(split.oldShares);
    }
  }
  return { newShares, oldShares };
};

/** The last price of the path at `ms`, in the shares of then. */
export const lastTradeAt = (history: History, library: Library, ms: number): Trade | undefined => {
  const index = countUpTo(history.start.length, (i) => history.start[i] ?? 0, ms) - 1;
  if (index < 0) return undefined;
  const bar = historyBar(history, index);
  const tradedMs = Math.min(ms, bar.end);
  const { symbol } = history;
  const micros = BigInt(ms < bar.end ? pathPrice(bar, ms) : bar.close);
  const { newShares, oldShares } = splitSince(symbol, library, { tradedMs, ms });
  const price = divide(micros * oldShares, newShares, 'half-even') as Price;
  return { symbol, price, at: Temporal.Instant.fromEpochMilliseconds(tradedMs) };
};
