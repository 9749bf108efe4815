import { exchangeDays, type Timeframe } from '@sentinel/contracts/market';
import { type BarColumns, cutTo, emptyColumns } from './bar-columns.ts';
import { fieldText, isBar, isRounded, pricesOfBar, readFigures } from './bar-figures.ts';
import { barHeader } from './bar-header.ts';
import { intradayTimeframe, longerThanDaily } from './cadence.ts';
import { microsReader } from './csv-bytes.ts';
import { faultsOf, refuseFaults } from './faults.ts';
import { orderFaults } from './order-faults.ts';
import { timeReader } from './time-bytes.ts';

export type BarFile = {
  readonly file: string;
  readonly timeframe: Timeframe;
  readonly bars: BarColumns;
  /** Whether every time says its zone, or is a date. */
  readonly saysZone: boolean;
  /** What was repaired while reading. */
  readonly notes: readonly string[];
};

const mostLines = 8_000_000;
const linesIn = (bytes: Uint8Array): number => {
  let count = 1;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  if (count > 1) return count;
  for (const byte of bytes) if (byte === 13) count++;
  return count;
};

const [firstMs, lastMs] = [Date.UTC(1900, 0, 1), Date.UTC(2099, 11, 31)];
const isKnown = (ms: number): boolean => ms >= firstMs && ms <= lastMs;

const notATime = 'is not a date or a time such as 2026-11-23, or 2026-11-23T09:30:00-05:00';

/**
 * Reads and judges one file of bars: daily when its times are dates, else of the length that its
 * times show. Figures are exact to six places; a seventh, as exports of binary floats have, is
 * rounded, and told when it was more than such dust. Nothing else is mended.
 * @throws UnfitBars naming file, line and fault of all that is wrong
 */
export const readBarFile = (file: string, content: string | Uint8Array): BarFile => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const faults = faultsOf(file);
  const capacity = linesIn(bytes);
  if (capacity > mostLines)
    faults.add('lines', mostLines, `a file may have at most ${mostLines} lines`);
  const { table, header } = barHeader(file, bytes, faults);
  refuseFaults(faults.list());
  const reading = { bytes, table, faults, figures: microsReader(bytes) };
  const readTime = timeReader(bytes);
  const order = orderFaults(file);
  const bars = emptyColumns(capacity);
  const target = { bars, index: 0 };
  const places = {
    prices: pricesOfBar.map((column) => header.places.get(column) ?? -1),
    volume: header.places.get('volume') ?? -1,
  };
  let count = 0;
  let rounded = 0;
  let saysZone = true;
  let before = Number.NEGATIVE_INFINITY;
  let daily: boolean | undefined;
  for (let fields = table.next(); fields !== undefined; fields = table.next()) {
    if (fields === 0) continue;
    const line = table.line();
    if (fields !== header.count) {
      faults.add('fields', line, `has ${fields} fields where the header has ${header.count}`);
      continue;
    }
    header.checkSymbol(line);
    const time = readTime(table.from[header.time] ?? 0, table.to[header.time] ?? 0);
    if (time === undefined) {
      faults.add('time', line, `"${fieldText(reading, header.time)}" ${notATime}`);
      continue;
    }
    if (!isKnown(time.ms)) {
      const text = fieldText(reading, header.time);
      faults.add('year', line, `"${text}" lies outside the years 1900 to 2099`);
      continue;
    }
    daily ??= time.isDate;
    if (time.isDate !== daily)
      faults.add('mixed', line, 'dates and times stand in one file; it must hold one kind');
    saysZone &&= time.saysZone;
    target.index = count;
    const found = readFigures(reading, places, target);
    if ((found & isRounded) !== 0) rounded++;
    if (!order.see(before, time.ms)) order.add(line, fieldText(reading, header.time));
    before = time.ms;
    if ((found & isBar) === 0) continue;
    bars.line[count] = line;
    bars.startMs[count] = time.ms;
    bars.day[count] = exchangeDays.at(time.ms);
    count++;
  }
  refuseFaults([...faults.list(), ...order.list()]);
  return judged({ file, bars: cutTo(bars, count), saysZone, rounded, daily: daily ?? true });
};

/** What all bars together say. */
const judged = (read: {
  readonly file: string;
  readonly bars: BarColumns;
  readonly saysZone: boolean;
  readonly rounded: number;
  readonly daily: boolean;
}): BarFile => {
  const { file, bars, saysZone, rounded } = read;
  const faults = faultsOf(file);
  const first = bars.line[0] ?? 1;
  if (bars.length === 0) faults.add('empty', 1, 'there are no bars below the header');
  const longer = read.daily ? longerThanDaily(bars) : undefined;
  if (longer !== undefined)
    faults.add(
      'cadence',
      first,
      `the bars are ${longer}, and dates are taken for days: a bar would be told before it is over; export daily bars`,
    );
  const timeframe = read.daily || bars.length === 0 ? '1Day' : intradayTimeframe(bars);
  if (typeof timeframe === 'object') faults.add('cadence', first, timeframe.problem);
  refuseFaults(faults.list());
  const notes =
    rounded === 0 ? [] : [`${file}: prices of ${rounded} bars rounded to six decimal places`];
  return {
    file,
    timeframe: typeof timeframe === 'object' ? '1Day' : timeframe,
    bars,
    saysZone,
    notes,
  };
};
