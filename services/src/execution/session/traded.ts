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
};

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
  const traded = {
    n: (before?.n ?? 0) + 1,
    atMs: Math.max(at.epochMilliseconds, before?.atMs ?? Number.NEGATIVE_INFINITY),
    total: quantity.add(before?.total ?? quantity.zero, lastQuantity),
  };
  return log.with(key, traded).with(`${key}|${traded.n}`, traded);
};

/** Shares traded in a symbol on a side from `sinceMs` on, by bisection over their times. */
export const tradedSince = (
  log: TradedLog,
  { symbol, side }: { readonly symbol: Ticker; readonly side: Side },
  sinceMs: number,
): Quantity => {
  const key = keyOf(symbol, side);
  const newest = log.get(key);
  if (newest === undefined) return quantity.zero;
  let low = 0;
  let high = newest.n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((log.get(`${key}|${middle + 1}`)?.atMs ?? 0) >= sinceMs) high = middle;
    else low = middle + 1;
  }
  return quantity.subtract(newest.total, log.get(`${key}|${low}`)?.total ?? quantity.zero);
};
