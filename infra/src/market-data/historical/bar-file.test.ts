import { price } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBarFile } from './bar-file.ts';
import { rowsOf } from './test-rows.ts';

const header = 'date,open,high,low,close,volume';
const file = (...lines: readonly string[]) => readBarFile('X.csv', lines.join('\n'));

describe('a file of bars', () => {
  test('is read whatever the order and case of its columns, with a BOM, CRLF, quotes and more columns', () => {
    const text =
      '\uFEFFVolume,CLOSE,"Adj Close",Low,High,Open,Date\r\n100,"2.5",9,1.5,3,2,2020-01-02\r\n\r\n0,2.6,9,2.6,2.6,2.6,2020-01-03\r\n';
    const { timeframe, bars } = readBarFile('X.csv', text);
    expect(timeframe).toBe('1Day');
    expect(
      rowsOf(bars).map(({ open, high, low, close, volume, line }) => [
        line,
        open,
        high,
        low,
        close,
        volume,
      ]),
    ).toEqual([
      [2, 2_000_000, 3_000_000, 1_500_000, 2_500_000, 100],
      [4, 2_600_000, 2_600_000, 2_600_000, 2_600_000, 0],
    ]);
  });

  test('gives every price exactly to six places', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1_000_000_000_000n }), (micros) => {
        const text = price.format(micros as ReturnType<typeof price.of>);
        const { bars } = file(header, `2020-01-02,${text},${text},${text},${text},1`);
        expect(BigInt(bars.close[0]!)).toBe(micros);
        expect(price.fromFloat(bars.close[0]! / 1e6)).toBe(micros);
      }),
    );
  });

  test('takes its bars’ length from its times, which are New York’s unless they say otherwise', () => {
    const stamped = 'timestamp,open,high,low,close,volume';
    const local = file(stamped, '2020-01-02 09:30:00,1,1,1,1,1', '2020-01-02 09:45,1,1,1,1,1');
    const zoned = file(
      stamped,
      '2020-01-02T14:30:00Z,1,1,1,1,1',
      '2020-01-02T09:45:00-05:00,1,1,1,1,1',
    );
    expect(local.timeframe).toBe('15Min');
    expect(zoned.bars.startMs).toEqual(local.bars.startMs);
  });

  const good = '2020-01-02,2,3,1,2,100';
  const faults: readonly (readonly [string, readonly string[], string])[] = [
    [
      'a missing column',
      ['date,open,high,low,close', '2020-01-02,2,3,1,2'],
      'X.csv line 1: the header names no column volume.',
    ],
    [
      'no time column',
      ['day,open,high,low,close,volume', good],
      'X.csv line 1: the header names no column date.',
    ],
    [
      'two columns of one name',
      ['date,open,high,low,close,volume,Open', `${good},2`],
      'line 1: two columns have one name',
    ],
    ['no bars', [header], 'line 1: there are no bars'],
    ['an empty file', [''], 'line 1: the header names no column date'],
    [
      'a word for a price',
      [header, good, '2020-01-03,2,3,abc,2,1'],
      'X.csv line 3: low "abc" is not a price above 0',
    ],
    ['NaN', [header, '2020-01-02,NaN,3,1,2,1'], 'line 2: open "NaN" is not a price'],
    ['an exponent', [header, '2020-01-02,2e1,3,1,2,1'], 'line 2: open "2e1" is not a price'],
    ['an empty field', [header, '2020-01-02,,3,1,2,1'], 'line 2: open "" is not a price'],
    ['a price of nought', [header, '2020-01-02,2,3,0,2,1'], 'line 2: low "0" is not a price'],
    ['a negative price', [header, '2020-01-02,2,3,-1,2,1'], 'line 2: low "-1" is not a price'],
    ['high below low', [header, '2020-01-02,2,1,3,2,1'], 'line 2: high is below low'],
    [
      'a close above the high',
      [header, '2020-01-02,2,3,1,4,1'],
      'line 2: close lies outside low and high',
    ],
    [
      'an open below the low',
      [header, '2020-01-02,0.5,3,1,2,1'],
      'line 2: open lies outside low and high',
    ],
    [
      'a negative volume',
      [header, '2020-01-02,2,3,1,2,-1'],
      'line 2: volume "-1" is not a number of shares',
    ],
    ['one date twice', [header, good, good], 'line 3: "2020-01-02" is not after the bar above it'],
    [
      'dates out of order',
      [header, good, '', '2020-01-01,2,3,1,2,1'],
      'line 4: "2020-01-01" is not after',
    ],
    [
      'a date that does not exist',
      [header, '2020-02-30,2,3,1,2,1'],
      'line 2: "2020-02-30" is not a date or a time',
    ],
    [
      'a year that no calendar knows',
      [header, '4020-02-03,2,3,1,2,1'],
      'line 2: "4020-02-03" lies outside the years 1900 to 2099',
    ],
    [
      'dates and times mixed',
      [header, good, '2020-01-03 09:30,2,3,1,2,1'],
      'line 3: dates and times stand in one file',
    ],
    ['too few fields', [header, '2020-01-02,2,3'], 'line 2: has 3 fields where the header has 6'],
    ['thousands separators', [header, '2020-01-02,2,3,1,2,"1,000"'], 'line 2: has 7 fields'],
    [
      'bars of 7 minutes',
      [header, '2020-01-02 09:30,2,3,1,2,1', '2020-01-02 09:37,2,3,1,2,1'],
      'the length is 7 minutes',
    ],
    [
      'one intraday bar',
      [header, '2020-01-02 09:30,2,3,1,2,1'],
      'not to be told from one bar a day',
    ],
  ];
  test.each(faults)('with %s is refused by line', (_, lines, problem) => {
    expect(() => file(...lines)).toThrow(problem);
  });
});
