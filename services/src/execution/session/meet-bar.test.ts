import { price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { noon } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { meetBar } from './meet-bar.ts';
import { barOf, exchange, tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const gtc = { timeInForce: 'gtc' } as const;
const limitAt = (text: string) => ({ orderType: 'limit', limitPrice: at(text) }) as const;
const stopAt = (text: string) => ({ orderType: 'stop', triggerPrice: at(text) }) as const;
/** A day that holds so many shares, bought at 100 in its first minute. */
const holding = (shares: number, options: Parameters<typeof tradingDay>[0] = {}) => {
  const day = tradingDay(options);
  day.place({ shares });
  day.bar('100 100 100 100', 0);
  return day;
};

describe('of the volume of a bar', () => {
  test('purchases take a tenth and sales another', () => {
    const day = holding(10);
    const [bought, sold] = [
      day.place({ shares: 10 }, 60),
      day.place({ shares: 10, side: 'sell' }, 60),
    ];
    day.bar('100 101 99 100', 1, 100);
    expect([day.filled(bought), day.filled(sold)]).toEqual(['10', '10']);
  });

  test('nothing is left to others once an order has taken the tenth and wants more', () => {
    const day = tradingDay();
    const [large, small] = [day.place({ shares: 100 }), day.place({ shares: 5 }, 1)];
    day.bar('100 101 99 100', 1, 700);
    expect([day.filled(large), day.filled(small)]).toEqual(['70', '0']);
  });

  test('a tenth is never more than that, however small the volume', () => {
    const day = tradingDay();
    const order = day.place({ shares: 1 });
    const bar = { ...barOf('100 101 99 100', 1), volume: quantity.of('0.000000019') };
    const { reports } = meetBar({ bar, session: exchange }, day.session(), testDigest);
    day.take({ type: 'ReportVenue', reports });
    expect(day.filled(order)).toBe('0.000000001');
  });

  test('stops come first: what protects a position before what earns', () => {
    const day = holding(20);
    const target = day.place({ shares: 10, side: 'sell', ...limitAt('105'), ...gtc }, 60);
    const stop = day.place({ shares: 10, side: 'sell', ...stopAt('95'), ...gtc }, 60);
    day.bar('100 106 94 100', 1, 100);
    expect([day.filled(stop), day.filled(target)]).toEqual(['10', '0']);
  });
});

describe('a bar of which more comes than an append holds', () => {
  test('fills some orders, and the next bar the others', () => {
    const day = tradingDay();
    const orders = Array.from({ length: 60 }, () => day.place({ shares: 1 }));
    day.bar('100 101 99 100', 1);
    // Each is taken and filled, and a hundred reports go together.
    expect(orders.map(day.filled).filter((shares) => shares === '1')).toHaveLength(50);
    day.bar('102 103 101 102', 2);
    expect(orders.map(day.prices).slice(50)).toEqual(Array(10).fill(['102']));
  });

  test('ends some of those that were canceled inside it, and the next bar the others', () => {
    const day = tradingDay();
    const orders = Array.from({ length: 120 }, () => day.place({ shares: 1, ...limitAt('90') }));
    day.bar('100 101 99 100', 1);
    day.bar('100 101 99 100', 2);
    for (const order of orders) day.cancel(order, 210);
    day.bar('100 101 99 100', 3);
    expect(day.session().working.size).toBe(20);
    day.bar('100 101 99 100', 4);
    expect(day.session().working.size).toBe(0);
  });
});

test('new terms that an order is given at the moment at which a bar begins are what it meets there', () => {
  const day = tradingDay();
  const order = day.place({ shares: 10, ...limitAt('95') }, 60);
  const accepted = { orderId: order, venueOrderId: 'v', execType: 'new' } as const;
  const arrivesAt = noon.add({ seconds: 60, milliseconds: 50 });
  day.take({ type: 'ReportVenue', reports: [{ ...accepted, at: arrivesAt }] });
  // The clock of whoever asks may lag behind that of the venue.
  day.replace(order, { limitPrice: at('99') }, 60);
  day.bar('100 101 98 100', 1);
  expect(day.prices(order)).toEqual(['99']);
});

test('exits set out inside a bar are judged in it, once', () => {
  const day = tradingDay();
  const exits = { takeProfit: at('110'), stopLoss: at('95') };
  const order = day.place({ shares: 100, exits });
  day.bar('100 106 94 96', 1, 500);
  // Fifty were bought, and sold again when the price fell; what is left goes on.
  expect([day.filled(order), day.prices(day.exitOf(order, 'stop_loss'))]).toEqual(['50', ['95']]);
  expect(day.held()).toBe('0');
});

test('a trailing stop follows a rise of a hundredth of its trail from bar to bar', () => {
  const day = holding(10, { venue: { bars: '1Min' } });
  const trail = { amount: at('5'), bps: null };
  const stop = day.place({ shares: 10, side: 'sell', orderType: 'trailing_stop', trail }, 60);
  day.bar('100 100 100 100', 1);
  day.bar('100 100.06 100 100.06', 2);
  expect(price.format(day.session().orders.get(stop)?.stopAt ?? at('0'))).toBe('95.06');
});

test('a day order ends with the first bar of a later day, though nothing touches its price', () => {
  const day = tradingDay();
  const order = day.place({ shares: 10, ...limitAt('90') });
  day.bar('100 101 99 100', 1);
  const tomorrow = {
    ...{ ...exchange, date: '2026-03-03' as TradingDate },
    opensAt: exchange.opensAt?.add({ hours: 24 }) ?? null,
    closesAt: exchange.closesAt?.add({ hours: 24 }) ?? null,
  };
  const bar = barOf('100 101 99 100', 24 * 60);
  const { reports } = meetBar({ bar, session: tomorrow }, day.session(), testDigest);
  expect(reports.map(({ orderId, execType }) => [orderId, execType])).toEqual([[order, 'expired']]);
});
