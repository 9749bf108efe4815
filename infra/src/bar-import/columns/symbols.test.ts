import { expect, test } from 'vitest';
import { tickerInName } from './symbols.ts';

test.each([
  ['AAPL.csv', 'AAPL'],
  ['brk-b.csv', 'BRK-B'],
  ['aapl.us.txt', 'AAPL'],
  ['AAPL_5min_firstratedata.csv', 'AAPL'],
  ['NASDAQ_AAPL, 1D.csv', 'AAPL'],
  ['AAPL Historical Data.csv', 'AAPL'],
  ['BTCUSDT-1m-2024-01.csv', 'BTCUSDT'],
  ['20131007_aapl_minute_trade.csv', 'AAPL'],
  ['daily_adjusted_IBM.csv.gz', 'IBM'],
  ['AAPL5.csv', undefined],
  ['sp500-2000.csv', undefined],
  ['HistoricalData_1611.csv', undefined],
  ['AAPL_MSFT.csv', undefined],
  ['all_stocks_5yr.csv', 'ALL'],
  ['data.csv', undefined],
])('%s tells %s', (file, ticker) => {
  expect(tickerInName(file)).toBe(ticker);
});
