import type { BarColumns } from './bar-columns.ts';
import { type csvBytes, type microsReader, textBetween } from './csv-bytes.ts';
import type { Faults } from './faults.ts';

/** A million dollars: more is a mistake, and stays exact in a double. */
const highestPrice = 1e12;
const mostShares = 1e15;
/** By so much of itself a price may be moved when its seventh place is rounded. */
const lostShare = 1e-5;
/** What is lost below this is the dust of binary floats, and no figure of the file. */
const dustShare = 1e-9;
export const pricesOfBar = ['open', 'high', 'low', 'close'] as const;

export type Reading = {
  readonly bytes: Uint8Array;
  readonly table: ReturnType<typeof csvBytes>;
  readonly faults: Faults;
  readonly figures: ReturnType<typeof microsReader>;
};

export const fieldText = ({ bytes, table }: Reading, place: number): string =>
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

/** Why four prices make no bar; undefined when they do. */
const rangeFault = (bars: BarColumns, index: number): string | undefined => {
  const high = bars.high[index] ?? Number.NaN;
  const low = bars.low[index] ?? Number.NaN;
  const open = bars.open[index] ?? Number.NaN;
  const close = bars.close[index] ?? Number.NaN;
  if (high < low) return 'high is below low';
  if (open < low || open > high) return 'open lies outside low and high';
  return close < low || close > high ? 'close lies outside low and high' : undefined;
};

/** Where the figures stand in a line: open, high, low and close, then the volume. */
type FigurePlaces = { readonly prices: readonly number[]; readonly volume: number };

/** What reading a line's figures found, in bits: whether they make a bar, and whether one was rounded. */
const noBar = 0;
export const isBar = 1;
export const isRounded = 2;

/** Reads the figures of the line into the columns at `index`. */
export const readFigures = (
  reading: Reading,
  places: FigurePlaces,
  { bars, index }: { readonly bars: BarColumns; readonly index: number },
): number => {
  const { table, faults, figures } = reading;
  let found = noBar;
  let isWhole = true;
  for (let n = 0; n < pricesOfBar.length; n++) {
    const column = pricesOfBar[n] ?? 'open';
    const micros = priceIn(reading, places.prices[n] ?? -1, column);
    if (figures.lost() > dustShare * micros) found |= isRounded;
    if (Number.isNaN(micros)) isWhole = false;
    bars[column][index] = micros;
  }
  const shares = volumeIn(reading, places.volume);
  bars.volume[index] = shares;
  if (!isWhole || Number.isNaN(shares)) return found;
  const fault = rangeFault(bars, index);
  if (fault === undefined) return found | isBar;
  faults.add(fault, table.line(), fault);
  return found;
};
