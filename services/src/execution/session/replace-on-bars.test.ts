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

describe('new terms that were asked for before a bar', () => {
  test.each([
    ['inside it', '100 100 90 92', '96'],
    ['in the gap before it', '93 94 92 93', '93'],
  ])('protect in that bar already: the price falls %s', (_, bar, sold) => {
    const { day, stop, exits } = bracket();
    day.replace(stop, { stopPrice: at('96') }, 60.2);
    day.bar('100 100 95.5 100', 1);
    expect(day.status(stop)).toBe('pending_replace');
    day.bar(bar, 2);
    expect([day.prices(stop), exits(), day.held()]).toEqual([[sold], [], '0']);
  });

  test('trade in that bar, after the stop', () => {
    const { day, take, exits } = bracket();
    day.replace(take, { limitPrice: at('103') }, 60.2);
    day.bar('100 100 100 100', 1);
    day.bar('100 104 99 103', 2);
    expect([day.prices(take), exits()]).toEqual([['103'], []]);
  });

  test('of the stop hold beside a bar that touches both exits: the stop comes first', () => {
    const { day, stop, take } = bracket();
    day.replace(stop, { stopPrice: at('96') }, 60.2);
    day.bar('100 100 100 100', 1);
    day.bar('100 106 96 100', 2);
    expect([day.prices(stop), day.status(take)]).toEqual([['96'], 'canceled']);
  });

  test('are not lost when the other exit fills in part in that bar', () => {
    const { day, take, exits } = bracket();
    day.replace(take, { limitPrice: at('103') }, 60.2);
    day.bar('100 100 100 100', 1);
    day.bar('100 100 90 92', 2, 40);
    expect(exits()).toEqual(['stop_loss 6 at 95', 'take_profit 6 at 103']);
  });

  test('come too late for a bar that had begun: it meets the old ones', () => {
    const { day, stop } = bracket();
    day.replace(stop, { stopPrice: at('96') }, 60.2);
    day.bar('100 100 94 96', 1);
    expect(day.prices(stop)).toEqual(['95']);
  });

  test('have the times of the venue, in order', () => {
    const { day, stop } = bracket();
    day.replace(stop, { stopPrice: at('96') }, 60.2);
    day.bar('100 100 100 100', 1);
    day.bar('93 94 92 93', 2);
    const times = day.events.flatMap(({ type, data }) =>
      'orderId' in data && data.orderId === stop && 'at' in data ? [`${type} ${data.at}`] : [],
    );
    expect(times.map((each) => each.split(' ')[0])).toEqual([
      ...['OrderSubmitted', 'OrderAccepted', 'OrderPendingReplace', 'OrderReplaced'],
      ...['OrderTriggered', 'OrderFilled'],
    ]);
    expect(times).toContain(`OrderReplaced ${noon.add({ minutes: 2 })}`);
    const moments = times.map((each) => each.split(' ')[1] ?? '');
    expect(moments).toEqual(moments.toSorted());
  });
});
