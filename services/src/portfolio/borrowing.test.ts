import { price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { mockMarketData } from '@sentinel/infra/market-data';
import { expect, test } from 'vitest';
import { held, noon } from '../risk/fixtures.ts';
import { borrowingOf } from './borrowing.ts';

const long = 'AAPL' as Ticker;
const short = 'MSFT' as Ticker;
const unmarked = 'NVDA' as Ticker;
const market: MarketData = {
  ...mockMarketData({ now: () => noon }),
  instrument: async () => undefined,
};

test('what is owed is asked of what was short at the close alone, at the opening mark or else at what they brought', async () => {
  const { nights, charges } = await borrowingOf(market, {
    date: '2026-03-09' as TradingDate,
    previousDate: '2026-03-06' as TradingDate,
    positions: new Map([
      [long, held(long, 10, '100')],
      [short, held(short, -10, '100')],
      [unmarked, held(unmarked, -5, '120')],
    ]),
    borrowed: new Map([
      [short, quantity.fromShares(10)],
      [unmarked, quantity.fromShares(5)],
    ]),
    openingMarks: new Map([
      [long, price.of('101')],
      [short, price.of('90')],
    ]),
  });
  expect(nights).toBe(3);
  expect(charges).toEqual([
    { symbol: short, mark: price.of('90'), annualFeeBps: 2_500 },
    { symbol: unmarked, mark: price.of('120'), annualFeeBps: 2_500 },
  ]);
});

test('what nobody knows a price of is not charged, and what is lent at no told rate is dear', async () => {
  const lending: MarketData = {
    ...market,
    instrument: async (symbol) => ({ symbol, name: symbol, sector: null }),
  };
  const { charges } = await borrowingOf(lending, {
    date: '2026-03-09' as TradingDate,
    previousDate: '2026-03-06' as TradingDate,
    positions: new Map([[short, held(short, -10, '100')]]),
    borrowed: new Map([
      [short, quantity.fromShares(10)],
      [unmarked, quantity.fromShares(5)],
    ]),
    openingMarks: new Map(),
  });
  expect(charges).toEqual([{ symbol: short, mark: price.of('100'), annualFeeBps: 2_500 }]);
});
