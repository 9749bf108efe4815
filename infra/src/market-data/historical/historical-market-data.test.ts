import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { price } from '@sentinel/contracts/kernel';
import { MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { marketDataContract } from '../../contract-tests/market-data.ts';
import { type HistoricalOptions, historicalMarketData } from './historical-market-data.ts';

const ticker = (symbol: string) => symbol as Ticker;
const instant = (text: string) => Temporal.Instant.from(text);
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

const folderOf = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-bars-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
};

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const sp500 = await readFile(
  join(repository, 'node_modules/vega-datasets/data/sp500-2000.csv'),
  'utf8',
);

/** A replay at the wall's speed on a clock that the test moves by milliseconds. */
const replay = async (directory: string, options: Partial<HistoricalOptions> = {}) => {
  let ms = 0;
  const marketData = await historicalMarketData({
    directory,
    speed: 1,
    monotonicMs: () => ms,
    ...options,
  });
  return {
    marketData,
    advance: (by: number) => {
      ms += by;
    },
  };
};

const header = 'date,open,high,low,close,volume';
const dailyFile = [
  header,
  '2020-03-05,10,12,9.5,11,1000000',
  '2020-03-06,11,13,10,12.123456,2340000',
  '2020-03-09,12,12.5,8,9,3000000',
].join('\n');
const minuteFile = [
  'timestamp,open,high,low,close,volume',
  '2020-03-05 09:25,9,9,9,9,5',
  '2020-03-05 09:30,10,11,9,10.5,100',
  '2020-03-05 09:35,10.5,12,10,11,200',
  '2020-03-05 09:50,11,11.5,10.5,11.2,300',
  '2020-03-05 15:55,11.2,11.3,8.5,9,400',
  '2020-03-06 09:30,9,9,9,9,500',
  '2020-03-06 09:35,9,9.5,9,9.5,600',
].join('\n');

const spx = await folderOf({ 'SPX.csv': sp500 });
marketDataContract('a replay of daily bars', async () => ({
  ...(await replay(spx)),
  known: ticker('SPX'),
  unknown: ticker('AAPL'),
  timeframes: ['1Day'],
}));

const minutes = (() => {
  const lines = ['timestamp,open,high,low,close,volume'];
  for (const date of ['2020-03-05', '2020-03-06', '2020-03-09'])
    for (let i = 0; i < 390; i++) {
      const time = `${date}T${String(9 + Math.floor((30 + i) / 60)).padStart(2, '0')}:${String((30 + i) % 60).padStart(2, '0')}`;
      const open = 50 + ((i * 7) % 13) / 10;
      lines.push(`${time},${open},${open + 0.4},${open - 0.3},${open + 0.1},${1_000 + i}`);
    }
  return lines.join('\n');
})();
const intradayFolder = await folderOf({ 'ABC.csv': minutes });
marketDataContract('a replay of minute bars', async () => ({
  ...(await replay(intradayFolder)),
  known: ticker('ABC'),
  unknown: ticker('AAPL'),
  timeframes: ['1Min', '5Min', '15Min', '1Hour', '1Day'],
}));

describe('a replay', () => {
  test('begins at 10:00 New York with 260 days behind it, or on the second day', async () => {
    const long = await replay(spx);
    expect(long.marketData.now().toString()).toBe('2001-01-12T15:00:00Z');
    expect(
      (await long.marketData.bars(ticker('SPX'), { timeframe: '1Day', limit: 5_000 })).start.length,
    ).toBe(260);
    const short = await replay(await folderOf({ 'ABC.csv': dailyFile }));
    expect(short.marketData.now().toString()).toBe('2020-03-06T15:00:00Z');
  });

  test('skips closed hours, across the change of clocks, at its speed', async () => {
    const start = instant('2020-03-06T20:59:59Z');
    const { marketData, advance } = await replay(await folderOf({ 'ABC.csv': dailyFile }), {
      start,
      speed: 10,
    });
    expect(marketData.now().toString()).toBe('2020-03-06T20:59:59Z');
    advance(200);
    expect(marketData.now().toString()).toBe('2020-03-09T13:30:01Z');
    expect(marketData.session(marketData.now())).toEqual({
      state: 'open',
      date: '2020-03-09',
      opensAt: instant('2020-03-09T13:30:00Z'),
      closesAt: instant('2020-03-09T20:00:00Z'),
      calendar: 'NYSE-1',
    });
  });

  test('ends with the data: the session is closed, nothing is quoted, all bars are told', async () => {
    const { marketData, advance } = await replay(await folderOf({ 'ABC.csv': dailyFile }), {
      speed: 1_000_000,
    });
    advance(1e6);
    expect(marketData.now().toString()).toBe('2020-03-09T20:00:00Z');
    expect(marketData.session(marketData.now())).toMatchObject({
      state: 'closed',
      date: '2020-03-09',
    });
    expect(await marketData.quote(ticker('ABC'))).toBeUndefined();
    const bars = await marketData.bars(ticker('ABC'), { timeframe: '1Day', limit: 10 });
    expect([...bars.close]).toEqual([11, 12.123456, 9]);
  });

  test('resumes where it left off, whatever the start, and in closed hours at the next opening', async () => {
    const directory = await folderOf({ 'ABC.csv': dailyFile });
    const start = instant('2020-03-05T15:00:00Z');
    const resumed = await replay(directory, { start, resumeFrom: instant('2020-03-06T17:00:00Z') });
    expect(resumed.marketData.now().toString()).toBe('2020-03-06T17:00:00Z');
    const weekend = await replay(directory, { start: instant('2020-03-07T17:00:00Z') });
    expect(weekend.marketData.now().toString()).toBe('2020-03-09T13:30:00Z');
    const early = await replay(directory, { start: instant('2020-03-05T10:00:00Z') });
    expect(early.marketData.now().toString()).toBe('2020-03-05T14:30:00Z');
    const finished = await replay(directory, { resumeFrom: instant('2021-01-01T00:00:00Z') });
    expect(finished.marketData.session(finished.marketData.now()).state).toBe('closed');
  });

  test('quotes open at the open, touch both extremes, nearer first, and end at the close', async () => {
    const start = instant('2020-03-06T14:30:00Z');
    const { marketData, advance } = await replay(await folderOf({ 'ABC.csv': dailyFile }), {
      start,
    });
    const lasts: number[] = [];
    for (let second = 0; second < 23_400; second++) {
      lasts.push(price.toFloat((await marketData.quote(ticker('ABC')))!.last));
      advance(1_000);
    }
    expect(lasts[0]).toBe(11);
    expect(lasts.at(-1)).toBe(12.123456);
    expect(Math.min(...lasts)).toBe(10);
    expect(Math.max(...lasts)).toBe(13);
    expect(lasts.indexOf(10)).toBeLessThan(lasts.indexOf(13));
    const steps = lasts.slice(1).map((last, i) => Math.abs(last - lasts[i]!));
    expect(Math.max(...steps)).toBeLessThan(0.001);
  });

  test('tells nothing of later bars, nor of the current one but the path of its price', async () => {
    const figure = fc.integer({ min: 13, max: 16 });
    await fc.assert(
      fc.asyncProperty(
        figure,
        fc.integer({ min: 10_000_000, max: 90_000_000 }),
        fc.integer({ min: 0, max: 6 * 3_600 }),
        async (later, volume, second) => {
          const changed = dailyFile
            .replace('2340000', String(volume))
            .replace('12,12.5,8,9,3000000', `${later},${later},${later},${later},${volume}`);
          const start = instant('2020-03-06T14:30:00Z').add({ seconds: second });
          const answers = async (text: string) => {
            const { marketData } = await replay(await folderOf({ 'ABC.csv': text }), { start });
            const bars = await marketData.bars(ticker('ABC'), { timeframe: '1Day', limit: 10 });
            return [await marketData.quote(ticker('ABC')), bars];
          };
          expect(await answers(changed)).toEqual(await answers(dailyFile));
        },
      ),
      { numRuns: 20 },
    );
  });

  test('the close moves no price before the last third of its bar', async () => {
    const other = dailyFile.replace('10,12.123456', '10,10.5');
    const quoteAt = async (text: string, time: string) => {
      const { marketData } = await replay(await folderOf({ 'ABC.csv': text }), {
        start: instant(time),
      });
      return marketData.quote(ticker('ABC'));
    };
    for (const time of ['2020-03-06T14:30:07Z', '2020-03-06T17:00:00Z', '2020-03-06T18:49:00Z'])
      expect(await quoteAt(other, time)).toEqual(await quoteAt(dailyFile, time));
    const late = '2020-03-06T19:30:00Z';
    expect(await quoteAt(other, late)).not.toEqual(await quoteAt(dailyFile, late));
  });

  test('minute bars give longer ones, gaps stand at the last close, other hours are left out and told', async () => {
    const start = instant('2020-03-05T14:42:00Z');
    const { marketData, advance } = await replay(await folderOf({ 'ABC.csv': minuteFile }), {
      start,
    });
    expect((await marketData.health()).detail).toContain(
      "ABC.csv: 1 bar outside the session's hours left out",
    );
    expect((await marketData.quote(ticker('ABC')))!.last).toBe(price.of('11'));
    advance(6.5 * 3_600_000 - 3 * 60_000);
    expect(marketData.now().toString()).toBe('2020-03-06T14:39:00Z');
    const quarter = await marketData.bars(ticker('ABC'), { timeframe: '15Min', limit: 10 });
    expect([...quarter.close]).toEqual([11, 11.2, 9]);
    expect([...quarter.volume]).toEqual([300, 300, 400]);
    const daily = await marketData.bars(ticker('ABC'), { timeframe: '1Day', limit: 10 });
    expect([daily.open[0], daily.high[0], daily.low[0], daily.close[0], daily.volume[0]]).toEqual([
      10, 12, 8.5, 9, 1_000,
    ]);
    expect(
      (await marketData.bars(ticker('ABC'), { timeframe: '1Min', limit: 10 })).start.length,
    ).toBe(0);
    advance(3_600_000);
    expect(marketData.now().toString()).toBe('2020-03-06T14:40:00Z');
  });

  test('refuses in one sentence what it cannot serve', async () => {
    const refusal = async (files: Readonly<Record<string, string>>) => {
      const error: unknown = await replay(await folderOf(files)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(MarketDataUnavailable);
      return (error as MarketDataUnavailable).message;
    };
    expect(await refusal({})).toMatch(/^The directory \S+ holds no file such as AAPL\.csv\.$/);
    expect(await refusal({ 'aapl-2015.csv': dailyFile })).toBe(
      'aapl-2015.csv: the file must be named after its ticker, such as AAPL.csv.',
    );
    expect(await refusal({ 'ABC.csv': `${header}\n2020-01-02,1,1,1,x,1` })).toBe(
      'ABC.csv line 2: close "x" is not a price above 0 and up to 1,000,000.',
    );
    await expect(replay(join(tmpdir(), 'sentinel-no-such-folder'))).rejects.toThrow(
      /^The directory \S+ cannot be read/,
    );
    await expect(replay(spx, { speed: 0 })).rejects.toThrow(RangeError);
  });
});
