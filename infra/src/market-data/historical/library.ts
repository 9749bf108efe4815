import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MarketDataUnavailable,
  type Ticker,
  tickerSchema,
  timeframeMinutes,
} from '@sentinel/contracts/market';
import { type BarFile, readBarFile } from './bar-file.ts';
import { badData } from './csv.ts';
import { type History, toHistory } from './history.ts';
import { type Session, sessionsOf } from './sessions.ts';

const mostFiles = 2_000;

/** Everything that a directory of bars holds. */
export type Library = {
  readonly histories: ReadonlyMap<Ticker, History>;
  /** The days on which any symbol has a bar. */
  readonly sessions: readonly Session[];
  /** Close of the last bar of all, epoch milliseconds. */
  readonly endMs: number;
  /** Bars outside 09:30 to 16:00 New York, which no session reaches. */
  readonly outsideHours: number;
};

const tickerOf = (file: string): Ticker => {
  const ticker = tickerSchema.safeParse(file.slice(0, -'.csv'.length).toUpperCase());
  if (ticker.success) return ticker.data;
  throw new MarketDataUnavailable(`${file} must be named after its ticker, such as AAPL.csv.`);
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
  const files = names.filter((name) => name.toLowerCase().endsWith('.csv')).sort();
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

const historyOf = (
  ticker: Ticker,
  { file, timeframe, bars }: BarFile,
  sessionByDay: ReadonlyMap<number, Session>,
): History => {
  const inHours = bars.flatMap((bar) => {
    const session = sessionByDay.get(bar.day);
    if (session === undefined) return [];
    if (timeframe === '1Day') return [{ ...bar, start: session.openMs, end: session.closeMs }];
    if (bar.startMs < session.openMs || bar.startMs >= session.closeMs) return [];
    const end = Math.min(bar.startMs + timeframeMinutes[timeframe] * 60_000, session.closeMs);
    return [{ ...bar, start: bar.startMs, end }];
  });
  const overlap = inHours.find((bar, i) => bar.start < (inHours[i - 1]?.end ?? 0));
  if (overlap !== undefined) throw badData(file, overlap.line, 'overlaps the bar above it');
  if (inHours.length === 0)
    throw badData(file, 1, 'no bar lies between 09:30 and 16:00 New York time');
  return toHistory(ticker, timeframe, inHours);
};

/** Reads every `<SYMBOL>.csv` of a directory. @throws MarketDataUnavailable at the first fault */
export const loadLibrary = async (directory: string): Promise<Library> => {
  const loaded = new Map<Ticker, BarFile>();
  for (const file of await filesOf(directory)) {
    const ticker = tickerOf(file);
    const other = loaded.get(ticker)?.file;
    if (other !== undefined)
      throw new MarketDataUnavailable(`${other} and ${file} are both for ${ticker}.`);
    loaded.set(ticker, await load(directory, file));
  }
  const candidates = sessionsOf(
    [...loaded.values()].flatMap(({ bars }) => bars.map(({ day }) => day)),
  );
  const byDay = new Map(candidates.map((session) => [session.day, session]));
  const histories = new Map(
    [...loaded].map(([ticker, file]) => [ticker, historyOf(ticker, file, byDay)]),
  );
  const all = [...histories.values()];
  const days = new Set(all.flatMap((history) => [...history.day]));
  const given = [...loaded.values()].reduce((sum, { bars }) => sum + bars.length, 0);
  return {
    histories,
    sessions: candidates.filter(({ day }) => days.has(day)),
    endMs: Math.max(...all.map((history) => history.end.at(-1) ?? 0)),
    outsideHours: given - all.reduce((sum, history) => sum + history.start.length, 0),
  };
};
