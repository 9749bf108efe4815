import { price, type TradingDate } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import { expect, test } from 'vitest';
import { noon, nvda } from '../../risk/fixtures.ts';
import { workingInTurn } from './index.ts';
import { dayAfter, tradingDay } from './test-day.ts';

const about = { symbol: nvda, exDate: '2026-03-02' as TradingDate } as const;
const actions: readonly CorporateAction[] = [
  { ...about, split: { newShares: 2, oldShares: 1 }, dividend: null },
  { ...about, split: null, dividend: price.of('1') },
];
const applying = { type: 'ApplyCorporateActions', actions, at: noon } as const;

test('a night of more actions than one append holds takes each order through each, in turn', () => {
  const day = tradingDay();
  for (let n = 0; n < 410; n++)
    day.place({ shares: 1, orderType: 'limit', limitPrice: price.of('99'), timeInForce: 'gtc' }, n);
  const orders = workingInTurn(day.session());
  const carrying = { type: 'CarryOrders', orders, at: noon } as const;
  const next = dayAfter(day, '100', [carrying, carrying, applying, applying, applying]);
  const types = next.events
    .map(({ type }) => type)
    .filter((type) => type !== 'WorkingOrdersCarried')
    .slice(1, -1);
  // The first append ends inside the split: the dividend waits until every order is through it.
  const each = ['CorporateActionApplied', ...Array.from({ length: 410 }, () => 'OrderReplaced')];
  expect(types).toEqual([...each, ...each]);
  const limits = workingInTurn(next.session()).map(({ intent: { limitPrice } }) =>
    limitPrice === null ? 'none' : price.format(limitPrice),
  );
  expect(
    Map.groupBy(limits, (limit) => limit)
      .keys()
      .toArray(),
  ).toEqual(['48.5']);
  expect(limits).toHaveLength(410);
});
