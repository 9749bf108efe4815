import { money } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { held, marginLimits, nvda } from './fixtures.ts';
import { marginUsed } from './maintenance.ts';

test('a short position that nobody knows a price of brings its initial share alone', () => {
  const { margin } = marginLimits;
  if (margin === undefined) throw new Error('no margin');
  const gross = money.of('1000');
  const account = { positions: [held(nvda, -10, '100')], reservations: [] };
  const used = marginUsed(account, { gross }, { facts: { marks: [] }, margin });
  expect(money.format(used)).toBe('500');
});
