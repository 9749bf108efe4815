import { money, price } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { haltOf, noon } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { type SessionCommand, sessionDecider } from './index.ts';
import { tradingDay } from './test-day.ts';

type Day = ReturnType<typeof tradingDay>;
const { decide } = sessionDecider(testDigest);

const asked = (idempotencyKey: string | null, dollars = '50000'): SessionCommand => ({
  ...{ type: 'ResetPaper', cash: money.of(dollars), givenReason: null },
  ...{ requestedBy: 'human:test', idempotencyKey, at: noon.add({ minutes: 5 }) },
});
const refusedTo = (day: Day): string => {
  const decision = decide(asked(null), day.session());
  return decision.ok ? '' : `${decision.refusal.code}: ${decision.refusal.message}`;
};

test('a paper account begins anew once for a key, and each time without one', () => {
  const day = tradingDay();
  day.take(asked('k'));
  expect(day.take(asked('k', '60000'))).toEqual([]);
  expect([day.session().epoch, day.session().cash]).toEqual([2, money.of('50000')]);
  day.take(asked('other', '60000'));
  // A late repetition of the first, after the second.
  expect(day.take(asked('k', '60000'))).toEqual([]);
  expect(day.session().epoch).toBe(3);
  for (const epoch of [4, 5]) {
    expect(day.take(asked(null, '70000'))).toHaveLength(1);
    expect([day.session().epoch, day.session().cash]).toEqual([epoch, money.of('70000')]);
  }
});

test('it does not begin anew while something is held, works or is halted, and says what', () => {
  const day = tradingDay();
  expect(refusedTo(day)).toBe('');
  const order = day.place({ shares: 10, orderType: 'limit', limitPrice: price.of('100') });
  expect(refusedTo(day)).toBe(
    'ORDERS_WORKING: 1 order(s) still work or are of unknown outcome, and may fill.',
  );
  day.quote('99.98/100', 1);
  expect(day.status(order)).toBe('filled');
  expect(refusedTo(day)).toBe(
    'POSITIONS_HELD: NVDA is held, and would be lost without an outcome.',
  );
  day.take({ type: 'EngageHalt', halt: haltOf('symbol', 'AMD') });
  expect(refusedTo(day)).toContain('HALTED: A halt stands (AMD)');
});
