import type { BarSeries } from '@sentinel/contracts/market';

/** Fewer common returns than this say nothing about how two symbols move together. */
const leastReturns = 20;

/** Log returns by the bar that ends them, so that two symbols are compared on the same days. */
const returnsByBar = ({ start, close }: BarSeries): ReadonlyMap<number, number> => {
  const returns = new Map<number, number>();
  for (let i = 1; i < close.length; i++) {
    returns.set(start[i] as number, Math.log((close[i] as number) / (close[i - 1] as number)));
  }
  return returns;
};

const measured = (a: BarSeries, b: BarSeries): number | null => {
  const others = returnsByBar(b);
  const pairs = [...returnsByBar(a)].flatMap(([bar, x]) => {
    const y = others.get(bar);
    return y === undefined ? [] : [{ x, y }];
  });
  if (pairs.length < leastReturns) return null;
  const meanX = pairs.reduce((sum, { x }) => sum + x, 0) / pairs.length;
  const meanY = pairs.reduce((sum, { y }) => sum + y, 0) / pairs.length;
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (const { x, y } of pairs) {
    xy += (x - meanX) * (y - meanY);
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
  }
  if (xx === 0 || yy === 0) return null;
  return Math.round(Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) * 10_000);
};

const known = new WeakMap<BarSeries, WeakMap<BarSeries, number | null>>();

/**
 * Pearson's correlation of log returns over the bars that both series have, in basis points from
 * -10,000 to 10,000. Null with fewer than 20 returns in common, or when either never moved.
 * It is reckoned once for the same two series: every order asks for it against each symbol that is held.
 */
export const correlationBps = (a: BarSeries, b: BarSeries): number | null => {
  const others = known.get(a) ?? new WeakMap<BarSeries, number | null>();
  known.set(a, others);
  const found = others.get(b);
  if (found !== undefined) return found;
  const bps = measured(a, b);
  others.set(b, bps);
  return bps;
};
