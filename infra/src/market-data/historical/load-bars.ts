import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import { columnsKey, type Stored, storeColumns, storedColumns } from './columns-store.ts';
import { parseAside } from './parse-aside.ts';
import { barsOf, type Made } from './settle-bars.ts';

/** Files smaller than this are read as quickly as their columns would be. */
const worthStoring = 100_000;

const keyOf = (bytes: Uint8Array, symbol: Ticker, { splits, calendar }: Made): string => {
  const own = (splits.get(symbol) ?? []).map(({ line: _, ...split }) => split);
  return columnsKey(bytes, { symbol, splits: own, calendar });
};

/** A folder that cannot be written to costs time, and nothing else: the note says so. */
const kept = async (
  directory: string,
  key: string,
  stored: Stored,
): Promise<string | undefined> => {
  try {
    await storeColumns(directory, key, stored);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return `its columns could not be kept (${String(error.code)}), and it will be read again`;
  }
};

/**
 * One file's bars: from the columns beside it where they are of the same bytes, else from the file,
 * whose columns are then kept. A folder that cannot be written to has its files read each time.
 * @throws UnfitBars, MarketDataUnavailable; the signal's reason once it is aborted
 */
export const loadBars = async (
  directory: string,
  entry: readonly [file: string, ticker: Ticker],
  { made, signal }: { readonly made: Made; readonly signal?: AbortSignal | undefined },
): Promise<Stored> => {
  const [file, ticker] = entry;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readFile(join(directory, file), { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new MarketDataUnavailable(`${file} in ${directory} cannot be read.`, { cause });
  }
  if (bytes.length < worthStoring) return barsOf(bytes, entry, made);
  const key = keyOf(bytes, ticker, made);
  const stored = await storedColumns(directory, ticker, key);
  if (stored !== undefined) return stored;
  const fresh = await parseAside(bytes, entry, { made, signal });
  const note = await kept(directory, key, fresh);
  return note === undefined ? fresh : { ...fresh, notes: [...fresh.notes, `${file}: ${note}`] };
};

/** Keeps what an import has made of a file, so that the first replay need not read it. */
export const keepColumns = async (
  directory: string,
  source: Uint8Array,
  { made, stored }: { readonly made: Made; readonly stored: Stored },
): Promise<void> => {
  if (source.length < worthStoring) return;
  await kept(directory, keyOf(source, stored.history.symbol, made), stored);
};
