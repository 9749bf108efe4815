import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { ImportProblem, readOptions } from './options.ts';
import { barsOf, expectedBars, imported, said } from './samples/importing.ts';
import { dailyReference, intradayReference, type ReferenceBar, wall } from './samples/reference.ts';

const daily = dailyReference();
const row = (bar: ReferenceBar, date = bar.date) =>
  `${date},${bar.open},${bar.high},${bar.low},${bar.close},${bar.volume}`;
const header = 'Date,Open,High,Low,Close,Volume';
const plain = [header, ...daily.map((bar) => row(bar))].join('\n');
const expected = expectedBars(daily, 'daily');

describe('packed files', () => {
  test('are opened: gz, zip, and gz in zip', async () => {
    const zip = zipSync({
      'data/AAPL.csv': strToU8(plain),
      'data/MSFT.csv.gz': gzipSync(plain),
      '__MACOSX/AAPL.csv': strToU8('x'),
    });
    const outcomes = await imported({ 'NVDA.csv.gz': gzipSync(plain), 'all.zip': zip });
    expect(outcomes.map(({ symbol }) => symbol)).toEqual(['NVDA', 'AAPL', 'MSFT']);
    for (const outcome of outcomes) expect(barsOf(outcome)).toEqual(expected);
  });

  test('that are broken, or no text, are named with the mend', async () => {
    const outcomes = await imported({
      'A.csv.gz': gzipSync(plain).subarray(0, 200),
      'B.zip': Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.alloc(40)]),
      'C.parquet': 'PAR1',
      'D.csv': Buffer.from([0x41, 0, 0, 0x42, 9, 0]),
    });
    expect(outcomes.map(({ proven }) => proven)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(said(outcomes).match(/cannot be unpacked|is no text: save it as CSV/g)?.length).toBe(4);
  });
});

describe('what the data does not prove is asked for by its flag', () => {
  test('the order of day and month, where all dates may be either', async () => {
    const early = daily.filter(({ date }) => Number(date.slice(8)) <= 12).slice(0, 3);
    const dates = ['02/03/2021', '03/03/2021', '05/03/2021'];
    const file = [header, ...early.map((bar, i) => row(bar, dates[i]))].join('\n');
    const asked = await imported({ 'AAPL.csv': file });
    expect(said(asked)).toContain('say --date-order mdy or --date-order dmy');
    const [told] = await imported({ 'AAPL.csv': file }, '--date-order', 'dmy');
    expect(barsOf(told!).map((bar) => bar.slice(0, 10))).toEqual([
      '2021-03-02',
      '2021-03-03',
      '2021-03-05',
    ]);
    const wrong = [
      header,
      ...early.map((bar, i) => row(bar, ['13/01/2021', '14/01/2021', '15/01/2021'][i])),
    ].join('\n');
    expect(said(await imported({ 'AAPL.csv': wrong }, '--date-order', 'mdy'))).toContain(
      'contradicts its dates',
    );
  });

  test('the symbol, where neither name nor column tells one', async () => {
    const asked = await imported({ 'HistoricalData_1611.csv': plain });
    expect(said(asked)).toContain('say --symbol TICKER');
    const [told] = await imported({ 'HistoricalData_1611.csv': plain }, '--symbol', 'aapl');
    expect(told?.symbol).toBe('AAPL');
  });

  test('columns without a header whose order the figures do not prove, and missing ones', async () => {
    const swapped = daily
      .map((bar) => `${bar.date},${bar.close},${bar.low},${bar.high},${bar.open},${bar.volume}`)
      .join('\n');
    expect(said(await imported({ 'AAPL.csv': swapped }))).toContain('say --columns');
    const [told] = await imported(
      { 'AAPL.csv': swapped },
      '--columns',
      'date,close,low,high,open,volume',
    );
    expect(barsOf(told!)).toEqual(expected);
    const odd = plain.replace('Close', 'Schluss');
    expect(said(await imported({ 'AAPL.csv': odd }))).toContain('names no column for close');
    const [named] = await imported({ 'AAPL.csv': odd }, '--columns', 'close=Schluss');
    expect(barsOf(named!)).toEqual(expected);
  });

  test('zone and stamp, where volumes show neither', async () => {
    const bars = intradayReference().map((bar) => ({ ...bar, volume: 100 }));
    const file = [
      'timestamp,open,high,low,close,volume',
      ...bars.map((bar) => row(bar, wall(bar.ms, 'America/Chicago'))),
    ].join('\n');
    expect(said(await imported({ 'AAPL.csv': file }))).toMatch(/say --zone[\s\S]*say --stamp/);
    const [told] = await imported(
      { 'AAPL.csv': file },
      '--zone',
      'America/Chicago',
      '--stamp',
      'start',
    );
    expect(barsOf(told!)).toEqual(expectedBars(bars, 'intraday'));
  });

  test('commas that may part thousands or decimals', async () => {
    const file = [
      'Date;Open;High;Low;Close;Volume',
      '2021-02-01;1,250;1,260;1,240;1,251;100',
      '2021-02-02;1,250;1,260;1,240;1,251;100',
    ].join('\n');
    expect(said(await imported({ 'AAPL.csv': file }))).toContain(
      'say --decimal point or --decimal comma',
    );
    const [comma] = await imported({ 'AAPL.csv': file }, '--decimal', 'comma');
    expect(barsOf(comma!)[0]).toBe('2021-02-01 1.25 1.26 1.24 1.251 100');
    const [point] = await imported({ 'AAPL.csv': file }, '--decimal', 'point');
    expect(barsOf(point!)[0]).toBe('2021-02-01 1250 1260 1240 1251 100');
  });

  test('prices under a cent, which are taken by --scale', async () => {
    const file = [
      header,
      '2021-02-01,0.00001234,0.00001244,0.00001204,0.00001235,5000000',
      '2021-02-02,0.00001234,0.00001244,0.00001204,0.00001235,5000000',
    ].join('\n');
    expect(said(await imported({ 'SHIB.csv': file }))).toContain('--scale');
    const [told] = await imported({ 'SHIB.csv': file }, '--scale', '1000');
    expect(barsOf(told!)[0]).toBe('2021-02-01 0.01234 0.01244 0.01204 0.01235 5000');
  });

  test('empty rows, repeated bars and dust, which safe takes out by line', async () => {
    const lines = plain.split('\n');
    const dusty = daily[9]!;
    const high = (Math.max(Number(dusty.open), Number(dusty.close)) - 0.001).toFixed(3);
    lines[10] = `${dusty.date},${dusty.open},${high},${dusty.low},${dusty.close},${dusty.volume}`;
    lines.splice(5, 0, '2021-02-04,null,null,null,null,null', lines[4]!);
    const file = lines.join('\n');
    expect(said(await imported({ 'AAPL.csv': file }))).toMatch(
      /asked 6 has no prices: say --repair safe/,
    );
    const safe = await imported({ 'AAPL.csv': file }, '--repair', 'safe');
    expect(said(safe)).toMatch(
      /told 6 a row without prices[\s\S]*told 7 repeats line 5[\s\S]*told 13 has open or close outside/,
    );
    expect(barsOf(safe[0]!).length).toBe(daily.length);
    const contradicting = `${plain}\n${row({ ...daily[3]!, close: daily[3]!.low })}`;
    expect(said(await imported({ 'AAPL.csv': contradicting }, '--repair', 'safe'))).toContain(
      'refused 62 has other figures than line 5',
    );
    const impossible = plain.replace(row(daily[4]!), row({ ...daily[4]!, high: '1' }));
    expect(said(await imported({ 'AAPL.csv': impossible }, '--repair', 'safe'))).toContain(
      'refused 6 has open or close outside',
    );
  });

  test('days on which the exchange is closed, and then the share of volume outside its hours', async () => {
    const start = Date.parse('2021-02-01T00:00:00Z');
    const hours = Array.from(
      { length: 24 * 14 },
      (_, i) => `${start + i * 3_600_000},10,11,9,10,100`,
    );
    const file = ['open_time,open,high,low,close,volume', ...hours].join('\n');
    expect(said(await imported({ 'BTCUSD.csv': file }, '--stamp', 'start'))).toContain(
      'say --calendar every-day',
    );
    const taken = await imported(
      { 'BTCUSD.csv': file },
      '--stamp',
      'start',
      '--calendar',
      'every-day',
    );
    expect(said(taken)).toMatch(/75\.0 % of its volume lies outside 09:30 to 16:00 New York/);
  });
});

describe('pieces of one history', () => {
  test('that lie side by side are one, and the same symbol from elsewhere is refused', async () => {
    const [first, second] = [daily.slice(0, 30), daily.slice(30)].map((bars) =>
      [header, ...bars.map((bar) => row(bar))].join('\n'),
    );
    const [whole, ...rest] = await imported({
      'AAPL-2021-01.csv': first!,
      'AAPL-2021-02.csv': second!,
    });
    expect(rest).toEqual([]);
    expect(barsOf(whole!)).toEqual(expected);
    const apart = await imported({
      'AAPL.csv': first!,
      'MSFT.csv': first!,
      'data.csv': `symbol,${header}\n${daily
        .slice(30)
        .map((bar) => `AAPL,${row(bar)}`)
        .join('\n')}`,
    });
    expect(apart.at(-1)?.proven).toBeUndefined();
    expect(said(apart)).toContain('is of AAPL, as ');
  });
});

describe('a row with a field too many or too few', () => {
  test.each([
    ['a comma in a figure', (line: string) => line.replace('.', ',')],
    ['a field at the end', (line: string) => `${line},7`],
    ['a field gone', (line: string) => line.replace(/,[^,]*$/, '')],
  ])('is refused by line: %s', async (_, spoil) => {
    const lines = plain.split('\n');
    lines[7] = spoil(lines[7] ?? '');
    const outcomes = await imported({ 'AAPL.csv': lines.join('\n') });
    expect(outcomes[0]?.proven).toBeUndefined();
    expect(said(outcomes)).toMatch(/refused 8 has [57] fields where there should be 6/);
  });
});

test('a carriage return or a line break inside a field is refused, and either line ending taken', async () => {
  for (const spoiled of [
    plain.replace('.', '.\r'),
    plain.replace(/,(\d+)\.(\d\d),/, ',"$1.$2\n",'),
  ])
    expect(said(await imported({ 'AAPL.csv': spoiled }))).toContain('inside a field');
  const mixed = plain.replaceAll('\n', '\r\n').replace('\r\n', '\n');
  for (const ending of [plain.replaceAll('\n', '\r'), plain.replaceAll('\n', '\r\n'), mixed])
    expect(barsOf((await imported({ 'AAPL.csv': ending }))[0]!)).toEqual(expected);
});

describe('flags', () => {
  test.each([
    [['--zone', 'Mars'], '--zone Mars is no zone'],
    [['--scale', '3'], 'is no power of ten'],
    [['--stamp', 'middle'], '--stamp must be start or end'],
    [['--nonsense'], 'Usage: npm run import'],
    [[], 'Usage: npm run import'],
  ])('%j that are not understood say so', (flags, problem) => {
    const sources = flags.length === 0 ? [] : ['x.csv'];
    expect(() => readOptions([...sources, ...flags])).toThrow(ImportProblem);
    expect(() => readOptions([...sources, ...flags])).toThrow(problem);
  });
});
