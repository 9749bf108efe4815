import { type OrderId, price } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { noon } from '../../risk/fixtures.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);

/** Ten shares bought in the first minute, with a stop loss at 95 and a take profit at 105 that work. */
const bracket = () => {
  const day = tradingDay({ venue: { bars: '1Min' } });
  const parent = day.place({ shares: 10, exits: { takeProfit: at('105'), stopLoss: at('95') } });
  day.bar('100 100 100 100', 0);
  const exits = () => day.exits(parent).sort();
  expect(exits()).toEqual(['stop_loss 10 at 95', 'take_profit 10 at 105']);
  const of = (role: 'stop_loss' | 'take_profit'): OrderId => day.exitOf(parent, role);
  return { day, exits, stop: of('stop_loss'), take: of('take_profit') };
};

/** Inside the bar of the second minute, or in the third, which has none, or as the fourth begins. */
const moments = [
  ['inside the bar before it', 60.2],
  ['at the end of that bar, still on its way', 119.99],
  ['between two bars', 150],
  ['at its first moment', 180],
] as const;

describe.each(moments)('new terms that were asked for before a bar, %s,', (_, second) => {
  const asked = (
    exit: 'stop' | 'take',
    changes: Parameters<ReturnType<typeof bracket>['day']['replace']>[1],
  ) => {
    const begun = bracket();
    const ask = () => begun.day.replace(begun[exit], changes, second);
    if (second < 120) ask();
    begun.day.bar('100 100 95.5 100', 1);
    if (second >= 120) ask();
    return begun;
  };

  test.each([
    ['inside it', '100 100 90 92', '96'],
    ['in the gap before it', '93 94 92 93', '93'],
  ])('protect in that bar already: the price falls %s', (_how, bar, sold) => {
    const { day, stop, exits } = asked('stop', { stopPrice: at('96') });
    day.bar(bar, 3);
    expect([day.prices(stop), exits(), day.held()]).toEqual([[sold], [], '0']);
  });

  test('trade in that bar, after the stop', () => {
    const { day, take, exits } = asked('take', { limitPrice: at('103') });
    day.bar('100 104 99 103', 3);
    expect([day.prices(take), exits()]).toEqual([['103'], []]);
  });

  test('of the stop hold beside a bar that touches both exits: the stop comes first', () => {
    const { day, stop, take } = asked('stop', { stopPrice: at('96') });
    day.bar('100 106 96 100', 3);
    expect([day.prices(stop), day.status(take)]).toEqual([['96'], 'canceled']);
  });

  test('are not lost when the other exit fills in part in that bar', () => {
    const { day, exits } = asked('take', { limitPrice: at('103') });
    day.bar('100 100 90 92', 3, 40);
    expect(exits()).toEqual(['stop_loss 6 at 95', 'take_profit 6 at 103']);
  });

  test('have times of the venue, in order, and none after the bar has begun', () => {
    const { day, stop } = asked('stop', { stopPrice: at('96') });
    day.bar('93 94 92 93', 3);
    const told = day.events.flatMap(({ type, data }) =>
      'orderId' in data && data.orderId === stop && 'at' in data ? [{ type, at: data.at }] : [],
    );
    expect(told.map(({ type }) => type)).toEqual([
      ...['OrderSubmitted', 'OrderAccepted', 'OrderPendingReplace', 'OrderReplaced'],
      ...['OrderTriggered', 'OrderFilled'],
    ]);
    const times = told.map((each) => each.at.epochMilliseconds);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[3]).toBeLessThanOrEqual(noon.add({ minutes: 3 }).epochMilliseconds);
  });
});

describe('what is asked for inside a bar', () => {
  test('comes too late for it, which meets the old terms', () => {
    const { day, stop } = bracket();
    day.replace(stop, { stopPrice: at('96') }, 60.2);
    day.bar('100 100 94 96', 1);
    expect(day.prices(stop)).toEqual(['95']);
  });

  test('is done at its end, and told with it: nobody waits for another bar', () => {
    const { day, stop, take } = bracket();
    day.replace(stop, { stopPrice: at('96') }, 60.2);
    day.cancel(take, 61);
    day.bar('100 100 100 100', 1);
    expect([day.status(stop), day.status(take)]).toEqual(['accepted', 'canceled']);
    expect(day.events.slice(-2)).toMatchObject([
      { type: 'OrderReplaced', data: { at: noon.add({ minutes: 2 }) } },
      { type: 'OrderCanceled', data: { at: noon.add({ minutes: 2 }) } },
    ]);
  });

  test('a cancel loses to a fill in that bar', () => {
    const { day, stop } = bracket();
    day.cancel(stop, 60.2);
    day.bar('100 100 94 96', 1);
    expect([day.status(stop), day.held()]).toEqual(['filled', '0']);
  });

  test('of an order that came in the same bar ends it before it has met any', () => {
    const { day } = bracket();
    const order = day.place({ shares: 5, orderType: 'limit', limitPrice: at('99') }, 61);
    day.cancel(order, 62);
    day.bar('100 100 98 100', 1);
    expect([day.status(order), day.filled(order)]).toEqual(['canceled', '0']);
  });
});
