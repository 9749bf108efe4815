import { divide, exchangeDate, type Price, type TradingDate } from '@sentinel/contracts/kernel';
import type { CorporateAction, Ticker, Trade } from '@sentinel/contracts/market';
import { type History, historyBar } from './history.ts';
import type { Library } from './library.ts';
import { pathPrice } from './price-path.ts';
import { countUpTo } from './sessions.ts';

const dateAt = (ms: number): TradingDate =>
  exchangeDate(Temporal.Instant.fromEpochMilliseconds(ms));

/** The date of the session around `ms`, of that which ends then, or of the next one in the hours between. */
const sessionDateAt = ({ sessions }: Library, ms: number): TradingDate => {
  const ended = countUpTo(sessions.length, (i) => sessions[i]?.closeMs ?? 0, ms - 1);
  return sessions[ended]?.date ?? dateAt(ms);
};

/** What happened to a symbol after the day of `tradedMs`, and counts for the session of `ms`, in order. */
const actionsSince = (
  symbol: Ticker,
  library: Library,
  { tradedMs, ms }: { readonly tradedMs: number; readonly ms: number },
): readonly CorporateAction[] => {
  const [from, to] = [dateAt(tradedMs), sessionDateAt(library, ms)];
  return [...library.dividends]
    .filter(([date]) => date > from && date <= to)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, actions]) => actions.filter((action) => action.symbol === symbol));
};

/** A price in the shares after an action, without what was paid on them: never nothing. */
const priceAfter = (micros: bigint, { split, dividend }: CorporateAction): bigint => {
  const inNewShares =
    split === null
      ? micros
      : divide(micros * BigInt(split.oldShares), BigInt(split.newShares), 'half-even');
  const left = inNewShares - (dividend ?? 0n);
  return left > 0n ? left : 1n;
};

/** The last price of the path at `ms`, as what has happened to the shares since leaves it. */
export const lastTradeAt = (history: History, library: Library, ms: number): Trade | undefined => {
  const index = countUpTo(history.start.length, (i) => history.start[i] ?? 0, ms) - 1;
  if (index < 0) return undefined;
  const bar = historyBar(history, index);
  const tradedMs = Math.min(ms, bar.end);
  const { symbol } = history;
  const micros = BigInt(ms < bar.end ? pathPrice(bar, ms) : bar.close);
  const price = actionsSince(symbol, library, { tradedMs, ms }).reduce(priceAfter, micros) as Price;
  return { symbol, price, at: Temporal.Instant.fromEpochMilliseconds(tradedMs) };
};
