import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type Money, money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent, RiskLimits } from '@sentinel/contracts/risk';
import { expect, test } from 'vitest';
import { marginLimits, ordinaryLimits } from '../../risk/fixtures.ts';
import { submittedAt as at, orderOf } from '../venue/test-look.ts';
import { executionOf, stillReserved } from './executions.ts';
import type { Session } from './index.ts';
import { withinMeans } from './means.ts';
import { tradingDay } from './test-day.ts';

type Case = {
  readonly cash: string;
  readonly intent?: Partial<OrderIntent>;
  readonly others?: readonly Partial<WorkingOrder>[];
  readonly each?: string;
  readonly limits?: RiskLimits;
};

const sessionWith = (cash: Money, orders: readonly WorkingOrder[]): Session => {
  const session = tradingDay().session();
  const working = orders.reduce((map, order) => map.with(order.orderId, order), session.working);
  return { ...session, cash, working, limits: { version: 1, limits: ordinaryLimits } };
};

/** What becomes of a fill of the whole order in an account that has no margin, unless `limits` say so. */
const paid = ({ cash, intent = {}, others = [], each = '100', limits }: Case) => {
  const order = orderOf(intent);
  const rest = others.map((other, n) => orderOf({}, { orderId: `${n}` as OrderId, ...other }));
  const begun = sessionWith(money.of(cash), [order, ...rest]);
  const session = limits === undefined ? begun : { ...begun, limits: { version: 1, limits } };
  const fill = {
    ...({
      type: 'fill',
      execution: 1,
      quantity: order.intent.quantity,
      price: price.of(each),
      at,
    } as const),
  };
  return withinMeans([fill], order, session).map((report) =>
    report.type === 'fill'
      ? quantity.format(report.quantity)
      : report.type === 'canceled'
        ? report.reason
        : report.type,
  );
};
const pays = (shares: string) => `The cash of the account pays for ${shares} shares at this price.`;

test('a purchase is filled as far as the cash goes that no other order has set aside', () => {
  expect(paid({ cash: '10000' })).toEqual(['100']);
  expect(paid({ cash: '9999.99' })).toEqual(['99', pays('99')]);
  expect(paid({ cash: '10000', others: [{ reservedCash: money.of('450') }] })).toEqual([
    '95',
    pays('95'),
  ]);
});

test('an account with margin pays with what it may borrow', () => {
  expect(paid({ cash: '100', limits: marginLimits })).toEqual(['100']);
  expect(paid({ cash: '100', limits: ordinaryLimits })).toEqual(['1', pays('1')]);
});

test('of an order that is to be changed the larger of both reservations is set aside', () => {
  const replacement = { intent: orderOf({}).intent, at };
  const [small, large] = [money.of('100'), money.of('1000')];
  for (const [reservedCash, asked] of [
    [small, large],
    [large, small],
  ] as const) {
    const other = { reservedCash, replacement: { ...replacement, reservedCash: asked } };
    expect(paid({ cash: '10000', others: [other] })).toEqual(['90', pays('90')]);
  }
});

test('whole shares are filled where whole ones were ordered, and parts where parts were', () => {
  expect(paid({ cash: '150', intent: { quantity: quantity.of('2') } })).toEqual(['1', pays('1')]);
  expect(paid({ cash: '150', intent: { quantity: quantity.of('2.5') } })).toEqual([
    '1.5',
    pays('1.5'),
  ]);
});

test.each(['0', '-500', '99.99'])(
  'with %s dollars for a share of a hundred nothing is filled',
  (cash) => {
    expect(paid({ cash })).toEqual([pays('0')]);
  },
);

test('all or none is none', () => {
  expect(paid({ cash: '9999', intent: { timeInForce: 'fok' } })).toEqual([pays('0')]);
  expect(paid({ cash: '10000', intent: { timeInForce: 'fok' } })).toEqual(['100']);
});

test('a sale that could not pay its fees is not made, whatever others have set aside', () => {
  const intent = { side: 'sell', quantity: quantity.of('1') } as const;
  expect(paid({ cash: '0', intent, each: '0.005' })).toEqual([
    'The sale would not pay its own fees.',
  ]);
  const others = [{ reservedCash: money.of('5') }];
  expect(paid({ cash: '1', intent, others, each: '0.005' })).toEqual(['1']);
});

test('an execution of nothing, or of less, is none', () => {
  const day = tradingDay();
  const order = day.place({ shares: 10 });
  const session = day.session();
  const record = session.orders.get(order);
  if (record === undefined) throw new Error('the order is not there');
  const trade = (shares: string) => ({
    ...{ id: 'x', quantity: quantity.of(shares), price: price.of('100'), at, met: undefined },
  });
  expect(executionOf(trade('0'), { session, record })).toBeUndefined();
  expect(executionOf(trade('-1'), { session, record })).toBeUndefined();
  expect(executionOf(trade('10'), { session, record })?.type).toBe('OrderFilled');
});

test('nothing is reserved for an order of which nothing is left', () => {
  const order = orderOf({}, { leavesQuantity: quantity.zero, reservedCash: money.of('5') });
  expect(stillReserved(order, quantity.zero)).toBe(money.zero);
});
