import { type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { changedIntent, type OrderChanges } from './index.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const exits = { takeProfit: at('105'), stopLoss: at('95') };
type Day = ReturnType<typeof tradingDay>;
type Terms = Parameters<Day['place']>[0];

/** What an order of these terms would have for terms after the change, or why it takes none. */
const changedBy = (
  terms: Omit<Terms, 'shares'>,
  changes: OrderChanges,
  orderOf = (_day: Day, placed: OrderId) => placed,
) => {
  const day = tradingDay();
  const placed = day.place({ shares: 10, ...terms });
  const orderId = orderOf(day, placed);
  const order = day.session().working.get(orderId);
  if (order === undefined) throw new Error('the order does not work');
  const changed = changedIntent(order, changes);
  return changed.ok ? changed.value : changed.refusal.message;
};

const limit = { orderType: 'limit', limitPrice: at('99') } as const;
const stop = { orderType: 'stop', triggerPrice: at('102') } as const;
const trailing = { orderType: 'trailing_stop', trail: { amount: at('2'), bps: null } } as const;
const stopLoss = (day: Day, parent: OrderId) => {
  day.quote('100/100', 1);
  return day.exitOf(parent, 'stop_loss');
};

test.each([
  ['nothing', limit, {}, 'Nothing is to be changed.'],
  ['a limit', stop, { limitPrice: at('103') }, 'The order has no limit price.'],
  ['a stop', trailing, { stopPrice: at('101') }, 'Its trail moves the stop.'],
])('an order that has none is told so: %s', (_, terms, changes, said) => {
  expect(changedBy(terms, changes)).toBe(said);
});

test('the quantity of an exit is that of its parent, and its price may move', () => {
  const shares = { quantity: quantity.fromShares(5) };
  expect(changedBy({ exits }, shares, stopLoss)).toBe(
    'The quantity of an exit follows what its parent filled.',
  );
  expect(changedBy({ exits }, { stopPrice: at('96') }, stopLoss)).toMatchObject({
    triggerPrice: at('96'),
  });
});

test('where its owner gets out moves with the stop loss that is to be set out, and makes none', () => {
  const moved = { stopPrice: at('94') };
  const gains = { ...exits, stopLoss: null };
  expect(changedBy({ ...limit, exits }, moved)).toMatchObject({
    ...moved,
    exits: { ...exits, stopLoss: at('94') },
  });
  expect(changedBy({ ...limit, exits: gains }, moved)).toMatchObject({
    ...moved,
    exits: gains,
  });
  const plain = changedBy(limit, moved);
  expect(plain).toMatchObject(moved);
  expect(plain).not.toHaveProperty('exits');
});
