import { divide, type Price, price, type TradingDate } from '@sentinel/contracts/kernel';
import type { BarSeries, CorporateAction } from '@sentinel/contracts/market';
import { markAfter, splitMark } from '../portfolio/index.ts';
import type { TestedSymbol } from './setup.ts';

type Split = NonNullable<CorporateAction['split']>;

/** Those that were still to come on a day. */
const splitsAfter = ({ actions }: TestedSymbol, date: TradingDate): readonly Split[] =>
  actions.flatMap(({ exDate, split }) => (exDate > date && split !== null ? [split] : []));

/** A split undone: what was worth a new share is worth so much of an old one. */
const undone = ({ newShares, oldShares }: Split): Split => ({
  newShares: oldShares,
  oldShares: newShares,
});

/** Bars in the shares from before splits: each price to the millionth of a dollar, rounded once. */
const before = (bars: BarSeries, splits: readonly Split[]): BarSeries => {
  const fresh = splits.reduce((product, { newShares }) => product * BigInt(newShares), 1n);
  const old = splits.reduce((product, { oldShares }) => product * BigInt(oldShares), 1n);
  const inOldShares = (column: Float64Array) =>
    column.map((each) =>
      price.toFloat(divide(price.fromFloat(each) * fresh, old, 'half-even') as Price),
    );
  const { open, high, low, close, volume } = bars;
  return {
    ...bars,
    ...{ open: inOldShares(open), high: inOldShares(high), low: inOldShares(low) },
    close: inOldShares(close),
    volume: volume.map((shares) => Math.round((shares * Number(old)) / Number(fresh))),
  };
};

/** By the symbol, for so many splits that are still to come. */
const kept = new WeakMap<TestedSymbol, Map<number, TestedSymbol>>();

/**
 * A symbol as it was known on a day: every bar, of that day and of those before it, in the shares of that
 * day. What an account holds, its orders and the prices that a strategy looks back at are so of one kind.
 */
export const inSharesOf = (tested: TestedSymbol, date: TradingDate): TestedSymbol => {
  const splits = splitsAfter(tested, date);
  if (splits.length === 0) return tested;
  const known = kept.get(tested) ?? new Map<number, TestedSymbol>();
  kept.set(tested, known);
  const found = known.get(splits.length);
  if (found !== undefined) return found;
  const bars = before(tested.bars, splits);
  const daily = tested.daily === tested.bars ? bars : before(tested.daily, splits);
  const shown = { ...tested, bars, daily };
  known.set(splits.length, shown);
  return shown;
};

/** What a day knows: bars in its shares, and none of the actions that were still to come. */
export const knownOn = (tested: TestedSymbol, date: TradingDate): TestedSymbol => ({
  ...inSharesOf(tested, date),
  actions: tested.actions.filter(({ exDate }) => exDate <= date),
});

/** A price of a day, told in the shares of a later one, without what was paid on them in between. */
export const lessPaid = (
  last: Price,
  { actions }: TestedSymbol,
  { after, upTo }: { readonly after: TradingDate; readonly upTo: TradingDate },
): Price => {
  const since = actions.filter(({ exDate }) => exDate > after && exDate <= upTo);
  // Back into the shares of its own day, since payments are told in those of theirs.
  const then = since.reduceRight(
    (each, { split }) => (split === null ? each : splitMark(each, undone(split))),
    last,
  );
  return since.some(({ dividend }) => dividend !== null) ? since.reduce(markAfter, then) : last;
};

/** Dividends with an ex-date after one day and up to another, per share of the bars as they are told. */
export const paidBetween = (
  tested: TestedSymbol,
  { after, upTo }: { readonly after: TradingDate; readonly upTo: TradingDate },
): number =>
  tested.actions.reduce((sum, { exDate, dividend }) => {
    if (dividend === null || exDate <= after || exDate > upTo) return sum;
    const shares = splitsAfter(tested, exDate).reduce(
      (each, { newShares, oldShares }) => (each * newShares) / oldShares,
      1,
    );
    return sum + price.toFloat(dividend) / shares;
  }, 0);
