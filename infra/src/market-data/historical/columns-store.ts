import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { MarketDataUnavailable, type Ticker, timeframeSchema } from '@sentinel/contracts/market';
import { z } from 'zod';
import type { History } from './history.ts';

/** Beside the CSV files, in a folder that the library does not list. */
const folderName = '.columns';
/** Part of every key: a reader that makes other bars of a file must have another number. */
const readerVersion = 1;
const magic = 0x5342_4331;
const prefixBytes = 8;
const mostHeaderBytes = 4_000_000;
const figures = ['start', 'end', 'open', 'high', 'low', 'close', 'volume'] as const;

const headerSchema = z.strictObject({
  key: z.string().length(64),
  /** Of everything behind the header. */
  digest: z.string().length(64),
  timeframe: timeframeSchema,
  count: z.int().positive(),
  /** The days that have bars, each as its distance from the one before. */
  daySteps: z.array(z.int()),
  endMs: z.number(),
  notes: z.array(z.string()),
});
type Header = z.output<typeof headerSchema>;

/** What a stored history tells without its columns being read. */
export type Stored = {
  /** Reads its columns when one of them is first asked for. */
  readonly history: History;
  readonly days: Int32Array;
  readonly endMs: number;
  readonly notes: readonly string[];
};

/** The name of what a source, its splits and its calendar come to: another byte gives another key. */
export const columnsKey = (
  source: Uint8Array,
  made: { readonly symbol: Ticker; readonly splits: unknown; readonly calendar: string },
): string =>
  createHash('sha256')
    .update(`${readerVersion}\n${JSON.stringify(made)}\n`)
    .update(source)
    .digest('hex');

const pathOf = (directory: string, symbol: Ticker) => join(directory, folderName, `${symbol}.bars`);

const bytesOf = (column: Float64Array | Int32Array): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

const stepsOf = (days: Int32Array): number[] => [...days].map((day, i) => day - (days[i - 1] ?? 0));

/** Keeps a history as columns; whole or not at all. */
export const storeColumns = async (
  directory: string,
  key: string,
  { history, days, endMs, notes }: Stored,
): Promise<void> => {
  const parts = [...figures.map((name) => history[name]), history.day].map(bytesOf);
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const header: Header = {
    key,
    digest: hash.digest('hex'),
    timeframe: history.timeframe,
    count: history.start.length,
    daySteps: stepsOf(days),
    endMs,
    notes: [...notes],
  };
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32LE(magic, 0);
  prefix.writeUInt32LE(text.length, 4);
  await mkdir(join(directory, folderName), { recursive: true });
  const path = pathOf(directory, history.symbol);
  const file = await open(`${path}.part`, 'w');
  try {
    for (const part of [prefix, text, ...parts]) await file.writeFile(part);
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
};

const readHeader = async (path: string): Promise<{ header: Header; at: number } | undefined> => {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const prefix = Buffer.alloc(prefixBytes);
    await file.read(prefix, 0, prefixBytes, 0);
    const length = prefix.readUInt32LE(4);
    if (prefix.readUInt32LE(0) !== magic || length > mostHeaderBytes) return undefined;
    const text = Buffer.alloc(length);
    const { bytesRead } = await file.read(text, 0, length, prefixBytes);
    if (bytesRead !== length) return undefined;
    const header = headerSchema.safeParse(JSON.parse(text.toString()));
    const at = prefixBytes + length;
    const whole = at + (header.data?.count ?? 0) * (figures.length * 8 + 4);
    return header.success && (await file.stat()).size === whole
      ? { header: header.data, at }
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  } finally {
    await file.close();
  }
};

type Columns = Omit<History, 'symbol' | 'timeframe'>;

/** @throws MarketDataUnavailable when the bytes are no longer those that were stored */
const readColumns = (path: string, { count, digest }: Header, at: number): Columns => {
  const buffer = new ArrayBuffer(count * (figures.length * 8 + 4));
  const bytes = new Uint8Array(buffer);
  const file = openSync(path, 'r');
  try {
    for (let read = 0; read < bytes.length; ) {
      const got = readSync(file, bytes, read, bytes.length - read, at + read);
      if (got === 0) break;
      read += got;
    }
  } finally {
    closeSync(file);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== digest)
    throw new MarketDataUnavailable(`${path} is damaged: remove it, and it will be made again.`);
  const column = (place: number) => new Float64Array(buffer, place * count * 8, count);
  return {
    start: column(0),
    end: column(1),
    open: column(2),
    high: column(3),
    low: column(4),
    close: column(5),
    volume: column(6),
    day: new Int32Array(buffer, figures.length * count * 8, count),
  };
};

/** A history whose columns are read when the first of them is asked for. */
const lazyHistory = (symbol: Ticker, { timeframe }: Header, read: () => Columns): History => {
  let columns: Columns | undefined;
  const all = (): Columns => (columns ??= read());
  return {
    symbol,
    timeframe,
    get day() {
      return all().day;
    },
    get start() {
      return all().start;
    },
    get end() {
      return all().end;
    },
    get open() {
      return all().open;
    },
    get high() {
      return all().high;
    },
    get low() {
      return all().low;
    },
    get close() {
      return all().close;
    },
    get volume() {
      return all().volume;
    },
  };
};

/** What is stored of a symbol under a key; undefined when there is nothing of that key. */
export const storedColumns = async (
  directory: string,
  symbol: Ticker,
  key: string,
): Promise<Stored | undefined> => {
  const path = pathOf(directory, symbol);
  const found = await readHeader(path);
  if (found === undefined || found.header.key !== key) return undefined;
  const { header, at } = found;
  let day = 0;
  return {
    history: lazyHistory(symbol, header, () => readColumns(path, header, at)),
    days: Int32Array.from(header.daySteps, (step) => (day += step)),
    endMs: header.endMs,
    notes: header.notes,
  };
};
