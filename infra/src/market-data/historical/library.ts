import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TradingDate } from '@sentinel/contracts/kernel';
import { exchangeDays, MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import { type Dividends, dividendsFile, readDividends } from './dividends.ts';
import { type Fault, refuseFaults, UnfitBars } from './faults.ts';
import { barFilesOf, tickersOf } from './folder-listing.ts';
import type { History } from './history.ts';
import { loadBars } from './load-bars.ts';
import { type ReplayCalendar, replaySession, type Session } from './sessions.ts';
import { readSplits, splitsFile } from './splits.ts';

/** Everything that a directory of bars holds. */
export type Library = {
  readonly histories: ReadonlyMap<Ticker, History>;
  /** The days on which each symbol has bars, rising. */
  readonly days: ReadonlyMap<Ticker, Int32Array>;
  /** The days on which any symbol has a bar. */
  readonly sessions: readonly Session[];
  /** Close of the last bar of all, epoch milliseconds. */
  readonly endMs: number;
  /** Cash dividends by their ex-date. */
  readonly dividends: Dividends;
  /** Every repair: gaps that stand, bars left out, splits restated; each names its file. */
  readonly notes: readonly string[];
};

/** Who waits for a library: told of each file, and able to end the wait. */
export type LoadWatch = {
  readonly signal?: AbortSignal;
  /** Called before each file, and once when all are read. */
  readonly progress?: (done: { readonly files: number; readonly of: number }) => void;
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

/** Payments that lie outside the bars of their symbol. */
const idleDividends = (
  dividends: Dividends,
  days: ReadonlyMap<Ticker, Int32Array>,
): readonly string[] =>
  [...dividends.values()].flat().flatMap(({ symbol, exDate }) => {
    const own = days.get(symbol);
    const [first, last] = [own?.[0], own?.at(-1)].map((day) => exchangeDays.dateOf(day ?? 0));
    if (first === undefined || last === undefined || (exDate > first && exDate <= last)) return [];
    return [
      `${dividendsFile}: the dividend of ${symbol} on ${exDate} lies outside its bars and is never paid`,
    ];
  });

/** The sessions of all days on which any symbol has a bar. */
const sessionsOn = (
  days: ReadonlyMap<Ticker, Int32Array>,
  calendar: ReplayCalendar,
): readonly Session[] => {
  const all = new Set<number>();
  for (const own of days.values()) for (const day of own) all.add(day);
  return [...all]
    .sort((a, b) => a - b)
    .flatMap((day) => {
      const session = replaySession(calendar, day);
      return 'day' in session ? [session] : [];
    });
};

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
 * The process is free for everything else meanwhile: a long file is parsed in a thread of its own.
 * @throws MarketDataUnavailable with every fault of every file; the signal's reason once it is aborted
 */
export const loadLibrary = async (
  directory: string,
  calendar: ReplayCalendar,
  { signal, progress }: LoadWatch = {},
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
  const days = new Map<Ticker, Int32Array>();
  const notes: string[] = [];
  let endMs = 0;
  let files = 0;
  const of = tickers.byFile.size;
  for (const entry of tickers.byFile) {
    progress?.({ files: files++, of });
    await setImmediate();
    signal?.throwIfAborted();
    const loaded = await collecting(faults, () =>
      loadBars(directory, entry, { made: { splits, calendar }, signal }),
    );
    if (loaded === undefined) continue;
    notes.push(...loaded.notes);
    histories.set(entry[1], loaded.history);
    days.set(entry[1], loaded.days);
    endMs = Math.max(endMs, loaded.endMs);
  }
  refuseFaults(faults);
  progress?.({ files, of });
  return {
    histories,
    days,
    sessions: sessionsOn(days, calendar),
    endMs,
    notes: [...notes, ...idleDividends(dividends, days), ...listing.notes],
    dividends,
  };
};
