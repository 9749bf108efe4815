import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type OrderId, price } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { buy } from '../../risk/fixtures.ts';
import type { OrderChanges } from './commands.ts';
import { unfitBesideExits, withRealExit } from './real-exits.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
type Day = ReturnType<typeof tradingDay>;

const long = { side: 'buy', exits: { takeProfit: at('105'), stopLoss: at('95') } } as const;
const short = { side: 'sell_short', exits: { takeProfit: at('95'), stopLoss: at('105') } } as const;

/** Of twenty shares ten are filled, and the exits work for those. */
const entered = (
  day: Day,
  intent: Partial<OrderIntent>,
  { second = 0, limit = '100' }: { readonly second?: number; readonly limit?: string } = {},
): OrderId => {
  const stopPrice = at(intent.side === 'sell_short' ? '110' : '90');
  const terms = { orderType: 'limit', limitPrice: at(limit), stopPrice } as const;
  const order = day.place({ shares: 20, ...terms, ...intent }, second);
  day.quote(`${limit}/${limit}`, second + 1, { shares: 10 });
  day.quote(`${limit}/${limit}`, second + 2, { shares: 0 });
  return order;
};
const begun = (intent: Partial<OrderIntent> = long) => {
  const day = tradingDay();
  const order = entered(day, intent);
  return {
    ...{ day, order },
    stop: day.exitOf(order, 'stop_loss'),
    takes: day.exitOf(order, 'take_profit'),
  };
};
const working = (day: Day, orderId: OrderId): WorkingOrder => {
  const order = day.session().working.get(orderId);
  if (order === undefined) throw new Error(`${orderId} does not work`);
  return order;
};

describe('what new terms of an order may lose is reckoned to the stop', () => {
  const reckoned = (day: Day, orderId: OrderId): string => {
    const { intent } = working(day, orderId);
    const { stopPrice } = withRealExit(intent, orderId, day.session());
    return stopPrice === null ? 'none' : price.format(stopPrice);
  };

  test.each([
    ['that works for it', long, '95'],
    ['that works for its short sale', short, '105'],
    [
      'that its owner means, where it has but a target',
      { exits: { takeProfit: at('105'), stopLoss: null } },
      'none',
    ],
    ['that its owner means, where it has no exits', {}, '90'],
  ] as const)('%s', (_, intent, stop) => {
    const { day, order } = begun(intent);
    expect(reckoned(day, order)).toBe(stop);
  });

  test.each([
    ['that its fills will set out, before there are any', long.exits, '95'],
    [
      'that its owner means, while a target alone is to be set out',
      { ...long.exits, stopLoss: null },
      '90',
    ],
  ] as const)('%s', (_, exits, stop) => {
    const day = tradingDay();
    const order = day.place({ shares: 20, stopPrice: at('90'), exits });
    expect(reckoned(day, order)).toBe(stop);
  });

  test('of no other order', () => {
    const { day, order } = begun();
    const other = entered(
      day,
      { exits: { takeProfit: at('106'), stopLoss: at('97') } },
      {
        ...{ second: 10, limit: '101' },
      },
    );
    expect([reckoned(day, order), reckoned(day, other)]).toEqual(['95', '97']);
  });

  test.each([
    [long, '97', '95'],
    [long, '93', '93'],
    [short, '103', '105'],
    [short, '107', '107'],
  ] as const)(
    'that loses more, of where it is and where it is asked to be',
    (intent, asked, worse) => {
      const { day, order, stop } = begun(intent);
      day.replace(stop, { stopPrice: at(asked) }, 3);
      expect(reckoned(day, order)).toBe(worse);
    },
  );

  test('that a pair was left without: what its owner means counts', () => {
    const day = tradingDay();
    entered(day, {});
    const pair = day.place(
      {
        ...{ shares: 10, side: 'sell', orderType: 'limit', limitPrice: at('105') },
        ...{ stopPrice: at('95'), exits: { takeProfit: null, stopLoss: at('95') } },
      },
      5,
    );
    day.quote('100/100', 6, { shares: 0 });
    day.cancel(day.exitOf(pair, 'stop_loss'), 7);
    day.quote('100/100', 8, { shares: 0 });
    expect(day.exits(pair)).toEqual(['take_profit 10 at 105']);
    expect(reckoned(day, pair)).toBe('95');
  });
});

describe('of two exits', () => {
  const told = (day: Day, orderId: OrderId, changes: OrderChanges & Partial<OrderIntent>) => {
    const order = working(day, orderId);
    const { limitPrice = order.intent.limitPrice, stopPrice } = changes;
    const stop = order.intent.triggerPrice === undefined ? {} : { triggerPrice: stopPrice };
    const intent = { ...order.intent, limitPrice, ...(stopPrice !== undefined && stop) };
    const refusal = unfitBesideExits({ changes, intent }, order, day.session());
    return refusal?.refusal.message;
  };
  const crossed = (takes: string, loses: string) =>
    `The exits stand on the wrong side: ${takes} gains and ${loses} loses.`;

  test('that sell the one that gains stays above the one that loses', () => {
    const { day, stop, takes } = begun(long);
    expect(told(day, takes, { limitPrice: at('95') })).toBe(crossed('95', '95'));
    expect(told(day, takes, { limitPrice: at('95.01') })).toBeUndefined();
    expect(told(day, stop, { stopPrice: at('105') })).toBe(crossed('105', '105'));
    expect(told(day, stop, { stopPrice: at('104.99') })).toBeUndefined();
  });

  test('that buy back the one that gains stays below the one that loses', () => {
    const { day, stop, takes } = begun(short);
    expect(told(day, takes, { limitPrice: at('105') })).toBe(crossed('105', '105'));
    expect(told(day, takes, { limitPrice: at('104.99') })).toBeUndefined();
    expect(told(day, stop, { stopPrice: at('95') })).toBe(crossed('95', '95'));
    expect(told(day, stop, { stopPrice: at('95.01') })).toBeUndefined();
  });

  test('one whose other was canceled goes where it will', () => {
    const { day, stop, takes } = begun(long);
    day.cancel(stop, 3);
    day.quote('100/100', 4, { shares: 0 });
    expect(told(day, takes, { limitPrice: at('94') })).toBeUndefined();
  });

  test('the one that loses is moved by its own id once it works, and not before', () => {
    const { day, order, stop } = begun(long);
    expect(told(day, order, { stopPrice: at('96') })).toContain('as an order of its own');
    expect(told(day, order, { limitPrice: at('99') })).toBeUndefined();
    day.cancel(stop, 3);
    day.quote('100/100', 4, { shares: 0 });
    expect(told(day, order, { stopPrice: at('96') })).toBeUndefined();
  });
});

test('terms of an order of which nothing works beside it fit', () => {
  const day = tradingDay();
  const order = working(day, day.place({ shares: 1 }));
  const changes = { stopPrice: at('96') };
  expect(unfitBesideExits({ changes, intent: buy(1) }, order, day.session())).toBeUndefined();
});
