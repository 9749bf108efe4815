import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { MarketDataUnavailable, type Ticker, tickerSchema } from '@sentinel/contracts/market';
import { dividendsFile } from './dividends.ts';
import type { Fault } from './faults.ts';
import { splitsFile } from './splits.ts';

const declarations: readonly string[] = [splitsFile, dividendsFile];

const mostFiles = 2_000;

const isBarFile = (name: string): boolean =>
  name.toLowerCase().endsWith('.csv') && !declarations.includes(name) && !name.startsWith('.');

const namedAfter = (file: string): Fault => ({
  file,
  line: 0,
  kind: 'name',
  problem: 'the file must be named after its ticker, such as AAPL.csv',
  count: 1,
});

type Tickers = {
  readonly byFile: ReadonlyMap<string, Ticker>;
  readonly faults: readonly Fault[];
};

/** The ticker of each file. */
export const tickersOf = (files: readonly string[]): Tickers => {
  const fileOf = new Map<Ticker, string>();
  const faults: Fault[] = [];
  for (const file of files) {
    const ticker = tickerSchema.safeParse(file.slice(0, -'.csv'.length).toUpperCase());
    const other = ticker.success ? fileOf.get(ticker.data) : undefined;
    if (!ticker.success) faults.push(namedAfter(file));
    else if (other === undefined) fileOf.set(ticker.data, file);
    else
      faults.push({
        ...namedAfter(file),
        problem: `it and ${other} are both for ${ticker.data}: leave one`,
      });
  }
  return { byFile: new Map([...fileOf].map(([ticker, file]) => [file, ticker])), faults };
};

const mend = (entry: Dirent): string => {
  if (entry.isDirectory()) return 'a folder: its files are not looked at';
  if (/\.(gz|zip|bz2|xz|zst|7z)$/i.test(entry.name)) return 'packed: unpack it, or import it';
  if (/\.(parquet|feather|arrow|h5|hdf5?|xlsx?)$/i.test(entry.name)) return 'save it as CSV';
  return 'import it by npm run import, or call it after its ticker';
};

const mostNamed = 5;

/** The files of a directory that are none of bars, each with its mend. */
const notTaken = (entries: readonly Dirent[]): string | undefined => {
  const others = entries.filter(
    ({ name }) =>
      !isBarFile(name) && !declarations.includes(name) && !/^\.|\.md$|^import-report\./.test(name),
  );
  if (others.length === 0) return undefined;
  const named = others.slice(0, mostNamed).map((entry) => `${entry.name} (${mend(entry)})`);
  const more = others.length - named.length;
  return `not taken: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

type Listing = { readonly files: readonly string[]; readonly notes: readonly string[] };

export const barFilesOf = async (directory: string): Promise<Listing> => {
  let entries: readonly Dirent[];
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (cause) {
    throw new MarketDataUnavailable(
      `The directory ${directory} cannot be read: name one that holds files such as AAPL.csv.`,
      { cause },
    );
  }
  const bars = entries.filter((entry) => !entry.isDirectory() && isBarFile(entry.name));
  const others = notTaken(entries.filter((entry) => !bars.includes(entry)));
  if (bars.length === 0)
    throw new MarketDataUnavailable(
      `The directory ${directory} holds no file such as AAPL.csv${others === undefined ? '' : `; ${others}`}.`,
    );
  if (bars.length > mostFiles)
    throw new MarketDataUnavailable(
      `The directory ${directory} holds ${bars.length} files; at most ${mostFiles} are read.`,
    );
  return {
    files: bars.map(({ name }) => name).sort(),
    notes: others === undefined ? [] : [others],
  };
};
