import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import { type BarFile, readBarFile } from './bar-file.ts';
import { barSessions } from './bar-sessions.ts';
import { columnsKey, type Stored, storeColumns, storedColumns } from './columns-store.ts';
import type { ReplayCalendar } from './sessions.ts';
import { type Splits, settleSplits } from './splits.ts';

/** Files smaller than this are read as quickly as their columns would be. */
const worthStoring = 100_000;

type Made = { readonly splits: Splits; readonly calendar: ReplayCalendar };

/** The bars of one file in sessions, with its splits settled. @throws UnfitBars */
const fromSource = (
  bytes: Uint8Array,
  [file, ticker]: readonly [string, Ticker],
  made: Made,
): Stored => settleBars(readBarFile(file, bytes), ticker, made);

/** The bars of a file that was read, in sessions and in the shares of its last day. @throws UnfitBars */
export const settleBars = (read: BarFile, ticker: Ticker, { splits, calendar }: Made): Stored => {
  const { barFile, notes } = settleSplits(read, ticker, splits);
  const placed = barSessions(barFile, calendar);
  const days = Int32Array.from(placed.sessions.keys());
  return {
    history: { symbol: ticker, timeframe: barFile.timeframe, ...placed.bars },
    days,
    endMs: placed.bars.end.at(-1) ?? 0,
    notes: [...read.notes, ...notes, ...placed.notes],
  };
};

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
 * @throws UnfitBars, MarketDataUnavailable
 */
export const loadBars = async (
  directory: string,
  entry: readonly [file: string, ticker: Ticker],
  made: Made,
): Promise<Stored> => {
  const [file, ticker] = entry;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(directory, file));
  } catch (cause) {
    throw new MarketDataUnavailable(`${file} in ${directory} cannot be read.`, { cause });
  }
  if (bytes.length < worthStoring) return fromSource(bytes, entry, made);
  const key = keyOf(bytes, ticker, made);
  const stored = await storedColumns(directory, ticker, key);
  if (stored !== undefined) return stored;
  const fresh = fromSource(bytes, entry, made);
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
