import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MarketDataUnavailable, type Ticker, tickerSchema } from '@sentinel/contracts/market';
import { type BarFile, readBarFile } from './bar-file.ts';
import { barSessions } from './bar-sessions.ts';
import { type Dividends, dividendsFile, readDividends } from './dividends.ts';
import { type History, toHistory } from './history.ts';
import type { ReplayCalendar, Session } from './sessions.ts';
import { readSplits, settleSplits, splitsFile } from './splits.ts';

const declarations: readonly string[] = [splitsFile, dividendsFile];

const mostFiles = 2_000;

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

const tickerOf = (file: string): Ticker => {
  const ticker = tickerSchema.safeParse(file.slice(0, -'.csv'.length).toUpperCase());
  if (ticker.success) return ticker.data;
  throw new MarketDataUnavailable(`${file} must be named after its ticker, such as AAPL.csv.`);
};

/** The ticker of each file. */
const tickersOf = (files: readonly string[]): ReadonlyMap<string, Ticker> => {
  const byTicker = new Map<Ticker, string>();
  for (const file of files) {
    const ticker = tickerOf(file);
    const other = byTicker.get(ticker);
    if (other !== undefined)
      throw new MarketDataUnavailable(`${other} and ${file} are both for ${ticker}.`);
    byTicker.set(ticker, file);
  }
  return new Map([...byTicker].map(([ticker, file]) => [file, ticker]));
};

const filesOf = async (directory: string): Promise<readonly string[]> => {
  let names: readonly string[];
  try {
    names = await readdir(directory);
  } catch (cause) {
    throw new MarketDataUnavailable(
      `The directory ${directory} cannot be read: name one that holds files such as AAPL.csv.`,
      { cause },
    );
  }
  const files = names
    .filter((name) => name.toLowerCase().endsWith('.csv') && !declarations.includes(name))
    .sort();
  if (files.length === 0)
    throw new MarketDataUnavailable(`The directory ${directory} holds no file such as AAPL.csv.`);
  if (files.length > mostFiles)
    throw new MarketDataUnavailable(
      `The directory ${directory} holds ${files.length} files; at most ${mostFiles} are read.`,
    );
  return files;
};

const load = async (directory: string, file: string): Promise<BarFile> => {
  try {
    return readBarFile(file, await readFile(join(directory, file), 'utf8'));
  } catch (error) {
    if (error instanceof MarketDataUnavailable) throw error;
    throw new MarketDataUnavailable(`${file} in ${directory} cannot be read.`, { cause: error });
  }
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

/**
 * Reads every `<SYMBOL>.csv` of a directory, and its `splits.csv` and `dividends.csv` where they are.
 * @throws MarketDataUnavailable at the first fault
 */
export const loadLibrary = async (
  directory: string,
  calendar: ReplayCalendar,
): Promise<Library> => {
  const tickers = tickersOf(await filesOf(directory));
  const known = new Set(tickers.values());
  const splits = await loadDeclared(directory, splitsFile, (text) => readSplits(text, known));
  const dividends = await loadDeclared(directory, dividendsFile, (text) =>
    readDividends(text, known),
  );
  const histories = new Map<Ticker, History>();
  const sessions = new Map<number, Session>();
  const notes: string[] = [];
  for (const [file, ticker] of tickers) {
    const { barFile, notes: restated } = settleSplits(await load(directory, file), ticker, splits);
    const placed = barSessions(barFile, calendar);
    notes.push(...restated, ...placed.notes);
    histories.set(ticker, toHistory(ticker, barFile.timeframe, placed.bars));
    for (const { day } of placed.bars) {
      const session = placed.sessions.get(day);
      if (session !== undefined) sessions.set(day, session);
    }
  }
  return {
    histories,
    sessions: [...sessions.values()].sort((a, b) => a.day - b.day),
    endMs: Math.max(...[...histories.values()].map((history) => history.end.at(-1) ?? 0)),
    notes,
    dividends,
  };
};
