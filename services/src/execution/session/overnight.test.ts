import {
  money,
  type OrderId,
  type Price,
  price,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { equityOf } from '../../portfolio/index.ts';
import { noon, nvda } from '../../risk/fixtures.ts';
import { dangersOf } from '../../risk/guard/dangers.ts';
import { misfitOf } from '../../risk/index.ts';
import { dayAfter, tradingDay } from './test-day.ts';

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
type Day = ReturnType<typeof tradingDay>;
const applying = (...actions: readonly CorporateAction[]) =>
  ({ type: 'ApplyCorporateActions', actions, at: noon }) as const;
/** The day after, once the actions are applied, with the events that they led to. */
const after = (day: Day, ...actions: readonly CorporateAction[]) => {
  const next = dayAfter(day, '100', [applying(...actions)]);
  const types = next.events.map(({ type }) => type);
  const carried = types.indexOf('WorkingOrdersCarried');
  const from = carried === -1 ? types.indexOf('SessionOpened') : carried;
  return { ...next, led: types.slice(from + 1, types.indexOf('TradingEnabled')) };
};

const holding = (shares = 10) => {
  const day = tradingDay();
  const order = day.place({ shares, exits: { takeProfit: at('105'), stopLoss: at('95.01') } });
  day.quote('100/100', 1);
  return { day, order };
};
const shorting = (shares = 10) => {
  const day = tradingDay();
  const order = day.place({
    ...{ shares, side: 'sell_short' },
    exits: { takeProfit: at('95'), stopLoss: at('105') },
  });
  day.quote('100/100', 1);
  return { day, order };
};
const termsOf = (day: Day, orderId: OrderId) => {
  const order = day.session().working.get(orderId);
  const { limitPrice, triggerPrice, exits } = order?.intent ?? {};
  const text = (each: Price | null | undefined) =>
    each === null || each === undefined ? '-' : price.format(each);
  return [limitPrice, triggerPrice, exits?.takeProfit, exits?.stopLoss].map(text).join(' ');
};
const equityAt = (day: Day, mark: string) => {
  const { cash, positions } = day.session();
  return equityOf(cash, positions.values(), new Map([[nvda, at(mark)]]));
};

describe('a split', () => {
  test('multiplies the shares, keeps the cost, and moves every working order', () => {
    const { day, order } = holding();
    const limit = day.place(
      { shares: 3, orderType: 'limit', limitPrice: at('99.99'), timeInForce: 'gtc' },
      2,
    );
    const next = after(day, split(10, 1));
    const position = next.session().positions.get(nvda);
    expect(position).toMatchObject({ quantity: quantity.of('100'), cost: money.of('1000') });
    expect(price.format(position?.averagePrice as Price)).toBe('10');
    expect(next.session().cash).toBe(day.session().cash);
    // Limits are rounded away from trading sooner: the buy down, the sells up, the stop down.
    expect(next.exits(order)).toEqual(['stop_loss 100 at 9.5', 'take_profit 100 at 10.5']);
    const moved = next.session().working.get(limit);
    expect(moved?.intent).toMatchObject({ limitPrice: at('9.99'), quantity: quantity.of('30') });
  });

  test('in reverse gathers shares, and ends an order that it leaves nothing of', () => {
    const { day, order } = holding();
    const next = after(day, split(1, 10));
    expect(next.held()).toBe('1');
    expect(next.exits(order)).toEqual(['stop_loss 1 at 950.1', 'take_profit 1 at 1050']);
  });

  test('leaves what was filled of an order as it was, and splits the rest', () => {
    const { day } = holding();
    const order = day.place(
      { shares: 10, orderType: 'limit', limitPrice: at('99'), timeInForce: 'gtc' },
      2,
    );
    day.quote('98.9/99', 3, { shares: 4 });
    const next = after(day, split(2, 1));
    const record = next.session().working.get(order);
    expect(record).toMatchObject({
      cumulativeQuantity: quantity.of('4'),
      leavesQuantity: quantity.of('12'),
    });
    expect(record?.intent.quantity).toBe(quantity.of('16'));
  });

  test('comes once, however often it is told, and not at all once the session trades', () => {
    const { day } = holding();
    const twice = dayAfter(day, '100', [applying(split(2, 1)), applying(split(2, 1))]);
    expect(twice.held()).toBe('20');
    expect(twice.take(applying(split(3, 1)))).toEqual([]);
    expect(twice.held()).toBe('20');
  });

  test('comes beside another of the same day: each moves the shares once', () => {
    const { day } = holding();
    const both = [split(2, 1), split(3, 2)];
    expect(after(day, ...both, ...both).held()).toBe('30');
  });

  test.each(['pending_replace', 'unknown'] as const)(
    'ends a replacement wished for of an order that is %s, whose terms were in old shares',
    (status) => {
      const day = tradingDay();
      const order = day.place({
        ...{ shares: 10, orderType: 'limit', limitPrice: at('99'), timeInForce: 'gtc' },
      });
      day.quote('99.99/100', 1);
      day.replace(order, { limitPrice: at('98') }, 2);
      if (status === 'unknown')
        day.take({
          type: 'ReportVenue',
          reports: [
            {
              ...{ orderId: order, venueOrderId: null, execType: 'unknown', reason: 'lost' },
              at: noon.add({ seconds: 3 }),
              met: { bar: null, quote: null },
            } as never,
          ],
        });
      expect(day.status(order)).toBe(status);
      const next = after(day, split(2, 1));
      expect(next.led).toEqual(['CorporateActionApplied', 'OrderReplaceRejected', 'OrderReplaced']);
      const working = next.session().working.get(order);
      expect(working?.replacement).toBeUndefined();
      expect(working?.intent.limitPrice).toBe(at('49.5'));
    },
  );

  test('takes a protective limit along', () => {
    const day = tradingDay();
    const sold = day.place({ shares: 10, side: 'sell_short', timeInForce: 'gtc' });
    expect(day.session().working.get(sold)?.intent.collar).toBe(at('95.01'));
    const next = after(day, split(10, 1));
    expect(next.session().working.get(sold)?.intent.collar).toBe(at('9.51'));
  });

  test('takes the stop along that a trailing order has reached: its rest trades at the new prices', () => {
    const day = tradingDay();
    day.place({ shares: 10, side: 'sell_short' });
    day.quote('100/100', 0.5);
    const cover = day.place(
      {
        ...{ shares: 10, orderType: 'trailing_stop', timeInForce: 'gtc' },
        trail: { amount: at('2'), bps: null },
      },
      1,
    );
    day.quote('100/100', 2);
    day.quote('103/103', 3, { shares: 4 });
    expect(day.filled(cover)).toBe('4');
    const next = after(day, split(10, 1));
    next.quote('10.4/10.4', 4);
    expect(next.prices(cover)).toEqual(['10.4']);
  });

  test('with a dividend beside it moves a trailing sale that was reached by the split alone', () => {
    const trailing = (isReached: boolean) => {
      const day = tradingDay();
      day.place({ shares: 10 });
      day.quote('100/100', 0.5);
      const sale = day.place(
        {
          ...{ shares: 10, side: 'sell', orderType: 'trailing_stop', timeInForce: 'gtc' },
          trail: { amount: at('2'), bps: null },
        },
        1,
      );
      day.quote('100/100', 2);
      if (isReached) day.quote('97/97', 3, { shares: 4 });
      expect(day.filled(sale)).toBe(isReached ? '4' : '0');
      const next = after(day, { ...split(2, 1), dividend: at('1') });
      const stopAt = next.session().working.get(sale)?.stopAt;
      return stopAt === undefined ? 'none' : price.format(stopAt);
    };
    expect([trailing(false), trailing(true)]).toEqual(['48', '49']);
  });

  test('leaves the account worth what it was, before and after the first print', () => {
    const { day } = holding();
    const next = after(day, split(10, 1));
    const { lastPrices, dayStartEquity } = next.session();
    expect(lastPrices.get(nvda)?.price).toBe(at('10'));
    expect(equityAt(next, '10')).toBe(dayStartEquity);
  });
});

describe('a cash dividend', () => {
  test('is paid on what is held, and lowers limits to buy and stops to sell', () => {
    const { day, order } = holding();
    const limit = day.place(
      { shares: 3, orderType: 'limit', limitPrice: at('99'), timeInForce: 'gtc' },
      2,
    );
    const next = after(day, dividend('0.25'));
    expect(money.format(money.subtract(next.session().cash, day.session().cash))).toBe('2.5');
    expect(next.exits(order)).toEqual(['stop_loss 10 at 94.76', 'take_profit 10 at 105']);
    expect(termsOf(next, limit)).toBe('98.75 - - -');
  });

  test('is paid beside another of the same day, each once: a special dividend with the ordinary', () => {
    const { day } = holding();
    const both = [dividend('1'), dividend('0.5')];
    const { led, session } = after(day, ...both, ...both);
    expect(led.filter((type) => type === 'CorporateActionApplied')).toHaveLength(2);
    expect(money.subtract(session().cash, day.session().cash)).toBe(money.of('15'));
  });

  test('is owed by whoever has sold short', () => {
    const { day } = shorting();
    const next = after(day, dividend('0.25'));
    expect(money.format(money.subtract(next.session().cash, day.session().cash))).toBe('-2.5');
  });

  test('is not paid on what was bought on the ex-date itself, when the opening is repeated', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.quote('100/100', 1);
    const { cash } = day.session();
    expect(day.take(applying(dividend('1')))).toEqual([]);
    expect(day.session().cash).toBe(cash);
  });

  test('in a symbol that the account has nothing to do with leaves no event', () => {
    expect(after(tradingDay(), dividend('1')).led).toEqual([]);
  });

  test.each([
    ['that is long', () => holding(200).day],
    ['that is short', () => shorting(200).day],
  ])('of ten dollars, while the price falls by ten, is no loss to an account %s', (_, begin) => {
    const day = begin();
    const next = after(day, dividend('10'));
    const session = next.session();
    // Before the first print of the ex-date the last price stands, without what was paid on it.
    expect(session.lastPrices.get(nvda)?.price).toBe(at('90'));
    expect(equityAt(next, '90')).toBe(session.dayStartEquity);
    expect(session.weekStartEquity).toBe(day.session().weekStartEquity);
    const limits = { ...session.limits.limits, maxDailyDrawdownBps: 1 };
    const guarded = { ...session, limits: { ...session.limits, limits } };
    const watched = { at: noon, isOpen: true, opensAt: null };
    const codes = (prices: Parameters<typeof dangersOf>[1]['prices']) =>
      dangersOf(guarded, { ...watched, prices }).map(({ code }) => code);
    expect(codes(new Map())).not.toContain('DAILY_LOSS');
    expect(codes(new Map([[nvda, { price: at('90'), at: noon }]]))).not.toContain('DAILY_LOSS');
  });

  /** Terms before and after a dividend of 0.25: limit, stop, take_profit, stop_loss. */
  test.each([
    ['limit to buy', { orderType: 'limit', limitPrice: '99' }, '98.75 - - -'],
    ['stop to buy', { orderType: 'stop', triggerPrice: '105' }, '- 105 - -'],
    [
      'stop to buy with a limit',
      { orderType: 'stop_limit', triggerPrice: '105', limitPrice: '105.1' },
      '105.1 105 - -',
    ],
    ['limit to sell', { side: 'sell', orderType: 'limit', limitPrice: '105' }, '105 - - -'],
    ['stop to sell', { side: 'sell', orderType: 'stop', triggerPrice: '95' }, '- 94.75 - -'],
    [
      'stop to sell with a limit',
      { side: 'sell', orderType: 'stop_limit', triggerPrice: '95', limitPrice: '95' },
      '94.75 94.75 - -',
    ],
    ['short limit', { side: 'sell_short', orderType: 'limit', limitPrice: '105' }, '105 - - -'],
    [
      'limit to buy with exits',
      {
        ...{ orderType: 'limit', limitPrice: '99' },
        exits: { takeProfit: '105', stopLoss: '95' },
      },
      '98.75 - 105 94.75',
    ],
    [
      'short limit with exits',
      {
        ...{ side: 'sell_short', orderType: 'limit', limitPrice: '105' },
        exits: { takeProfit: '95', stopLoss: '110' },
      },
      '105 - 94.75 110',
    ],
  ] as const)('moves a %s by FINRA rule 5330, and its terms still fit', (_, terms, moved) => {
    const day = tradingDay();
    if ('side' in terms && terms.side === 'sell') {
      day.place({ shares: 10 });
      day.quote('100/100', 0.5);
    }
    const { exits } = 'exits' in terms ? terms : { exits: undefined };
    const order = day.place(
      {
        ...({
          shares: 10,
          timeInForce: 'gtc',
          orderType: terms.orderType as OrderIntent['orderType'],
        } as const),
        ...('side' in terms && { side: terms.side as 'sell' | 'sell_short' }),
        ...('limitPrice' in terms && { limitPrice: at(terms.limitPrice) }),
        ...('triggerPrice' in terms && { triggerPrice: at(terms.triggerPrice) }),
        ...(exits !== undefined && {
          exits: { takeProfit: at(exits.takeProfit), stopLoss: at(exits.stopLoss) },
        }),
      },
      1,
    );
    const next = after(day, dividend('0.25'));
    expect(termsOf(next, order)).toBe(moved);
    const working = next.session().working.get(order);
    expect(working && misfitOf(working.intent, { isTriggered: false })).toBeUndefined();
  });

  test('of less than a cent moves no terms, and is paid all the same', () => {
    const { day, order } = holding();
    const next = after(day, dividend('0.009'));
    expect(next.exits(order)).toEqual(['stop_loss 10 at 95.01', 'take_profit 10 at 105']);
    expect(money.format(money.subtract(next.session().cash, day.session().cash))).toBe('0.09');
  });

  test('that leaves no price above zero ends the order, and says so', () => {
    const day = tradingDay();
    const order = day.place({
      ...{ shares: 10, orderType: 'limit', limitPrice: at('9'), timeInForce: 'gtc' },
    });
    const next = after(day, dividend('10'));
    expect(next.status(order)).toBe('canceled');
    expect(next.events.at(-2)).toMatchObject({
      data: { reason: 'The dividend leaves no terms that fit: A price is not above zero.' },
    });
  });

  test('lowers where a trailing sale stands, and not a trailing buy', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.quote('100/100', 0.5);
    const trailing = (side: 'buy' | 'sell') =>
      day.place(
        {
          ...{ shares: 10, side, orderType: 'trailing_stop', timeInForce: 'gtc' },
          trail: { amount: at('5'), bps: null },
        },
        1,
      );
    const [sale, buy] = [trailing('sell'), trailing('buy')];
    day.quote('100/100', 2);
    const next = after(day, dividend('0.25'));
    expect(next.session().working.get(sale)?.stopAt).toBe(at('94.75'));
    expect(next.session().working.get(buy)?.stopAt).toBe(at('105'));
    expect(next.session().orders.get(sale)?.stopAt).toBe(at('94.75'));
  });
});

describe('borrowed shares', () => {
  const charging = (nights: number) =>
    ({
      ...({ type: 'ChargeBorrowing', nights, at: noon } as const),
      charges: [{ symbol: nvda, mark: at('100'), annualFeeBps: 360 }],
    }) as const;

  test('cost their yearly rate for each night, once in a session', () => {
    const { day } = shorting();
    const next = dayAfter(day, '100', [charging(3), charging(3)]);
    // 1,000 dollars at 3.6 % for 3 of 360 nights.
    expect(money.format(money.subtract(day.session().cash, next.session().cash))).toBe('0.3');
    expect(next.take(charging(3))).toEqual([]);
  });

  test('sold today cost nothing, when the opening is repeated', () => {
    const { day } = shorting();
    expect(day.take(charging(1))).toEqual([]);
  });

  test('cost the same whether they were split before or after', () => {
    const { day } = shorting();
    const next = dayAfter(day, '100', [applying(split(10, 1)), charging(3)]);
    expect(money.format(money.subtract(day.session().cash, next.session().cash))).toBe('0.3');
  });

  test('are not charged to whoever holds the shares', () => {
    const { day } = holding();
    const next = dayAfter(day, '100', [charging(3)]);
    expect(next.session().cash).toBe(day.session().cash);
  });
});
