import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ticker } from '@sentinel/contracts/market';
import { afterAll, describe, expect, test } from 'vitest';
import { boundBars } from './bound-bars.ts';
import { loadLibrary } from './library.ts';
import { barsOfDays, stampedFile, tradingDays } from './test-days.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});
const folderOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-columns-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
};
const abc = 'ABC' as Ticker;
const bars = stampedFile(
  barsOfDays(tradingDays('2021-01-11', 30), { minutes: 5, hours: [480, 1_000] }),
  'America/New_York',
);
const columns = (folder: string) => join(folder, '.columns', 'ABC.bars');
const told = async (folder: string) => {
  const { histories, sessions, endMs, notes } = await loadLibrary(folder, 'nyse');
  const { symbol, timeframe, day, start, end, open, high, low, close, volume } =
    histories.get(abc)!;
  return {
    symbol,
    timeframe,
    day,
    start,
    end,
    open,
    high,
    low,
    close,
    volume,
    sessions,
    endMs,
    notes,
  };
};

describe('columns beside a file', () => {
  test('tell what the file told, in sessions, notes and every figure', async () => {
    const folder = await folderOf({ 'ABC.csv': bars });
    const first = await told(folder);
    expect(first.start.length).toBe(30 * 78);
    const before = await readFile(columns(folder));
    expect(await told(folder)).toEqual(first);
    expect(await readFile(columns(folder))).toEqual(before);
    const digests = boundBars(await loadLibrary(folder, 'nyse'));
    await rm(columns(folder));
    expect(boundBars(await loadLibrary(folder, 'nyse'))).toEqual(digests);
  });

  test('are of its bytes, its splits and its calendar: another of them is read anew', async () => {
    const folder = await folderOf({ 'ABC.csv': bars });
    const first = await told(folder);
    await writeFile(join(folder, 'ABC.csv'), bars.replaceAll(',100.30,100.50,', ',100.31,100.50,'));
    const changed = await told(folder);
    expect(changed.open).not.toEqual(first.open);
    await writeFile(join(folder, 'splits.csv'), 'symbol,date,ratio\nABC,2021-01-20,1:1\n');
    expect((await told(folder)).open).toEqual(changed.open);
    expect((await loadLibrary(folder, 'every-day')).sessions[0]?.calendar).toBe('every-day-1');
  });

  test('are not touched before a figure is asked for, and refused when they are damaged', async () => {
    const folder = await folderOf({ 'ABC.csv': bars });
    await told(folder);
    const bytes = await readFile(columns(folder));
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    await writeFile(columns(folder), bytes);
    const library = await loadLibrary(folder, 'nyse');
    expect(library.sessions.length).toBe(30);
    expect(() => library.histories.get(abc)?.close).toThrow('is damaged: remove it');
    for (const cut of [3, 50, bytes.length - 1]) {
      await writeFile(columns(folder), bytes.subarray(0, cut));
      expect((await told(folder)).start.length).toBe(30 * 78);
    }
  });

  test('that cannot be kept are told, and cost nothing but time', async () => {
    const folder = await folderOf({
      'ABC.csv': bars,
      '.columns': 'a file where a folder should be',
    });
    const { start, notes } = await told(folder);
    expect(start.length).toBe(30 * 78);
    expect(notes.join()).toMatch(
      /its columns could not be kept \(\w+\), and it will be read again/,
    );
  });
});
