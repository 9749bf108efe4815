import { csvBytes, textBetween } from './csv-bytes.ts';
import type { Faults } from './faults.ts';

const mostColumns = 256;
const figures = ['open', 'high', 'low', 'close', 'volume'];
/** Columns in which exports name the company; `name` often holds its full name instead. */
const symbolColumns = ['symbol', 'ticker', 'act_symbol', 'name'];
const looksLikeTicker = /^[A-Z][A-Z0-9]{0,7}([.-][A-Z]{1,2})?$/;

/** The ticker that a file is named after, in capitals. */
const tickerOf = (file: string): string => file.replace(/\.csv$/i, '').toUpperCase();

/** Reads the header of a file of bars; what it lacks goes among the faults. */
export const barHeader = (file: string, bytes: Uint8Array, faults: Faults) => {
  const table = csvBytes(bytes, mostColumns);
  const count = table.next() ?? 0;
  const names = Array.from({ length: Math.min(count, mostColumns) }, (_, place) =>
    textBetween(bytes, table.from[place] ?? 0, table.to[place] ?? 0).toLowerCase(),
  );
  const places = new Map(names.map((name, place) => [name, place]));
  if (count > mostColumns)
    faults.add('columns', 1, `a file may have at most ${mostColumns} columns`);
  else if (places.size < names.length) faults.add('columns', 1, 'two columns have one name');
  const timeColumn = places.has('timestamp') ? 'timestamp' : 'date';
  for (const column of [timeColumn, ...figures])
    if (!places.has(column))
      faults.add(`column ${column}`, 1, `the header names no column ${column}`);
  const symbols = symbolColumns.flatMap((name) => {
    const place = places.get(name);
    return place === undefined ? [] : [{ name, place }];
  });
  const seen = new Map<number, string>();
  const ticker = tickerOf(file);

  /** A file is of the one symbol that it is named after, wherever it says otherwise. */
  const checkSymbol = (line: number): void => {
    for (const { name, place } of symbols) {
      const text = textBetween(bytes, table.from[place] ?? 0, table.to[place] ?? 0);
      const first = seen.get(place);
      if (first === undefined) seen.set(place, text);
      else if (text !== first)
        faults.add(
          'symbols',
          line,
          `${name} "${text}" stands under "${first}": a file holds one symbol`,
        );
      const saysOther = text.toUpperCase() !== ticker;
      if (saysOther && first === undefined && looksLikeTicker.test(text))
        faults.add('symbol', line, `${name} "${text}" is not what the file is named after`);
    }
  };
  return { table, header: { count, places, time: places.get(timeColumn) ?? -1, checkSymbol } };
};
