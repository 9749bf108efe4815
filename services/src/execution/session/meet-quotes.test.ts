import { price, quantity } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { noon, nvda, quoteOf } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { meetQuotes } from './meet-quotes.ts';
import { exchange, tradingDay } from './test-day.ts';

type Day = ReturnType<typeof tradingDay>;

/** One moment of the market, with more on display than all orders want. */
const momentAt = (prices: string, second: number) => {
  const at = noon.add({ seconds: second });
  const size = quantity.fromShares(1_000_000);
  const quote = { ...quoteOf(nvda, prices, at), bidSize: size, askSize: size };
  return { at, exchange, quotes: new Map([[nvda, quote]]), volumes: new Map() };
};

const met = (day: Day, moment: ReturnType<typeof momentAt>) => {
  const how = { digest: testDigest, hears: () => true };
  const { reports } = meetQuotes(moment, day.session(), how);
  if (reports.length > 0) day.take({ type: 'ReportVenue', reports });
  return reports.length;
};

const resting = (orders: number): Day => {
  const day = tradingDay();
  for (let n = 0; n < orders; n++)
    day.place({ shares: 1, orderType: 'limit', limitPrice: price.of('95') });
  return day;
};

test('a moment says a hundred things at the most, and the others meet the next', () => {
  const day = resting(130);
  const opens = momentAt('100/100.02', 1);
  expect([met(day, opens), met(day, opens), met(day, opens)]).toEqual([100, 30, 0]);
  const falls = momentAt('94/94.02', 3);
  expect([met(day, falls), met(day, falls)]).toEqual([100, 0]);
  expect(met(day, momentAt('94/94.02', 4))).toBe(30);
  expect(day.held()).toBe('130');
});
