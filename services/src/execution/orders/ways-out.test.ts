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

test('a code that nobody knows leads to the explanation', () => {
  expect(wayOutOf('MAX_ORDER_VALUE')).toContain('risk.size_position');
  expect(wayOutOf(undefined)).toContain('audit.explain_trade');
});
