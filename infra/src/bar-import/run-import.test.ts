import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ticker } from '@sentinel/contracts/market';
import { strToU8, zipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { historicalMarketData } from '../market-data/index.ts';
import { readOptions } from './options.ts';
import { runImport } from './run-import.ts';
import { dailyReference, type ReferenceBar } from './samples/reference.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});
const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-run-import-'));
  folders.push(folder);
  return folder;
};
const daily = dailyReference();
const fileOf = (bars: readonly ReferenceBar[], splitOn?: string): string =>
  [
    'Date,Open,High,Low,Close,Volume,Dividends,Stock Splits',
    ...bars.map(({ date, open, high, low, close, volume }) => {
      const before = splitOn !== undefined && date < splitOn;
      const text = (price: string) => (before ? (Number(price) * 4).toFixed(2) : price);
      return `${date},${[open, high, low, close].map(text).join()},${volume},0.0,${date === splitOn ? 4 : 0}`;
    }),
  ].join('\n');

const run = async (source: string, into: string, ...flags: readonly string[]) => {
  const lines: string[] = [];
  const options = readOptions([source, '--into', into, ...flags]);
  const result = await runImport(
    options,
    (line) => lines.push(line),
    () => undefined,
  );
  return { ...result, lines };
};

describe('an import', () => {
  test('fills a library that the replay opens, with its splits and a report', async () => {
    const [folder, into] = [await newFolder(), join(await newFolder(), 'bars')];
    const splitOn = daily[20]?.date ?? '';
    const zip = zipSync({
      'AAPL.csv': strToU8(fileOf(daily, splitOn)),
      'MSFT.csv': strToU8(fileOf(daily)),
      'bad.csv': strToU8('no bars here'),
    });
    await writeFile(join(folder, 'all.zip'), zip);
    const { summaries, lines, report } = await run(folder, into);
    expect(summaries.map(({ symbol, is }) => [symbol, is])).toEqual([
      ['AAPL', 'taken'],
      ['MSFT', 'taken'],
      [null, 'asked'],
    ]);
    expect(lines.filter((line) => line.startsWith('taken')).length).toBe(2);
    expect(lines.join('\n')).toContain('bad.csv: has no header');
    expect(await readFile(join(into, 'splits.csv'), 'utf8')).toBe(
      `symbol,date,ratio\nAAPL,${splitOn},4:1\n`,
    );
    const page = await readFile(report, 'utf8');
    expect(page).toContain('<svg');
    expect(page).toContain('class="split"');
    const market = await historicalMarketData({
      directory: into,
      speed: 1e6,
      monotonicMs: () => 1e9,
    });
    expect((await market.health()).detail).not.toContain('not taken');
    const later = await historicalMarketData({ directory: into, speed: 1, monotonicMs: () => 0 });
    const shown = await later.bars('AAPL' as Ticker, { timeframe: '1Day', limit: 1 });
    expect(shown.close[0]).toBe(Number(daily[0]?.close));
  });

  test('takes a longer history in the place of its beginning, and no other', async () => {
    const [folder, into] = [await newFolder(), await newFolder()];
    const source = join(folder, 'AAPL.csv');
    const written = () => readFile(join(into, 'AAPL.csv'), 'utf8');
    await writeFile(source, fileOf(daily.slice(0, 40)));
    await run(source, into);
    const short = await written();
    await writeFile(source, fileOf(daily));
    expect((await run(source, into)).summaries[0]?.is).toBe('taken');
    expect((await written()).startsWith(short)).toBe(true);
    const long = await written();
    await writeFile(source, fileOf(daily.slice(1)));
    const other = await run(source, into);
    expect(other.summaries[0]?.is).toBe('refused');
    expect(other.lines.join('\n')).toContain('holds other bars: move it away');
    expect(await written()).toBe(long);
  });

  test('that only tries writes a report and no bars', async () => {
    const [folder, into] = [await newFolder(), await newFolder()];
    await writeFile(join(folder, 'AAPL.csv'), fileOf(daily));
    const { summaries } = await run(folder, into, '--dry-run');
    expect(summaries[0]?.is).toBe('taken');
    expect((await readdir(into)).sort()).toEqual(['import-report.html', 'import-report.json']);
  });

  test('of nothing says so', async () => {
    const { summaries } = await run(await newFolder(), await newFolder());
    expect(summaries[0]?.findings[0]?.text).toBe('holds no files');
    const missing = await run('/no/such/file.csv', await newFolder());
    expect(missing.summaries[0]?.findings[0]?.text).toContain('cannot be read');
  });
});
