import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ticker } from '@sentinel/contracts/market';
import { afterAll, describe, expect, test } from 'vitest';
import { boundBars } from './bound-bars.ts';
import { loadLibrary } from './library.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

type Files = Readonly<Record<string, string>>;
const libraryOf = async (files: Files) => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-bound-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return loadLibrary(folder, 'nyse');
};

const header = 'date,open,high,low,close,volume';
const days = [
  '2020-03-05,10,12,9.5,11,1000000',
  '2020-03-06,11,13,10,12,2340000',
  '2020-03-09,12,12.5,8,9,3000000',
  '2020-03-10,9,10,8,9.5,3000000',
];
const fileOf = (...lines: readonly string[]) => [header, ...lines].join('\n');
const three = days.slice(0, 3);
const dividends = (...lines: readonly string[]) => ['symbol,date,amount', ...lines].join('\n');

const aapl = 'AAPL' as Ticker;
const was: Files = {
  'AAPL.csv': fileOf(...three),
  'MSFT.csv': fileOf(...three),
  'dividends.csv': dividends('AAPL,2020-03-06,0.25'),
};

/** The digest of the first three bars of AAPL among these files. */
const ofThree = async (files: Files) =>
  boundBars(await libraryOf(files), new Map([[aapl, 3]])).map(({ digest }) => digest);

describe('what a log is bound to of a folder of bars', () => {
  test('is told by symbol, with how many bars and until when', async () => {
    const bars = boundBars(await libraryOf(was));
    expect(bars.map(({ symbol, count, until }) => [symbol, count, `${until}`])).toEqual([
      ['AAPL', 3, '2020-03-09T13:30:00Z'],
      ['MSFT', 3, '2020-03-09T13:30:00Z'],
    ]);
    expect(await ofThree(was)).toEqual([bars[0]?.digest]);
    expect(bars[0]?.digest).not.toBe(bars[1]?.digest);
  });

  test.each<[string, Files]>([
    ['bars at the end', { 'AAPL.csv': fileOf(...days) }],
    ['another symbol', { 'NVDA.csv': fileOf(...days) }],
    [
      'a dividend at the end',
      {
        'AAPL.csv': fileOf(...days),
        'dividends.csv': dividends('AAPL,2020-03-06,0.25', 'AAPL,2020-03-10,0.25'),
      },
    ],
    ['what is of another symbol', { 'MSFT.csv': fileOf(...three.slice(1)) }],
    [
      'the same figures written otherwise',
      {
        'AAPL.csv': fileOf(...three).replace('12,9.5', '12.00,9.50'),
      },
    ],
  ])('stays with %s', async (_, more) => {
    expect(await ofThree({ ...was, ...more })).toEqual(await ofThree(was));
  });

  test.each<[string, Files]>([
    ['a price', { 'AAPL.csv': fileOf(...three).replace(',9.5,', ',9.4,') }],
    ['a volume', { 'AAPL.csv': fileOf(...three).replace('2340000', '2340001') }],
    ['a bar at the beginning', { 'AAPL.csv': fileOf('2020-03-04,10,12,9.5,10,100', ...three) }],
    ['a bar less', { 'AAPL.csv': fileOf(...three.slice(0, 2)) }],
    ['an earlier dividend', { 'dividends.csv': dividends('AAPL,2020-03-06,0.26') }],
    ['a dividend gone', { 'dividends.csv': dividends('MSFT,2020-03-06,0.25') }],
    [
      'a split at the end, which restates what was',
      {
        'AAPL.csv': fileOf(...three, '2020-03-10,4.5,5,4,4.75,6000000'),
        'splits.csv': 'symbol,date,ratio\nAAPL,2020-03-10,2:1',
      },
    ],
  ])('is another with %s', async (_, more) => {
    expect(await ofThree({ ...was, ...more })).not.toEqual(await ofThree(was));
  });
});
