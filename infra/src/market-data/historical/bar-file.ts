import { exchangeDays, type Timeframe } from '@sentinel/contracts/market';
import { type BarColumns, cutTo, emptyColumns } from './bar-columns.ts';
import { barHeader } from './bar-header.ts';
import { intradayTimeframe, longerThanDaily } from './cadence.ts';
import { type csvBytes, microsReader, textBetween } from './csv-bytes.ts';
import { type Faults, faultsOf, refuseFaults } from './faults.ts';
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
/** A million dollars: more is a mistake, and stays exact in a double. */
const highestPrice = 1e12;
const mostShares = 1e15;
/** By so much of itself a price may be moved when its seventh place is rounded. */
const lostShare = 1e-5;
/** What is lost below this is the dust of binary floats, and no figure of the file. */
const dustShare = 1e-9;
const prices = ['open', 'high', 'low', 'close'] as const;

const linesIn = (bytes: Uint8Array): number => {
  let count = 1;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  if (count > 1) return count;
  for (const byte of bytes) if (byte === 13) count++;
  return count;
};

type Reading = {
  readonly bytes: Uint8Array;
  readonly table: ReturnType<typeof csvBytes>;
  readonly faults: Faults;
  readonly figures: ReturnType<typeof microsReader>;
};

const fieldText = ({ bytes, table }: Reading, place: number): string =>
  textBetween(bytes, table.from[place] ?? 0, table.to[place] ?? 0);

const priceIn = (reading: Reading, place: number, column: string): number => {
  const { table, figures, faults } = reading;
  const micros = figures.read(table.from[place] ?? 0, table.to[place] ?? 0);
  const lost = figures.lost();
  if (micros <= highestPrice && lost > lostShare * micros) {
    const text = fieldText(reading, place);
    faults.add(
      'digits',
      table.line(),
      `${column} "${text}" has digits below a millionth of a dollar, which would be lost: import the file with --scale, so that a price is of more shares`,
    );
    return Number.NaN;
  }
  if (micros > 0 && micros <= highestPrice) return micros;
  faults.add(
    `price ${column}`,
    table.line(),
    `${column} "${fieldText(reading, place)}" is not a price above 0 and up to 1,000,000`,
  );
  return Number.NaN;
};

const volumeIn = (reading: Reading, place: number): number => {
  const { table, figures, faults } = reading;
  const shares = figures.read(table.from[place] ?? 0, table.to[place] ?? 0) / 1e6;
  if (shares <= mostShares) return shares;
  const text = fieldText(reading, place);
  faults.add('volume', table.line(), `volume "${text}" is not a number of shares from 0 up`);
  return Number.NaN;
};

/** Reads the figures of the line into the columns at `index`; whether they make a bar. */
const readFigures = (
  reading: Reading,
  places: ReadonlyMap<string, number>,
  { bars, index }: { readonly bars: BarColumns; readonly index: number },
): { readonly isBar: boolean; readonly rounded: boolean } => {
  const { table, faults, figures } = reading;
  let rounded = false;
  for (const column of prices) {
    const micros = priceIn(reading, places.get(column) ?? -1, column);
    rounded ||= figures.lost() > dustShare * micros;
    bars[column][index] = micros;
  }
  bars.volume[index] = volumeIn(reading, places.get('volume') ?? -1);
  const [open = 0, high = 0, low = 0, close = 0] = prices.map((column) => bars[column][index]);
  const figured = !Number.isNaN(open + high + low + close + (bars.volume[index] ?? 0));
  if (!figured) return { isBar: false, rounded };
  if (high < low) faults.add('high below low', table.line(), 'high is below low');
  else if (open < low || open > high)
    faults.add('open outside', table.line(), 'open lies outside low and high');
  else if (close < low || close > high)
    faults.add('close outside', table.line(), 'close lies outside low and high');
  else return { isBar: true, rounded };
  return { isBar: false, rounded };
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
  let [count, rounded, saysZone, before] = [0, 0, true, Number.NEGATIVE_INFINITY];
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
    const figures = readFigures(reading, header.places, { bars, index: count });
    if (figures.rounded) rounded++;
    if (!order.see(before, time.ms)) order.add(line, fieldText(reading, header.time));
    before = time.ms;
    if (!figures.isBar) continue;
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
