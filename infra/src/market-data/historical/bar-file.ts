import { exchangeDays, type Timeframe } from '@sentinel/contracts/market';
import { badData, type CsvRow, readCsv } from './csv.ts';
import { instantOf, isDate } from './time-text.ts';

/** One bar as a file gives it. Prices in whole micro-dollars; `startMs` is exact for timestamps. */
export type FileBar = {
  readonly line: number;
  readonly day: number;
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};

export type BarFile = {
  readonly file: string;
  readonly timeframe: Timeframe;
  readonly bars: readonly FileBar[];
};

const figure = /^\d+(\.\d+)?$/;
/** A million dollars: more is a mistake, and stays exact in a double. */
const highestPrice = 1e12;

const readPrice = (file: string, row: CsvRow, column: string): number => {
  const text = row.field(column);
  const micros = figure.test(text) ? Math.round(Number(text) * 1e6) : Number.NaN;
  if (micros > 0 && micros <= highestPrice) return micros;
  throw badData(file, row.line, `${column} "${text}" is not a price above 0 and up to 1,000,000`);
};

const readVolume = (file: string, row: CsvRow): number => {
  const text = row.field('volume');
  const shares = figure.test(text) ? Number(text) : Number.NaN;
  if (shares <= 1e15) return shares;
  throw badData(file, row.line, `volume "${text}" is not a number of shares from 0 up`);
};

const readBar = (file: string, row: CsvRow, time: string): FileBar => {
  const startMs = instantOf(time);
  if (startMs === undefined) {
    const example = '2026-11-23, or 2026-11-23T09:30:00-05:00';
    throw badData(file, row.line, `"${time}" is not a date or a time such as ${example}`);
  }
  const bar = {
    line: row.line,
    day: exchangeDays.at(startMs),
    startMs,
    open: readPrice(file, row, 'open'),
    high: readPrice(file, row, 'high'),
    low: readPrice(file, row, 'low'),
    close: readPrice(file, row, 'close'),
    volume: readVolume(file, row),
  };
  if (bar.high < bar.low) throw badData(file, row.line, 'high is below low');
  for (const name of ['open', 'close'] as const) {
    if (bar[name] < bar.low || bar[name] > bar.high)
      throw badData(file, row.line, `${name} lies outside low and high`);
  }
  return bar;
};

const intraday = { 1: '1Min', 5: '5Min', 15: '15Min', 60: '1Hour' } as const;

/** The shortest step between two bars of one day is their length. */
const timeframeOf = (file: string, bars: readonly FileBar[]): Timeframe => {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < bars.length; i++) {
    const [before, bar] = [bars[i - 1], bars[i]];
    if (before !== undefined && bar !== undefined && before.day === bar.day)
      shortest = Math.min(shortest, (bar.startMs - before.startMs) / 60_000);
  }
  for (const [minutes, timeframe] of Object.entries(intraday))
    if (Number(minutes) === shortest) return timeframe;
  const found = Number.isFinite(shortest)
    ? `${shortest} minutes`
    : 'not to be told from one bar a day';
  throw badData(
    file,
    bars[0]?.line ?? 1,
    `bars must be of 1, 5, 15 or 60 minutes; the length is ${found}`,
  );
};

/**
 * Reads and judges one file of bars: daily when its times are dates, else of the length that its
 * times show. Figures are exact to six places; a seventh, as exports of binary floats have, is
 * rounded. Nothing is mended: the first fault refuses the file.
 * @throws MarketDataUnavailable naming file, line and fault
 */
export const readBarFile = (file: string, text: string): BarFile => {
  const { columns, rows } = readCsv(file, text);
  const timeColumn = columns.has('timestamp') ? 'timestamp' : 'date';
  for (const column of [timeColumn, 'open', 'high', 'low', 'close', 'volume'])
    if (!columns.has(column)) throw badData(file, 1, `the header names no column ${column}`);
  const [first] = rows;
  if (first === undefined) throw badData(file, 1, 'there are no bars below the header');
  const daily = isDate(first.field(timeColumn));
  const bars: FileBar[] = [];
  for (const row of rows) {
    const time = row.field(timeColumn);
    if (isDate(time) !== daily)
      throw badData(file, row.line, 'dates and times stand in one file; it must hold one kind');
    const bar = readBar(file, row, time);
    const before = bars.at(-1);
    if (before !== undefined && bar.startMs <= before.startMs)
      throw badData(file, row.line, `"${time}" is not after the bar above it`);
    bars.push(bar);
  }
  return { file, timeframe: daily ? '1Day' : timeframeOf(file, bars), bars };
};
