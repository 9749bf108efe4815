import { exchangeDays, type Ticker } from '@sentinel/contracts/market';
import { type BarColumns, figureAt } from './bar-columns.ts';
import type { BarFile } from './bar-file.ts';
import { type CsvRow, readCsv } from './csv.ts';
import { badData, collectingFaults, type Fault, faultsOf, refuseFaults } from './faults.ts';
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
 * @throws UnfitBars with the line of each fault
 */
export const readSplits = (text: string, tickers: ReadonlySet<string>): Splits => {
  const { columns, rows } = readCsv(splitsFile, text);
  for (const column of ['symbol', 'date', 'ratio'])
    if (!columns.has(column)) throw badData(splitsFile, 1, `the header names no column ${column}`);
  const splits = new Map<string, Split[]>();
  const readRow = ({ line, field }: CsvRow): void => {
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
  };
  const faults: Fault[] = [];
  for (const row of rows) collectingFaults(faults, () => readRow(row));
  refuseFaults(faults);
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
/** A step of less than this is no split's, or one that hardly any company makes. */
const leastStep = 1.35;
/** Within so much of a usual ratio a step is called like it; a price moves over that night, too. */
const nearUsual = 0.1;
/** How far a declared split may be from the step of the price, that night's own move included. */
const nearDeclared = 0.25;

const distance = (ratio: number, [fresh, old]: readonly [number, number]): number =>
  Math.abs(Math.log((ratio * old) / fresh));

const nearestUsual = (step: number): readonly [number, number] | undefined => {
  const [nearest] = [...usualRatios].sort((a, b) => distance(step, a) - distance(step, b));
  return nearest !== undefined && distance(step, nearest) <= nearUsual ? nearest : undefined;
};

const dollars = (micros: number): number => micros / 1e6;

/** Restates the first `count` bars in new shares. */
const restate = (bars: BarColumns, count: number, { newShares, oldShares }: Split): BarColumns => {
  const inNewShares = (column: Float64Array) =>
    column.map((micros, i) =>
      i < count ? Math.max(1, Math.round((micros * oldShares) / newShares)) : micros,
    );
  return {
    ...bars,
    open: inNewShares(bars.open),
    high: inNewShares(bars.high),
    low: inNewShares(bars.low),
    close: inNewShares(bars.close),
    volume: bars.volume.map((shares, i) =>
      i < count ? Math.round((shares * newShares) / oldShares) : shares,
    ),
  };
};

/** Whether the price stepped as the split says, and not, as in bars that are adjusted, hardly at all. */
export const fitsSplit = (step: number, newShares: number, oldShares: number): boolean => {
  const declared = newShares / oldShares;
  return (
    Math.abs(step / declared - 1) <= nearDeclared &&
    Math.abs(Math.log(step / declared)) < Math.abs(Math.log(step))
  );
};

/** Each step of the price from one day to the next that is asked about, unless it was announced. */
const undeclaredSteps = (
  { file, bars }: BarFile,
  ticker: Ticker,
  announced: ReadonlySet<number>,
): readonly Fault[] => {
  const faults = faultsOf(file);
  for (let i = 1; i < bars.length; i++) {
    if (bars.day[i] === bars.day[i - 1]) continue;
    const [close, open] = [figureAt(bars.close, i - 1), figureAt(bars.open, i)];
    const step = close / open;
    if (Math.max(step, 1 / step) < leastStep || announced.has(i) || !surprise(bars, i)) continue;
    const declaration = `${ticker},${exchangeDays.dateOf(figureAt(bars.day, i))}`;
    const near = nearestUsual(step)?.join(':');
    const seen = `${step >= 1 ? step.toFixed(3) : `1/${(1 / step).toFixed(3)}`}`;
    const meaning = near === undefined ? 'as no usual split does' : `as after a split of ${near}`;
    faults.add(
      'step',
      figureAt(bars.line, i),
      `opens at ${dollars(open)} after a close of ${dollars(close)}, a step of ${seen}, ${meaning}; declare it in ${splitsFile} by ${declaration},${near ?? 'new:old'}, or a move that was real by ${declaration},1:1`,
    );
  }
  return faults.list();
};

/**
 * Bars in the shares of the file's last day. A declared split restates what lies before it; a step of
 * the price beyond 1.35 times and six usual moves, which nobody declared, refuses the file: a position
 * held over it would show a loss that never was. The notes tell what was restated, and what of the
 * declarations changed nothing.
 * @throws UnfitBars with every such step
 */
export const settleSplits = (
  barFile: BarFile,
  ticker: Ticker,
  splits: Splits,
): { readonly barFile: BarFile; readonly notes: readonly string[] } => {
  const { file } = barFile;
  const notes: string[] = [];
  const announced = new Set<number>();
  const faults: Fault[] = [];
  let { bars } = barFile;
  for (const split of splits.get(ticker) ?? []) {
    const { newShares, oldShares, day, line } = split;
    const index = barFile.bars.day.findIndex((barDay) => barDay >= day);
    const ratio = `${newShares}:${oldShares}`;
    if (index <= 0) {
      const where = index === 0 ? 'not after the first bar' : 'after the last bar';
      notes.push(
        `${splitsFile} line ${line}: ${ratio} of ${ticker} lies ${where} of ${file} and changes nothing`,
      );
      continue;
    }
    announced.add(index);
    if (newShares === oldShares) continue;
    const [close, open] = [figureAt(bars.close, index - 1), figureAt(bars.open, index)];
    const barLine = figureAt(bars.line, index);
    if (!fitsSplit(close / open, newShares, oldShares)) {
      const problem = `${ratio} does not fit ${file} line ${barLine}, which opens at ${dollars(open)} after a close of ${dollars(close)}; bars that are adjusted for a split need no line`;
      faults.push({ file: splitsFile, line, kind: `split ${line}`, problem, count: 1 });
      continue;
    }
    bars = restate(bars, index, split);
    notes.push(`${file} line ${barLine}: bars before it restated for a split of ${ratio}`);
  }
  const inLastShares = { ...barFile, bars };
  refuseFaults([...faults, ...undeclaredSteps(inLastShares, ticker, announced)]);
  return { barFile: inLastShares, notes };
};
