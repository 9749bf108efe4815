import { expect, test } from 'vitest';
import { type DecisionId, money, type OrderId, price, quantity } from '../kernel/index.ts';
import type { Ticker } from '../market/index.ts';
import { orderStatuses } from './order.ts';
import { isFinal } from './order-states.ts';
import { type KnownOrder, orderView, viewOfOrder } from './views.ts';

const [own, parent] = [1, 2].map((n) => `01890000-0000-7000-8000-00000000000${n}` as OrderId);
const at = Temporal.Instant.from('2026-03-02T17:00:00Z');
const order: KnownOrder = {
  orderId: own as OrderId,
  decisionId: '01890000-0000-7000-8000-00000000000d' as DecisionId,
  intent: {
    symbol: 'NVDA' as Ticker,
    side: 'buy',
    quantity: quantity.fromShares(10),
    orderType: 'limit',
    limitPrice: price.of('101'),
    timeInForce: 'day',
    strategyId: null,
  },
  status: 'partially_filled',
  cumulativeQuantity: quantity.fromShares(3),
  filledNotional: money.of('300.01'),
  fees: money.of('0.03'),
  reason: null,
  external: false,
  link: undefined,
  stopAt: undefined,
  submittedAt: at,
  updatedAt: at,
};

test.each(orderStatuses)('what is left of an order that is %s', (status) => {
  const { leaves_qty } = viewOfOrder({ ...order, status });
  expect(quantity.format(leaves_qty)).toBe(isFinal(status) ? '0' : '7');
});

test('the average price is of what has traded, and there is none before', () => {
  expect(viewOfOrder(order).average_price).toBe(price.of('100.003333'));
  const untouched = { cumulativeQuantity: quantity.zero, filledNotional: money.zero };
  expect(viewOfOrder({ ...order, ...untouched }).average_price).toBeNull();
});

test('an exit names the order that it is one of; of a pair that was placed as one none does', () => {
  const linked = (parentId: OrderId | undefined) =>
    viewOfOrder({ ...order, link: { parentId: parentId as OrderId } }).exit_of;
  expect(linked(parent)).toBe(parent);
  expect(linked(own)).toBeNull();
  expect(viewOfOrder({ ...order, link: null }).exit_of).toBeNull();
});

test.each([
  ['2.5', { amount: price.of('2.5'), bps: null }],
  ['1.5%', { amount: null, bps: 150 }],
  ['0.01%', { amount: null, bps: 1 }],
  ['50%', { amount: null, bps: 5_000 }],
])('a trail is told as it is asked for: %s', (text, trail) => {
  expect(viewOfOrder({ ...order, intent: { ...order.intent, trail } }).trail).toBe(text);
});

test('it is the view that tools answer', () => {
  expect(orderView.safeEncode(viewOfOrder({ ...order, stopAt: price.of('99') })).success).toBe(
    true,
  );
});
