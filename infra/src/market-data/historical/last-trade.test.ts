import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { price } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { historicalMarketData } from './historical-market-data.ts';

const header = 'date,open,high,low,close,volume';
/** OFF has no bar on Monday, the ex-date; the index gives Monday its session. */
const files = {
  'SPX.csv': [header, '2020-03-06,1,1,1,1,9', '2020-03-09,1,1,1,1,9', '2020-03-10,1,1,1,1,9'],
  'OFF.csv': [header, '2020-03-06,100,100,100,100,9', '2020-03-10,90,90,90,90,9'],
  'dividends.csv': ['symbol,date,amount', 'OFF,2020-03-08,10'],
};
const off = 'OFF' as Ticker;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sentinel-bars-'));
  for (const [name, lines] of Object.entries(files))
    await writeFile(join(directory, name), lines.join('\n'));
});
afterAll(() => rm(directory, { recursive: true }));

/** The ex-date is a Sunday: it counts for Monday's session. */
test.each([
  ['until its session ends, is what was paid', '2020-03-06T21:00:00Z', '100'],
  [
    'in the night, is without a dividend that counts for the next session',
    '2020-03-07T12:00:00Z',
    '90',
  ],
  ['on a day without its bars, is still without it', '2020-03-09T18:00:00Z', '90'],
  ['once it trades again, is what it trades at', '2020-03-10T18:00:00Z', '90'],
])('the last trade of a symbol %s', async (_, at, last) => {
  const market = await historicalMarketData({ directory, speed: 1, monotonicMs: () => 0 });
  const trade = await market.freeze(Temporal.Instant.from(at)).lastTrade(off);
  expect(trade?.price).toBe(price.of(last));
});

test('a symbol of dividends.csv that has no bars refuses the directory', async () => {
  const wrong = await mkdtemp(join(tmpdir(), 'sentinel-bars-'));
  await writeFile(join(wrong, 'OFF.csv'), files['OFF.csv'].join('\n'));
  await writeFile(join(wrong, 'dividends.csv'), 'symbol,date,amount\nOFR,2020-03-08,10');
  await expect(
    historicalMarketData({ directory: wrong, speed: 1, monotonicMs: () => 0 }),
  ).rejects.toThrow('dividends.csv line 2: "OFR" is no symbol of this directory');
  await rm(wrong, { recursive: true });
});
