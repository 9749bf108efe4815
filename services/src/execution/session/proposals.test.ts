import { money } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { tradingDay } from './test-day.ts';

test('an order that needs a human, with nobody to ask, is a fault of ours: nothing is recorded', () => {
  const day = tradingDay({ limits: { approval: { aboveValue: money.of('0') } } });
  const before = day.events.length;
  expect(() => day.place({ shares: 1 })).toThrow('nobody said by when');
  expect(day.events).toHaveLength(before);
});
