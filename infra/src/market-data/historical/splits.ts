import { exchangeDays, type Ticker } from '@sentinel/contracts/market';
import type { BarFile, FileBar } from './bar-file.ts';
import { badData, readCsv } from './csv.ts';
import { isDate } from './time-text.ts';
import { surprise } from './volatility.ts';

/** The name of the file that declares splits, beside the files of bars. */
export const splitsFile = 'splits.csv';

/** A split as declared: from the first bar on or after its day, `newShares` stand for `oldShares`. */
export type Split = {
  readonly line: number;
  readonly day: number;
  readonly newShares: number;
  readonly oldShares: number;
};

export type Splits = ReadonlyMap<string, readonly Split[]>;

const mostShares = 1_000;

/**
 * Reads declared splits: a table of `symbol`, `date` and `ratio`, new shares to old, such as 4:1. The
 * ratio 1:1 says that a price really moved as a split would move it. A symbol without bars refuses the
 * file, which says nothing of what it was meant for.
 * @throws MarketDataUnavailable with file and line
 */
export const readSplits = (text: string, tickers: ReadonlySet<string>): Splits => {
  const { columns, rows } = readCsv(splitsFile, text);
  for (const column of ['symbol', 'date', 'ratio'])
    if (!columns.has(column)) throw badData(splitsFile, 1, `the header names no column ${column}`);
  const splits = new Map<string, Split[]>();
  for (const { line, field } of rows) {
    const [symbol, date, ratio] = [field('symbol').toUpperCase(), field('date'), field('ratio')];
    if (!tickers.has(symbol))
      throw badData(
        splitsFile,
        line,
        `"${symbol}" is no symbol of this directory: correct it, or add its bars as ${symbol}.csv`,
      );
    const shares = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/.exec(ratio)?.slice(1).map(Number) ?? [];
    const [newShares = Number.NaN, oldShares = Number.NaN] = shares;
    if (!(newShares <= mostShares && oldShares <= mostShares))
      throw badData(splitsFile, line, `ratio "${ratio}" is not of new shares to old, such as 4:1`);
    const day = isDate(date) ? dayOf(date) : undefined;
    if (day === undefined)
      throw badData(splitsFile, line, `"${date}" is not a date such as 2020-08-31`);
    const known = splits.get(symbol) ?? [];
    if (known.some((split) => split.day === day))
      throw badData(splitsFile, line, `${symbol} has two splits on ${date}`);
    splits.set(symbol, [...known, { line, day, newShares, oldShares }]);
  }
  return splits;
};

const dayOf = (date: string): number | undefined => {
  try {
    return exchangeDays.fromDate(date);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

/** Splits as companies make them; each may be one of new shares to old, or the other way round. */
const usual = [2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50, 100].flatMap((n) => [
  [n, 1] as const,
  [1, n] as const,
]);
const usualRatios = [...usual, [3, 2] as const, [2, 3] as const];
/** A price moves a little over the night of its split, too. */
const nearUsual = 0.02;
/** How far a declared split may be from the step of the price, that night's own move included. */
const nearDeclared = 0.25;

const isNear = (ratio: number, wanted: number, tolerance: number): boolean =>
  Math.abs(ratio / wanted - 1) <= tolerance;

const dollars = (micros: number): number => micros / 1e6;

const restated = (bar: FileBar, { newShares, oldShares }: Split): FileBar => {
  const inNewShares = (micros: number) => Math.max(1, Math.round((micros * oldShares) / newShares));
  return {
    ...bar,
    open: inNewShares(bar.open),
    high: inNewShares(bar.high),
    low: inNewShares(bar.low),
    close: inNewShares(bar.close),
    volume: Math.round((bar.volume * newShares) / oldShares),
  };
};

/** Whether the price stepped as the split says, and not, as in bars that are adjusted, hardly at all. */
const fits = (step: number, { newShares, oldShares }: Split): boolean => {
  const declared = newShares / oldShares;
  return (
    isNear(step, declared, nearDeclared) &&
    Math.abs(Math.log(step / declared)) < Math.abs(Math.log(step))
  );
};

const refuseUndeclared = (
  { file, bars }: BarFile,
  ticker: Ticker,
  announced: ReadonlySet<number>,
): void => {
  bars.forEach((bar, index) => {
    const before = bars[index - 1];
    if (before === undefined || before.day === bar.day || announced.has(index)) return;
    const step = before.close / bar.open;
    const split = usualRatios.find(([fresh, old]) => isNear(step, fresh / old, nearUsual));
    if (split === undefined || !surprise(bars, index)) return;
    const ratio = split.join(':');
    const declaration = `${ticker},${exchangeDays.dateOf(bar.day)}`;
    throw badData(
      file,
      bar.line,
      `opens at ${dollars(bar.open)} after a close of ${dollars(before.close)}, as after a split of ${ratio}; declare it in ${splitsFile} by ${declaration},${ratio}, or a move that was real by ${declaration},1:1`,
    );
  });
};

/**
 * Bars in the shares of the file's last day. A declared split restates what lies before it; a step of
 * the price like a split's, which nobody declared, refuses the file: a position held over it would
 * show a loss that never was. The notes tell what was restated.
 * @throws MarketDataUnavailable with file and line
 */
export const settleSplits = (
  barFile: BarFile,
  ticker: Ticker,
  splits: Splits,
): { readonly barFile: BarFile; readonly notes: readonly string[] } => {
  const { file, bars } = barFile;
  const notes: string[] = [];
  const announced = new Set<number>();
  let settled = bars;
  for (const split of splits.get(ticker) ?? []) {
    const { newShares, oldShares, day } = split;
    const index = bars.findIndex((bar) => bar.day >= day);
    const [before, bar] = [bars[index - 1], bars[index]];
    // Before the first bar or after the last there is nothing to restate.
    if (before === undefined || bar === undefined) continue;
    announced.add(index);
    if (newShares === oldShares) continue;
    if (!fits(before.close / bar.open, split))
      throw badData(
        splitsFile,
        split.line,
        `${newShares}:${oldShares} does not fit ${file} line ${bar.line}, which opens at ${dollars(bar.open)} after a close of ${dollars(before.close)}; bars that are adjusted for a split need no line`,
      );
    settled = settled.map((older, i) => (i < index ? restated(older, split) : older));
    notes.push(
      `${file} line ${bar.line}: bars before it restated for a split of ${newShares}:${oldShares}`,
    );
  }
  const inLastShares = { ...barFile, bars: settled };
  refuseUndeclared(inLastShares, ticker, announced);
  return { barFile: inLastShares, notes };
};
