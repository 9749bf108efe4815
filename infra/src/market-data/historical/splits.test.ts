import type { Ticker } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBarFile } from './bar-file.ts';
import { readSplits, settleSplits } from './splits.ts';
import { rowsOf } from './test-rows.ts';

const abc = 'ABC' as Ticker;
const known = new Set(['ABC', 'XYZ']);
const header = 'date,open,high,low,close,volume';
const dateOf = (day: number) => Temporal.PlainDate.from('2020-03-02').add({ days: day }).toString();

/** A file of daily bars, each open at its close; every price with a fifth of room around it. */
const fileOf = (closes: readonly number[]) =>
  readBarFile(
    'ABC.csv',
    [
      header,
      ...closes.map(
        (close, day) => `${dateOf(day)},${close},${close * 1.2},${close * 0.8},${close},1200`,
      ),
    ].join('\n'),
  );
const settle = (closes: readonly number[], ...declared: readonly string[]) =>
  settleSplits(
    fileOf(closes),
    abc,
    readSplits(['symbol,date,ratio', ...declared].join('\n'), known),
  );
const closesOf = ({ barFile }: ReturnType<typeof settle>) =>
  [...barFile.bars.close].map((close) => close / 1e6);

describe('a split without notice', () => {
  test('refuses the file by line, and says which lines would declare it', () => {
    expect(() => settle([100, 101, 25.2, 25])).toThrow(
      'ABC.csv line 4: opens at 25.2 after a close of 101, a step of 4.008, as after a split of 4:1; declare it in splits.csv by ABC,2020-03-04,4:1, or a move that was real by ABC,2020-03-04,1:1.',
    );
  });

  test.each([
    [50.5, '2:1'],
    [66.7, '3:2'],
    [33, '3:1'],
    [20.3, '5:1'],
    [14.3, '7:1'],
    [10, '10:1'],
    [5.05, '20:1'],
    [198, '1:2'],
    [505, '1:5'],
    [1_000, '1:10'],
  ])('a step from 100 to %d is taken for %s', (open, ratio) => {
    expect(() => settle([100, open])).toThrow(`as after a split of ${ratio};`);
  });

  test('a step of less than 1.35 times passes', () => {
    for (const open of [90, 80, 74.5, 130, 134])
      expect(closesOf(settle([100, open]))).toEqual([100, open]);
  });

  test('a share that moves so every other day is believed', () => {
    const wild = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 10 : 13));
    expect(closesOf(settle([...wild, 19.5])).at(-1)).toBe(19.5);
    const calm = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? 13 : 13.1));
    expect(() => settle([...calm, 19.65])).toThrow('a step of 1/1.500, as after a split of 2:3');
  });

  test('a price that halves within a day is no split', () => {
    const bars = [
      'timestamp,open,high,low,close,volume',
      '2020-03-05 09:30,10,10,10,10,100',
      '2020-03-05 09:35,5,5,5,5,100',
    ].join('\n');
    expect(settleSplits(readBarFile('ABC.csv', bars), abc, new Map()).notes).toEqual([]);
  });
});

describe('a declared split', () => {
  test('restates what lies before it in the last day’s shares, and says so', () => {
    const { barFile, notes } = settle([100, 101, 25.2, 25], 'abc,2020-03-04,4:1');
    const [first, second, third] = rowsOf(barFile.bars);
    expect(first).toMatchObject({ open: 25e6, high: 30e6, low: 20e6, close: 25e6, volume: 4_800 });
    expect(second?.close).toBe(25_250_000);
    expect(third).toMatchObject({ close: 25_200_000, volume: 1_200 });
    expect(notes).toEqual(['ABC.csv line 4: bars before it restated for a split of 4:1']);
  });

  test('leaves no step in the price, one after another, forwards and backwards', () => {
    const share = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 3 }), (ratios) => {
        const real = ratios.filter(([fresh, old]) => fresh !== old);
        let close = 1_000;
        const closes = [
          close,
          ...real.map(([fresh, old]) => (close = Number(((close * old) / fresh).toFixed(6)))),
        ];
        fc.pre(closes.every((price) => price * 1.2 < 1e6 && price > 0.1));
        const declared = real.map(([fresh, old], n) => `ABC,${dateOf(n + 1)},${fresh}:${old}`);
        const settled = closesOf(settle(closes, ...declared));
        const last = settled.at(-1) as number;
        for (const price of settled) expect(Math.abs(price / last - 1)).toBeLessThan(1e-3);
      }),
    );
  });

  test('of one to one lets a real move pass as it is', () => {
    const { barFile, notes } = settle([100, 50], 'ABC,2020-03-03,1:1');
    expect(barFile.bars.close[0]).toBe(100e6);
    expect(notes).toEqual([]);
  });

  test('of another symbol, or on another day, does not excuse a step', () => {
    expect(() => settle([100, 50], 'XYZ,2020-03-03,2:1')).toThrow('ABC.csv line 3');
    expect(() => settle([100, 50, 50], 'ABC,2020-03-04,1:1')).toThrow('ABC.csv line 3');
  });

  test.each([
    [[100, 100], '4:1', 'opens at 100 after a close of 100; bars that are adjusted'],
    [[100, 101], '5:4', '5:4 does not fit ABC.csv line 3'],
    [[100, 50], '4:1', '4:1 does not fit ABC.csv line 3'],
    [[100, 400], '4:1', '4:1 does not fit'],
  ])('that the prices %j do not bear out, %s, is refused', (closes, ratio, problem) => {
    expect(() => settle(closes, `ABC,2020-03-03,${ratio}`)).toThrow(`splits.csv line 2: `);
    expect(() => settle(closes, `ABC,2020-03-03,${ratio}`)).toThrow(problem);
  });

  test('outside the bars of its file changes nothing', () => {
    expect(closesOf(settle([100, 101], 'ABC,2019-01-02,4:1', 'ABC,2021-01-04,4:1'))).toEqual([
      100, 101,
    ]);
  });

  test.each([
    ['symbol,date', 'ABC,2020-03-03', 'splits.csv line 1: the header names no column ratio'],
    ['symbol,date,ratio', 'ABC,2020-02-30,4:1', 'line 2: "2020-02-30" is not a date'],
    ['symbol,date,ratio', 'ABC,3/4/2020,4:1', 'line 2: "3/4/2020" is not a date'],
    ['symbol,date,ratio', 'ABC,2020-03-03,4', 'line 2: ratio "4" is not of new shares to old'],
    ['symbol,date,ratio', 'ABC,2020-03-03,4:0', 'line 2: ratio "4:0"'],
    ['symbol,date,ratio', 'ABC,2020-03-03,4000:1', 'line 2: ratio "4000:1"'],
    ['symbol,date,ratio', 'ABC,2020-03-03,4:1\nABC,2020-03-03,2:1', 'line 3: ABC has two splits'],
    [
      'symbol,date,ratio',
      'ABC,2020-03-03,4:1\nABX,2020-03-03,2:1',
      'splits.csv line 3: "ABX" is no symbol of this directory: correct it, or add its bars as ABX.csv.',
    ],
  ])('in a file %j with %j is refused by line', (head, row, problem) => {
    expect(() => readSplits(`${head}\n${row}`, known)).toThrow(problem);
  });
});
