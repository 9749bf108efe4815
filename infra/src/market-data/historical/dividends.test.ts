import { price, type TradingDate } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { readDividends } from './dividends.ts';

const day = '2016-02-04' as TradingDate;
const known = new Set(['AAPL', 'MSFT'] as Ticker[]);

describe('dividends.csv', () => {
  test('gives each ex-date its payments', () => {
    const dividends = readDividends(
      'symbol,date,amount\naapl,2016-02-04,0.52\nMSFT,2016-02-04,0.36\n',
      known,
    );
    expect(dividends.get(day)).toEqual([
      { symbol: 'AAPL', exDate: day, split: null, dividend: price.of('0.52') },
      { symbol: 'MSFT', exDate: day, split: null, dividend: price.of('0.36') },
    ]);
    expect(dividends.get('2016-02-05' as TradingDate)).toBeUndefined();
  });

  test.each([
    ['symbol,date\nAAPL,2016-02-04', 'dividends.csv line 1: the header names no column amount.'],
    ['symbol,date,amount\nÄ,2016-02-04,1', 'dividends.csv line 2: "Ä" is not a ticker.'],
    [
      'symbol,date,amount\nMSFT,2016-02-04,1\nAAPX,2016-02-04,1',
      'dividends.csv line 3: "AAPX" is no symbol of this directory: correct it, or add its bars as AAPX.csv.',
    ],
    ['symbol,date,amount\nAAPL,4.2.16,1', 'line 2: "4.2.16" is not a date such as 2016-02-04.'],
    ['symbol,date,amount\nAAPL,2016-02-04,-1', 'line 2: amount "-1" is not dollars above 0.'],
    ['symbol,date,amount\nAAPL,2016-02-04,0', 'line 2: amount "0" is not dollars above 0.'],
    [
      'symbol,date,amount\nAAPL,2016-02-04,1\nAAPL,2016-02-04,2',
      'line 3: AAPL has two dividends on 2016-02-04.',
    ],
  ])('refuses %j by line', (text, message) => {
    expect(() => readDividends(text, known)).toThrow(message);
  });
});
