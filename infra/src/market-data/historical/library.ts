import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TradingDate } from '@sentinel/contracts/kernel';
import { exchangeDays, MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import { readBarFile } from './bar-file.ts';
import { barSessions } from './bar-sessions.ts';
import { type Dividends, dividendsFile, readDividends } from './dividends.ts';
import { type Fault, refuseFaults, UnfitBars } from './faults.ts';
import { barFilesOf, tickersOf } from './folder-listing.ts';
import type { History } from './history.ts';
import type { ReplayCalendar, Session } from './sessions.ts';
import { readSplits, type Splits, settleSplits, splitsFile } from './splits.ts';

/** Everything that a directory of bars holds. */
export type Library = {
  readonly histories: ReadonlyMap<Ticker, History>;
  /** The days on which any symbol has a bar. */
  readonly sessions: readonly Session[];
  /** Close of the last bar of all, epoch milliseconds. */
  readonly endMs: number;
  /** Cash dividends by their ex-date. */
  readonly dividends: Dividends;
  /** Every repair: gaps that stand, bars left out, splits restated; each names its file. */
  readonly notes: readonly string[];
};

/** What a file beside the bars declares; nothing without the file. */
const loadDeclared = async <Key, Value>(
  directory: string,
  file: string,
  read: (text: string) => ReadonlyMap<Key, Value>,
): Promise<ReadonlyMap<Key, Value>> => {
  try {
    return read(await readFile(join(directory, file), 'utf8'));
  } catch (error) {
    if (error instanceof MarketDataUnavailable) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw new MarketDataUnavailable(`${file} in ${directory} cannot be read.`, { cause: error });
  }
};

type Loaded = {
  readonly history: History;
  readonly sessions: ReadonlyMap<number, Session>;
  readonly notes: readonly string[];
};

/** One file of bars in sessions, with its splits settled. @throws UnfitBars */
const loadBars = async (
  directory: string,
  [file, ticker]: readonly [string, Ticker],
  { splits, calendar }: { readonly splits: Splits; readonly calendar: ReplayCalendar },
): Promise<Loaded> => {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(directory, file));
  } catch (cause) {
    throw new MarketDataUnavailable(`${file} in ${directory} cannot be read.`, { cause });
  }
  const read = readBarFile(file, bytes);
  const { barFile, notes } = settleSplits(read, ticker, splits);
  const placed = barSessions(barFile, calendar);
  const { timeframe } = barFile;
  return {
    history: { symbol: ticker, timeframe, ...placed.bars },
    sessions: placed.sessions,
    notes: [...read.notes, ...notes, ...placed.notes],
  };
};

/** Payments that lie outside the bars of their symbol. */
const idleDividends = (
  dividends: Dividends,
  histories: ReadonlyMap<Ticker, History>,
): readonly string[] =>
  [...dividends.values()].flat().flatMap(({ symbol, exDate }) => {
    const days = histories.get(symbol)?.day;
    const [first, last] = [days?.[0], days?.at(-1)].map((day) => exchangeDays.dateOf(day ?? 0));
    if (first === undefined || last === undefined || (exDate > first && exDate <= last)) return [];
    return [
      `${dividendsFile}: the dividend of ${symbol} on ${exDate} lies outside its bars and is never paid`,
    ];
  });

/** What `read` throws of faults goes among them; anything else goes on. */
const collecting = async <Value>(
  faults: Fault[],
  read: () => Promise<Value>,
): Promise<Value | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof UnfitBars)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
};

/**
 * Reads every `<SYMBOL>.csv` of a directory, and its `splits.csv` and `dividends.csv` where they are.
 * @throws MarketDataUnavailable with every fault of every file
 */
export const loadLibrary = async (
  directory: string,
  calendar: ReplayCalendar,
): Promise<Library> => {
  const listing = await barFilesOf(directory);
  const tickers = tickersOf(listing.files);
  const faults = [...tickers.faults];
  const known = new Set(tickers.byFile.values());
  const splits =
    (await collecting(faults, () =>
      loadDeclared(directory, splitsFile, (text) => readSplits(text, known)),
    )) ?? new Map<string, never>();
  const dividends =
    (await collecting(faults, () =>
      loadDeclared(directory, dividendsFile, (text) => readDividends(text, known)),
    )) ?? new Map<TradingDate, never>();
  const histories = new Map<Ticker, History>();
  const sessions = new Map<number, Session>();
  const notes: string[] = [];
  for (const entry of tickers.byFile) {
    const loaded = await collecting(faults, () => loadBars(directory, entry, { splits, calendar }));
    if (loaded === undefined) continue;
    notes.push(...loaded.notes);
    histories.set(loaded.history.symbol, loaded.history);
    for (const [day, session] of loaded.sessions) sessions.set(day, session);
  }
  refuseFaults(faults);
  return {
    histories,
    sessions: [...sessions.values()].sort((a, b) => a.day - b.day),
    endMs: Math.max(...[...histories.values()].map((history) => history.end.at(-1) ?? 0)),
    notes: [...notes, ...idleDividends(dividends, histories), ...listing.notes],
    dividends,
  };
};
