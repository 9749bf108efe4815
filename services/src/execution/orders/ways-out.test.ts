import { price } from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import { expect, test } from 'vitest';
import { tradingDay } from '../session/test-day.ts';
import { wayOut, wayOutOf } from './ways-out.ts';

const exits = { takeProfit: price.of('105'), stopLoss: price.of('95') };

/** A sale of all that is held that was denied for its shares. */
const denied = (day: ReturnType<typeof tradingDay>) => {
  const assessed = day.events.find((event) => event.type === 'RiskAssessed');
  if (assessed === undefined) throw new Error('nothing was judged');
  const sale: RiskAssessed = {
    ...assessed.data,
    intent: { ...assessed.data.intent, side: 'sell' },
    denialCode: 'SHORT_SALE',
  };
  return wayOut(sale, day.session());
};

test('shares that exits hold are counted once for each bracket', () => {
  const day = tradingDay();
  day.place({ shares: 10, exits });
  day.place({ shares: 5, exits }, 1);
  day.bar('100 101 99 100', 2);
  expect(day.held()).toBe('15');
  expect(denied(day)).toMatch(/^15 of your shares are held by exits .*execution\.close_position/);
});

test('a sale of more than there is names no exits where there are none', () => {
  const day = tradingDay();
  day.place({ shares: 10 });
  day.bar('100 101 99 100', 1);
  expect(denied(day)).toContain('sell_short');
});

const noMore = 'No more messages are taken in this session.';

test.each([
  ['the second is full', { maxMessagesPerSecond: 2 }, 'Try again in 0.8 s.'],
  [
    'the second is full, told to the tenth above',
    { maxMessagesPerSecond: 1 },
    'Try again in 1.0 s.',
  ],
  ['the minute is full', { maxMessagesPerMinute: 3 }, 'Try again in 49.8 s.'],
  [
    'both are, by the longer wait',
    { maxMessagesPerSecond: 1, maxMessagesPerMinute: 3 },
    'Try again in 49.8 s.',
  ],
  [
    'the day is full, and a wait would be for nothing',
    { maxMessagesPerSecond: 2, maxMessagesPerDay: 3 },
    noMore,
  ],
  ['none is taken at all', { maxMessagesPerSecond: 0, maxMessagesPerMinute: 3 }, noMore],
] as const)('a message too many is told when there is room: %s', (_, limits, words) => {
  const day = tradingDay();
  for (const second of [0, 10, 10.24]) day.place({ shares: 1 }, second);
  const last = day.events.findLast((event) => event.type === 'RiskAssessed');
  if (last?.type !== 'RiskAssessed') throw new Error('nothing was judged');
  const session = day.session();
  const inForce = { ...session.limits, limits: { ...session.limits.limits, ...limits } };
  const late = { ...last.data, denialCode: 'MAX_MESSAGES' as const };
  expect(wayOut(late, { ...session, limits: inForce })).toBe(words);
});

test('a code that nobody knows leads to the explanation', () => {
  expect(wayOutOf('MAX_ORDER_VALUE')).toContain('risk.size_position');
  expect(wayOutOf(undefined)).toContain('audit.explain_trade');
});
