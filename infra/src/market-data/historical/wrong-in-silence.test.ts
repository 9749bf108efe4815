import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exchangeDays, type Ticker } from '@sentinel/contracts/market';
import { afterAll, describe, expect, test } from 'vitest';
import { readBarFile } from './bar-file.ts';
import { barSessions } from './bar-sessions.ts';
import { loadLibrary } from './library.ts';
import { settleSplits } from './splits.ts';
import { barsOfDays, stampedFile, tradingDays } from './test-days.ts';

const header = 'date,open,high,low,close,volume';
const settled = (symbol: string, ...lines: readonly string[]) =>
  settleSplits(
    readBarFile(`${symbol}.csv`, [header, ...lines].join('\n')),
    symbol as Ticker,
    new Map(),
  );
const placed = (text: string, rule: 'nyse' | 'every-day' = 'nyse') =>
  barSessions(readBarFile('ABC.csv', text), rule);

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});
const libraryOf = async (files: Readonly<Record<string, string>>) => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-silent-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return loadLibrary(folder, 'nyse');
};

describe('a split that nobody declared', () => {
  test('of Apple in 2020, by its raw prices, is asked about with its ratio', () => {
    expect(() =>
      settled(
        'AAPL',
        '2020-08-27,508.57,509.94,495.33,500.04,155552400',
        '2020-08-28,504.05,505.77,498.31,499.23,187630000',
        '2020-08-31,127.58,131,126,129.04,225702700',
      ),
    ).toThrow(
      'a step of 3.913, as after a split of 4:1; declare it in splits.csv by AAPL,2020-08-31,4:1',
    );
  });

  test('of Amazon in 2022, by its raw prices, is asked about with its ratio', () => {
    expect(() =>
      settled('AMZN', '2022-06-03,2447,2447,2447,2447,1', '2022-06-06,125.25,125.25,124,124.79,1'),
    ).toThrow('a step of 19.537, as after a split of 20:1');
  });

  test.each([
    [1.37, false],
    [1.45, false],
    [2.3, false],
    [17.2, false],
    [1 / 1.37, false],
    [1 / 34, false],
    [1.34, true],
    [1 / 1.34, true],
  ])('by a step of %d passes: %s', (step, passes) => {
    const steady = tradingDays('2020-03-02', 12).map((day) => exchangeDays.dateOf(day));
    const rows = steady.map((date, n) => {
      const price = (n < 11 ? 100 : 100 / step).toFixed(4);
      return `${date},${price},${price},${price},${price},1`;
    });
    const settling = () => settled('ABC', ...rows);
    if (passes) expect(settling).not.toThrow();
    else expect(settling).toThrow('declare it in splits.csv');
  });
});

describe('times that do not say their zone', () => {
  const days = [...tradingDays('2021-01-11', 8), ...tradingDays('2021-07-12', 8)];
  const zones = [
    'UTC',
    'America/Chicago',
    'America/Los_Angeles',
    'Europe/London',
    'Europe/Berlin',
    'Etc/GMT+5',
    'Asia/Tokyo',
  ];
  test.each(zones.flatMap((zone) => [1, 5, 15].map((minutes) => [zone, minutes] as const)))(
    'of %s with hours before the market, in bars of %d minutes, are refused by name',
    (zone, minutes) => {
      const bars = barsOfDays(days, { minutes, hours: [240, 1_200] });
      const named = zone === 'Etc/GMT+5' ? 'New York winter time all year' : zone;
      expect(() => placed(stampedFile(bars, zone))).toThrow(`the times look like ${named}`);
      expect(placed(stampedFile(bars, 'America/New_York')).notes.join()).not.toContain('volumes');
    },
  );

  test.each([1, 5, 15, 60])(
    'of regular hours alone, in bars of %d minutes, are refused too',
    (minutes) => {
      const bars = barsOfDays(days, { minutes, hours: [570, 960] });
      for (const zone of ['UTC', 'America/Chicago', 'America/Los_Angeles', 'Europe/London'])
        expect(() => placed(stampedFile(bars, zone))).toThrow(`the times look like ${zone}`);
      expect(placed(stampedFile(bars, 'America/New_York')).notes.join()).not.toContain('volumes');
    },
  );

  test('that nothing proves are told', () => {
    const flat = barsOfDays(days, { minutes: 5, hours: [240, 1_200] }).map((bar) => ({
      ...bar,
      volume: 100,
    }));
    expect(placed(stampedFile(flat, 'America/New_York')).notes.join()).toContain(
      'nothing in its volumes shows that its times are New York’s',
    );
  });
});

describe('bars stamped at their end', () => {
  const days = [...tradingDays('2021-01-11', 6), ...tradingDays('2021-07-12', 6)];
  test.each([
    [1, 570, 960],
    [5, 570, 960],
    [15, 570, 960],
    [60, 570, 930],
    [1, 240, 1_200],
    [5, 240, 1_200],
    [15, 240, 1_200],
  ])('of %d minutes from minute %d to %d are refused', (minutes, from, to) => {
    const bars = barsOfDays(days, { minutes, hours: [from, to], stamp: 'end' });
    expect(() => placed(stampedFile(bars, 'America/New_York'))).toThrow('--stamp end');
    const zoned = stampedFile(bars, 'UTC').replaceAll(/(\d\d:\d\d:\d\d)/g, '$1Z');
    expect(() => placed(zoned)).toThrow('the bars are stamped at their end');
  });

  test('in another zone are refused with both flags', () => {
    const bars = barsOfDays(days, { minutes: 5, hours: [240, 1_200], stamp: 'end' });
    expect(() => placed(stampedFile(bars, 'America/Chicago'))).toThrow(
      'import it with --zone America/Chicago --stamp end',
    );
  });
});

describe('dates that are no days', () => {
  const every = (days: number, count: number, from: string) =>
    Array.from({ length: count }, (_, n) => {
      const date = Temporal.PlainDate.from(from).add({ days: n * days });
      return `${date},10,11,9,10,100`;
    });
  test.each([
    ['weekly', every(7, 60, '2020-01-06')],
    [
      'monthly',
      Array.from(
        { length: 30 },
        (_, n) => `${Temporal.PlainDate.from('2018-01-01').add({ months: n })},10,11,9,10,100`,
      ),
    ],
    ['quarterly', every(91, 12, '2018-01-02')],
  ])('%s bars are refused, also with a last one that is not whole', (name, rows) => {
    const last = rows.at(-1)?.slice(0, 10) ?? '';
    const partial = `${Temporal.PlainDate.from(last).add({ days: 1 })},10,11,9,10,100`;
    expect(() => readBarFile('ABC.csv', [header, ...rows].join('\n'))).toThrow(
      `the bars are ${name}`,
    );
    expect(() => readBarFile('ABC.csv', [header, ...rows, partial].join('\n'))).toThrow(name);
  });
});

describe('a file of another symbol', () => {
  const rows = (...symbols: readonly string[]) =>
    [
      'date,symbol,open,high,low,close,volume',
      ...symbols.map((symbol, n) => `2020-03-0${n + 2},${symbol},10,11,9,10,100`),
    ].join('\n');
  test('than its name says is refused, and so are two in one', () => {
    expect(readBarFile('abc.csv', rows('ABC', 'ABC')).bars.length).toBe(2);
    expect(() => readBarFile('ABC.csv', rows('XYZ', 'XYZ'))).toThrow(
      'ABC.csv line 2: symbol "XYZ" is not what the file is named after.',
    );
    expect(() => readBarFile('ABC.csv', rows('ABC', 'XYZ'))).toThrow(
      'line 3: symbol "XYZ" stands under "ABC": a file holds one symbol',
    );
    const named = rows('Abc Corporation', 'Abc Corporation').replace('symbol', 'name');
    expect(readBarFile('ABC.csv', named).bars.length).toBe(2);
  });
});

describe('markets that trade every day', () => {
  const rowsOf = (...dates: readonly string[]) =>
    [header, ...dates.map((date) => `${date},10,11,9,10,100`)].join('\n');
  test('have their gaps told, by the weekdays on which the file trades', () => {
    expect(
      placed(rowsOf('2021-03-05', '2021-03-06', '2021-03-07', '2021-03-10'), 'every-day').notes,
    ).toEqual(['ABC.csv line 5: no bars on 2 trading days before it, from 2021-03-08']);
    expect(
      placed(rowsOf('2021-03-04', '2021-03-05', '2021-03-08', '2021-03-11'), 'every-day').notes,
    ).toEqual(['ABC.csv line 5: no bars on 2 trading days before it, from 2021-03-09']);
  });
});

describe('prices under a cent', () => {
  test('that would lose digits are refused, and the dust of binary floats is not', () => {
    const file = (price: string) => `${header}\n2020-03-05,${price},${price},${price},${price},1`;
    expect(() => readBarFile('ABC.csv', file('0.00001234'))).toThrow(
      'open "0.00001234" has digits below a millionth of a dollar, which would be lost: import the file with --scale',
    );
    expect(() => readBarFile('ABC.csv', file('0.0000001'))).toThrow('--scale');
    expect(() => readBarFile('ABC.csv', file('0.0123456'))).toThrow('--scale');
    expect(() => readBarFile('ABC.csv', file('0.0512345'))).not.toThrow();
    expect(readBarFile('ABC.csv', file('127.48999800000001')).notes).toEqual([]);
    expect(readBarFile('ABC.csv', file('1.23456789')).notes).toEqual([
      'ABC.csv: prices of 1 bars rounded to six decimal places',
    ]);
  });
});

describe('declarations', () => {
  const bars = [
    header,
    '2020-03-05,10,10,10,10,9',
    '2020-03-06,10,10,10,10,9',
    '2020-03-09,5,5,5,5,9',
  ].join('\n');
  test('on a Saturday count for the next session, and outside the bars are told', async () => {
    const saturday = await libraryOf({
      'ABC.csv': bars,
      'splits.csv': 'symbol,date,ratio\nABC,2020-03-07,2:1',
    });
    expect([...(saturday.histories.get('ABC' as Ticker)?.close ?? [])]).toEqual([5e6, 5e6, 5e6]);
    const outside = await libraryOf({
      'ABC.csv': bars,
      'splits.csv': 'symbol,date,ratio\nABC,2020-03-09,2:1\nABC,2021-03-08,2:1\nABC,2020-03-05,2:1',
      'dividends.csv': 'symbol,date,amount\nABC,2021-03-08,1\nABC,2020-03-07,0.1',
    });
    expect(outside.notes.filter((note) => /nothing|never/.test(note))).toEqual([
      'splits.csv line 3: 2:1 of ABC lies after the last bar of ABC.csv and changes nothing',
      'splits.csv line 4: 2:1 of ABC lies not after the first bar of ABC.csv and changes nothing',
      'dividends.csv: the dividend of ABC on 2021-03-08 lies outside its bars and is never paid',
    ]);
  });

  test('of an unknown symbol are refused, in both files at once and with the faults of bars', async () => {
    await expect(
      libraryOf({
        'ABC.csv': `${bars}\n2020-03-10,x,5,5,5,9`,
        'XYZ.csv': `${header}\n2020-03-05,10,9,11,10,9`,
        'splits.csv': 'symbol,date,ratio\nABX,2020-03-07,2:1',
        'dividends.csv': 'symbol,date,amount\nABY,2020-03-07,1',
        'OLD.csv.gz': 'x',
      }),
    ).rejects.toThrow(
      /splits\.csv line 2: "ABX".*\ndividends\.csv line 2: "ABY".*\nABC\.csv line 5: open "x".*\nXYZ\.csv line 2: high is below low/,
    );
  });
});

describe('what a folder holds besides', () => {
  test('is named with its mend', async () => {
    const bars = `${header}\n2020-03-05,10,10,10,10,9`;
    const { notes } = await libraryOf({
      'ABC.csv': bars,
      'OLD.csv.gz': '',
      'X.txt': '',
      'Y.parquet': '',
    });
    expect(notes.at(-1)).toBe(
      'not taken: OLD.csv.gz (packed: unpack it, or import it), X.txt (import it by npm run import, or call it after its ticker), Y.parquet (save it as CSV)',
    );
    await expect(libraryOf({ 'ABC.csv.gz': '' })).rejects.toThrow('not taken: ABC.csv.gz (packed');
    const reversed = `${header}\n2020-03-06,1,1,1,1,9\n2020-03-05,1,1,1,1,9\n2020-03-04,1,1,1,1,9`;
    await expect(libraryOf({ 'ABC.csv': reversed })).rejects.toThrow(
      'ABC.csv line 3: the bars run newest first: sort them oldest first.',
    );
  });
});
