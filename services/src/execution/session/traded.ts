import type { Execution } from '@sentinel/contracts/execution';
import { type Quantity, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Side } from '@sentinel/contracts/risk';
import type { VersionedMap } from '../../kernel/index.ts';

/** The n-th execution of the session in a symbol on a side, with all that were before it. */
type Traded = {
  readonly n: number;
  /** Market time in epoch milliseconds; it never decreases, though a late fill may be older. */
  readonly atMs: number;
  readonly total: Quantity;
  /** Of `total`, what was traded before the whole second of `atMs`. */
  readonly beforeSecond: Quantity;
};

const secondMs = 1_000;
/** The whole second that a moment lies in, as its first millisecond. */
export const secondOf = (ms: number): number => Math.floor(ms / secondMs) * secondMs;

/** By symbol and side the newest, and with its number each: what was traded since is two looks away. */
export type TradedLog = VersionedMap<string, Traded>;

const keyOf = (symbol: Ticker, side: Side): string =>
  `${symbol}|${side === 'buy' ? 'buy' : 'sell'}`;

export const withTraded = (
  log: TradedLog,
  { symbol, side, lastQuantity, at }: Execution,
): TradedLog => {
  const key = keyOf(symbol, side);
  const before = log.get(key);
  const atMs = Math.max(at.epochMilliseconds, before?.atMs ?? Number.NEGATIVE_INFINITY);
  const totalBefore = before?.total ?? quantity.zero;
  const traded = {
    n: (before?.n ?? 0) + 1,
    atMs,
    total: quantity.add(totalBefore, lastQuantity),
    beforeSecond:
      before !== undefined && secondOf(before.atMs) === secondOf(atMs)
        ? before.beforeSecond
        : totalBefore,
  };
  return log.with(key, traded).with(`${key}|${traded.n}`, traded);
};

/**
 * Shares traded in a symbol on a side from `sinceMs` on: at once where that is the second of the newest
 * execution, as it mostly is, else by bisection over their times.
 */
export const tradedSince = (
  log: TradedLog,
  { symbol, side }: { readonly symbol: Ticker; readonly side: Side },
  sinceMs: number,
): Quantity => {
  const key = keyOf(symbol, side);
  const newest = log.get(key);
  if (newest === undefined || newest.atMs < sinceMs) return quantity.zero;
  if (secondOf(newest.atMs) === sinceMs)
    return quantity.subtract(newest.total, newest.beforeSecond);
  let low = 0;
  let high = newest.n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((log.get(`${key}|${middle + 1}`)?.atMs ?? 0) >= sinceMs) high = middle;
    else low = middle + 1;
  }
  return quantity.subtract(newest.total, log.get(`${key}|${low}`)?.total ?? quantity.zero);
};
