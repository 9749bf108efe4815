import { money, type Price, price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { noon, nvda } from '../../risk/fixtures.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const split = (newShares: number, oldShares: number): CorporateAction => ({
  symbol: nvda,
  exDate: '2026-03-02' as TradingDate,
  split: { newShares, oldShares },
  dividend: null,
});
const dividend = (amount: string): CorporateAction => ({
  ...split(1, 1),
  split: null,
  dividend: at(amount),
});
const applied = (day: ReturnType<typeof tradingDay>, ...actions: CorporateAction[]) =>
  day.take({ type: 'ApplyCorporateActions', actions, at: noon.add({ hours: 1 }) });

const held = (shares = 10) => {
  const day = tradingDay();
  const order = day.place({
    shares,
    exits: { takeProfit: at('105'), stopLoss: at('95.01') },
  });
  day.quote('100/100', 1);
  return { day, order };
};

describe('a split', () => {
  test('multiplies the shares, keeps the cost, and moves every working order', () => {
    const { day, order } = held();
    const limit = day.place({ shares: 3, orderType: 'limit', limitPrice: at('99.99') }, 2);
    const { cash } = day.session();
    applied(day, split(10, 1));
    const position = day.session().positions.get(nvda);
    expect(position).toMatchObject({ quantity: quantity.of('100'), cost: money.of('1000') });
    expect(price.format(position?.averagePrice as Price)).toBe('10');
    expect(day.session().cash).toBe(cash);
    // Limits are rounded away from trading sooner: the buy down, the sells up, the stop down.
    expect(day.exits(order)).toEqual(['stop_loss 100 at 9.5', 'take_profit 100 at 10.5']);
    const moved = day.session().working.get(limit);
    expect(moved?.intent).toMatchObject({ limitPrice: at('9.99'), quantity: quantity.of('30') });
  });

  test('in reverse gathers shares, and ends an order that it leaves nothing of', () => {
    const { day, order } = held();
    applied(day, split(1, 10));
    expect(day.held()).toBe('1');
    expect(day.exits(order)).toEqual(['stop_loss 1 at 950.1', 'take_profit 1 at 1050']);
  });

  test('leaves what was filled of an order as it was, and splits the rest', () => {
    const { day } = held();
    const order = day.place({ shares: 10, orderType: 'limit', limitPrice: at('99') }, 2);
    day.quote('98.9/99', 3, { shares: 4 });
    applied(day, split(2, 1));
    const record = day.session().working.get(order);
    expect(record).toMatchObject({
      cumulativeQuantity: quantity.of('4'),
      leavesQuantity: quantity.of('12'),
    });
    expect(record?.intent.quantity).toBe(quantity.of('16'));
  });

  test('comes once, however often it is told', () => {
    const { day } = held();
    applied(day, split(2, 1));
    expect(applied(day, split(2, 1))).toEqual([]);
    expect(day.held()).toBe('20');
  });

  test('ends a replacement on its way, whose terms were in old shares', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'limit', limitPrice: at('99') });
    day.quote('99.99/100', 1);
    day.replace(order, { limitPrice: at('98') }, 2);
    const types = applied(day, split(2, 1)).map(({ type }) => type);
    expect(types).toEqual(['CorporateActionApplied', 'OrderReplaceRejected', 'OrderReplaced']);
    expect(day.session().working.get(order)).toMatchObject({ status: 'accepted' });
    expect(day.session().working.get(order)?.intent.limitPrice).toBe(at('49.5'));
  });
});

describe('a cash dividend', () => {
  test('is paid on what is held, and lowers limits to buy and stops to sell', () => {
    const { day, order } = held();
    const limit = day.place({ shares: 3, orderType: 'limit', limitPrice: at('99') }, 2);
    const before = day.session().cash;
    applied(day, dividend('0.25'));
    expect(money.format(money.subtract(day.session().cash, before))).toBe('2.5');
    expect(day.exits(order)).toEqual(['stop_loss 10 at 94.76', 'take_profit 10 at 105']);
    expect(day.session().working.get(limit)?.intent.limitPrice).toBe(at('98.75'));
  });

  test('is owed by whoever has sold short', () => {
    const day = tradingDay();
    day.place({ shares: 10, side: 'sell_short' });
    day.quote('100/100', 1);
    const before = day.session().cash;
    applied(day, dividend('0.25'));
    expect(money.format(money.subtract(day.session().cash, before))).toBe('-2.5');
  });

  test('in a symbol that the account has nothing to do with leaves no event', () => {
    expect(applied(tradingDay(), dividend('1'))).toEqual([]);
  });
});

describe('borrowed shares', () => {
  const charge = (day: ReturnType<typeof tradingDay>, nights: number) =>
    day.take({
      type: 'ChargeBorrowing',
      charges: [{ symbol: nvda, mark: at('100'), annualFeeBps: 360 }],
      nights,
      at: noon.add({ hours: 1 }),
    });

  test('cost their yearly rate for each night, once in a session', () => {
    const day = tradingDay();
    day.place({ shares: 10, side: 'sell_short' });
    day.quote('100/100', 1);
    const before = day.session().cash;
    charge(day, 3);
    // 1,000 dollars at 3.6 % for 3 of 360 nights.
    expect(money.format(money.subtract(before, day.session().cash))).toBe('0.3');
    expect(charge(day, 3)).toEqual([]);
  });

  test('are not charged to whoever holds the shares', () => {
    expect(charge(held().day, 3)).toEqual([]);
  });
});
