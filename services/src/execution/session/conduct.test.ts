import { price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { noon, nvda } from '../../risk/fixtures.ts';
import { assessedAccount } from './account.ts';
import { dayAfter, tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const windowed = () => tradingDay({ limits: { duplicateWindowMs: 30_000 } });
const ten = { shares: 10, orderType: 'limit', limitPrice: at('99') } as const;

describe('an order with the same terms as one before it', () => {
  const others: readonly (readonly [string, Partial<OrderIntent>])[] = [
    ['type', { orderType: 'stop_limit', triggerPrice: at('101') }],
    ['time in force', { timeInForce: 'gtc' }],
    ['limit', { limitPrice: at('98.99') }],
    ['take profit', { exits: { takeProfit: at('105'), stopLoss: null } }],
    ['stop loss', { stopPrice: at('95'), exits: { takeProfit: null, stopLoss: at('95') } }],
  ];
  test.each(others)('is no such order when its %s is another', (_, rest) => {
    const day = windowed();
    day.place(ten);
    day.place({ ...ten, ...rest }, 1);
    expect(() => day.place({ ...ten, ...rest }, 2)).toThrow('DUPLICATE_ORDER');
  });

  test('is no such order when it trails otherwise', () => {
    const day = windowed();
    const trailing = { shares: 10, orderType: 'trailing_stop' } as const;
    day.place({ ...trailing, trail: { amount: at('5'), bps: null } });
    day.place({ ...trailing, trail: { amount: at('4'), bps: null } }, 1);
    day.place({ ...trailing, trail: { amount: null, bps: 100 } }, 2);
    expect(() => day.place({ ...trailing, trail: { amount: at('4'), bps: null } }, 3)).toThrow(
      'DUPLICATE_ORDER',
    );
  });

  test('is one whatever its owner means by it: no order of the venue differs', () => {
    const day = windowed();
    day.place({ ...ten, stopPrice: at('95') });
    expect(() => day.place({ ...ten, stopPrice: at('94') }, 1)).toThrow('DUPLICATE_ORDER');
  });

  test('is taken when one does as it was advised: after the time that the refusal names', () => {
    const day = windowed();
    day.place(ten);
    expect(() => day.place(ten, 29.9)).toThrow('DUPLICATE_ORDER');
    const denied = day.events.findLast(({ type }) => type === 'OrderDenied');
    expect(denied).toMatchObject({
      data: { message: expect.stringContaining('One more is taken after 30000 ms') },
    });
    day.place(ten, 30);
  });

  test('gets out of a position again once its twin was canceled, and opens none', () => {
    const day = windowed();
    day.place({ shares: 10 });
    day.quote('100/100', 1);
    const exit = { shares: 10, side: 'sell', orderType: 'limit', limitPrice: at('101') } as const;
    const sale = day.place(exit, 2);
    const buy = day.place(ten, 2);
    day.quote('100/100', 3);
    day.cancel(sale, 4);
    day.cancel(buy, 4);
    day.quote('100/100', 5);
    expect([day.status(sale), day.status(buy)]).toEqual(['canceled', 'canceled']);
    day.place(exit, 6);
    expect(() => day.place(ten, 7)).toThrow('DUPLICATE_ORDER');
  });

  test('that gets out is one while its twin works, and once it was filled', () => {
    const day = windowed();
    day.place({ shares: 30 });
    day.quote('100/100', 1);
    day.place({ shares: 10, side: 'sell' }, 2);
    expect(() => day.place({ shares: 10, side: 'sell' }, 3)).toThrow('DUPLICATE_ORDER');
    day.quote('100/100', 4);
    expect(() => day.place({ shares: 10, side: 'sell' }, 5)).toThrow('DUPLICATE_ORDER');
  });

  test('is known as a pair, and no plain limit is its twin', () => {
    const day = windowed();
    day.place({ shares: 30 });
    day.quote('100/100', 1);
    const plain = { shares: 10, side: 'sell', orderType: 'limit', limitPrice: at('105') } as const;
    const exits = { takeProfit: null, stopLoss: at('95') };
    day.place({ ...plain, stopPrice: at('95'), exits }, 2);
    day.place(plain, 3);
    expect(() => day.place({ ...plain, stopPrice: at('95'), exits }, 4)).toThrow('DUPLICATE_ORDER');
  });

  test('is none of an order that has other terms by now, nor of that which it replaces', () => {
    const day = windowed();
    const order = day.place(ten);
    day.quote('100/100', 1);
    day.replace(order, { limitPrice: at('98') }, 2);
    day.quote('100/100', 3);
    const [back] = day.replace(order, { limitPrice: at('99') }, 4);
    expect(back).toMatchObject({ data: { outcome: 'APPROVED' } });
    day.quote('100/100', 5);
    day.replace(order, { limitPrice: at('98') }, 6);
    day.quote('100/100', 7);
    day.place(ten, 8);
  });

  test('is none of the very order that is given its own terms once more', () => {
    const day = windowed();
    const order = day.place(ten);
    day.quote('100/100', 1);
    const [again] = day.replace(order, { limitPrice: at('99') }, 2);
    expect(again).toMatchObject({ data: { outcome: 'APPROVED' } });
  });
});

describe('a streak of losses', () => {
  const lossesOf = (day: ReturnType<typeof tradingDay>) => day.session().closedLosses.count;
  const roundTrip = (
    day: ReturnType<typeof tradingDay>,
    second: number,
    sold: readonly string[],
  ) => {
    day.place({ shares: 10 * sold.length }, second);
    day.quote('100/100', second + 1);
    day.place({ shares: 10 * sold.length, side: 'sell' }, second + 2);
    for (const [n, bid] of sold.entries())
      day.quote(`${bid}/${bid}`, second + 3 + n, { shares: 10 });
  };

  test('counts a position that was closed in three losing executions once', () => {
    const day = tradingDay();
    roundTrip(day, 0, ['99', '99', '99']);
    expect([lossesOf(day), day.session().lossStreak.count]).toEqual([1, 3]);
    roundTrip(day, 20, ['99']);
    expect(lossesOf(day)).toBe(2);
    const intent = { symbol: nvda, side: 'buy' } as OrderIntent;
    expect(
      assessedAccount(day.session(), { intent, facts: { at: noon } }).closedLosses?.count,
    ).toBe(2);
  });

  test('is ended by a gain, and counts a position by all that it realised', () => {
    const day = tradingDay();
    roundTrip(day, 0, ['99']);
    // Ten dollars gained and five lost are a gain, in whatever order; the other way round a loss.
    roundTrip(day, 20, ['101', '99.5']);
    expect(lossesOf(day)).toBe(0);
    roundTrip(day, 40, ['99', '100.5']);
    expect(lossesOf(day)).toBe(1);
    roundTrip(day, 60, ['100']);
    expect(lossesOf(day)).toBe(1);
  });

  test('counts a short position, and goes on over the night with what was realised before', () => {
    const day = tradingDay();
    day.place({ shares: 20, side: 'sell_short', timeInForce: 'gtc' });
    day.quote('100/100', 1);
    day.place({ shares: 10 }, 2);
    day.quote('100/103', 3);
    expect(lossesOf(day)).toBe(0);
    const next = dayAfter(day, '100', []);
    next.place({ shares: 10 });
    next.quote('98/99', 1);
    // Thirty dollars lost on the first day, ten gained on the second.
    expect([next.held(), lossesOf(next)]).toEqual(['0', 1]);
    expect(lossesOf(dayAfter(next, '100', []))).toBe(1);
  });
});

describe('shares to borrow', () => {
  const borrow = { available: quantity.fromShares(20), annualFeeBps: 30 };
  const short = (shares: number) => ({ shares, side: 'sell_short' }) as const;

  test('are counted with those that are borrowed and those that are being sold', () => {
    const day = tradingDay();
    day.place(short(10), 0, { borrow });
    day.quote('100/100', 1);
    expect(() => day.place(short(11), 2, { borrow })).toThrow('REGULATORY_PRE_ORDER');
    day.place({ ...short(6), orderType: 'limit', limitPrice: at('105') }, 3, { borrow });
    expect(() => day.place(short(5), 4, { borrow })).toThrow('REGULATORY_PRE_ORDER');
    day.place(short(4), 5, { borrow });
    expect(day.held()).toBe('-10');
  });
});
