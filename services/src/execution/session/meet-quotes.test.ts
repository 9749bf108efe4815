import type { WorkingOrder } from '@sentinel/contracts/execution';
import { price, quantity } from '@sentinel/contracts/kernel';
import type { BarVolume, Quote } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { noon, nvda, quoteOf } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { meetQuotes, type QuotedMoment } from './meet-quotes.ts';
import { exchange, tradingDay } from './test-day.ts';

type Day = ReturnType<typeof tradingDay>;

/** One moment of the market, with more on display than all orders want unless `rest` says what. */
const momentAt = (
  prices: string,
  second: number,
  { volume, ...rest }: Partial<Quote> & { readonly volume?: number } = {},
): QuotedMoment => {
  const at = noon.add({ seconds: second });
  const size = quantity.fromShares(1_000_000);
  const quote = { ...quoteOf(nvda, prices, at), bidSize: size, askSize: size, ...rest };
  const bar = { start: noon, volume: quantity.fromShares(volume ?? 0) } as BarVolume;
  const volumes = new Map(volume === undefined ? [] : [[nvda, bar]]);
  return { at, exchange, quotes: new Map([[nvda, quote]]), volumes };
};

const met = (day: Day, moment: QuotedMoment) => {
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

/** A day that holds ten shares, bought at 100 in its first second. */
const holding = (options: Parameters<typeof tradingDay>[0] = {}): Day => {
  const day = tradingDay(options);
  day.place({ shares: 10 });
  met(day, momentAt('100/100', 1));
  return day;
};
const at = (text: string) => price.of(text);
const sell = { side: 'sell' } as const;
const limit = (text: string) => ({ orderType: 'limit', limitPrice: at(text) }) as const;
const stop = (text: string) => ({ orderType: 'stop', triggerPrice: at(text) }) as const;

test('an order that another one ends at the same moment says no more', () => {
  const day = tradingDay();
  const exits = { takeProfit: at('105'), stopLoss: at('95') };
  const order = day.place({ shares: 10, exits });
  met(day, momentAt('100/100', 1));
  met(day, momentAt('94/94.02', 3));
  expect([day.exits(order), day.held()]).toEqual([[], '0']);
});

test('an order that has heard of the moment hears nothing of it again', () => {
  const day = tradingDay();
  const orders = [day.place({ shares: 1 }), day.place({ shares: 1 })] as const;
  const how = { digest: testDigest, hears: ({ orderId }: WorkingOrder) => orderId !== orders[0] };
  const { reports } = meetQuotes(momentAt('100/100', 1), day.session(), how);
  expect(new Set(reports.map(({ orderId }) => orderId))).toEqual(new Set([orders[1]]));
});

test('an order of a symbol that has no quote is answered all the same', () => {
  const day = tradingDay();
  const order = day.place({ shares: 10 });
  expect(met(day, { ...momentAt('100/100', 1), quotes: new Map() })).toBe(1);
  expect(day.status(order)).toBe('accepted');
});

describe('a quote whose last trade lies outside of it', () => {
  test.each([
    ['a limit to buy fills at an ask below it', '94/94.02', '100', limit('95')],
    ['a limit to sell fills at a bid above it', '106/106.02', '100', { ...sell, ...limit('105') }],
    [
      'a stop to sell is reached by a trade below the bid',
      '96/96.02',
      '94',
      { ...sell, ...stop('95') },
    ],
    ['a stop to buy is reached by a trade above the ask', '104/104.02', '106', stop('105')],
  ] as const)('%s', (_, prices, last, intent) => {
    const day = holding();
    const order = day.place({ shares: 10, ...intent }, 2);
    met(day, momentAt('100/100', 3));
    met(day, momentAt(prices, 4, { last: at(last) }));
    expect(day.status(order)).toBe('filled');
  });
});

test('a quote of the greatest age that the limits allow still fills, and an older one no more', () => {
  const filledAt = (ageMs: number) => {
    const day = tradingDay({ limits: { maxQuoteAgeMs: 3_000 } });
    const order = day.place({ shares: 10 });
    const shownAt = noon.add({ milliseconds: 10_000 - ageMs });
    met(day, momentAt('100/100', 10, { at: shownAt }));
    return day.status(order);
  };
  expect(filledAt(3_000)).toBe('filled');
  expect(filledAt(3_001)).toBe('accepted');
});

describe('of what a bar trades', () => {
  test('a tenth is all that its quotes give to the orders of a side', () => {
    const day = tradingDay();
    const [first, second] = [day.place({ shares: 6 }), day.place({ shares: 6 })];
    for (const n of [1, 3, 5]) met(day, momentAt('100/100', n, { volume: 100 }));
    expect([day.filled(first), day.filled(second)]).toEqual(['6', '4']);
    // It was more before the bar was corrected.
    met(day, momentAt('100/100', 7, { volume: 50 }));
    expect(day.filled(second)).toBe('4');
    met(day, momentAt('100/100', 9, { volume: 120 }));
    expect(day.filled(second)).toBe('6');
  });

  test('another tenth is for the other side', () => {
    const day = holding();
    const sold = day.place({ shares: 10, ...sell }, 2);
    met(day, momentAt('100/100', 3, { volume: 100 }));
    expect(day.filled(sold)).toBe('10');
  });

  test('what is small changes no price of a fill that fits', () => {
    const paid = (volume: number) => {
      const day = tradingDay({ venue: { slippageBps: 50 } });
      const order = day.place({ shares: 10 });
      met(day, momentAt('100/100', 1, { volume }));
      return day.prices(order);
    };
    expect(paid(100)).toEqual(paid(1_000_000));
  });
});

test.each(['buy', 'sell'] as const)(
  'what a quote displays is there once for orders to %s',
  (side) => {
    const day = holding();
    const orders = [1, 2, 3].map(() => day.place({ shares: 3, side }, 2));
    const few = quantity.fromShares(5);
    met(day, momentAt('100/100', 3, { bidSize: few, askSize: few }));
    expect(orders.map(day.filled)).toEqual(['3', '2', '0']);
  },
);
