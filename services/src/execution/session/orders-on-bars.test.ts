import { price } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { noon, nvda } from '../../risk/fixtures.ts';
import { dayAfter, tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);

describe('on bars, a market order', () => {
  test('fills at the open of the first bar that begins after it was submitted', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10 }, 30);
    day.bar('99 101 98 100', 0);
    expect(day.status(order)).toBe('submitted');
    day.bar('100.5 101 99 100', 1);
    expect(day.prices(order)).toEqual(['100.5']);
  });

  test('takes at most a tenth of the volume of each bar, and averages by weight', () => {
    const day = tradingDay();
    const order = day.place({ shares: 100 });
    day.bar('100 101 99 100', 1, 600);
    day.bar('101 102 100 101', 2, 600);
    expect(day.status(order)).toBe('filled');
    expect(day.prices(order)).toEqual(['100', '101']);
    // 60 at 100 and 40 at 101 (D22).
    const last = day.events.at(-1);
    expect(last?.type === 'OrderFilled' && price.format(last.data.averagePrice)).toBe('100.4');
  });

  test('shares the tenth with other orders of its side', () => {
    const day = tradingDay();
    const [first, second] = [day.place({ shares: 50 }), day.place({ shares: 50 }, 1)];
    day.bar('100 101 99 100', 1, 700);
    expect([day.filled(first), day.filled(second)]).toEqual(['50', '20']);
  });

  test('waits while nothing is traded', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10 });
    day.bar('100 100 100 100', 1, 0);
    expect(day.status(order)).toBe('accepted');
  });

  test('meets a bar once, however often the bar comes', () => {
    const day = tradingDay();
    const order = day.place({ shares: 100 });
    day.bar('100 101 99 100', 1, 600);
    const once = day.events.length;
    day.bar('100 101 99 100', 1, 600);
    expect([day.filled(order), day.events.length]).toEqual(['60', once]);
  });
});

describe('on bars, a limit order', () => {
  const limit = { shares: 10, orderType: 'limit', limitPrice: at('99.5') } as const;

  test('fills at the open when a gap goes beyond it', () => {
    const day = tradingDay();
    const order = day.place(limit);
    day.bar('98 99 97 98', 1);
    expect(day.prices(order)).toEqual(['98']);
  });

  test('must be passed by a tick inside the bar; a touch is not enough', () => {
    const day = tradingDay();
    const order = day.place(limit);
    day.bar('100 100 99.5 100', 1);
    expect(day.status(order)).toBe('accepted');
    day.bar('100 100 99.49 100', 2);
    expect(day.prices(order)).toEqual(['99.5']);
  });

  test('to sell mirrors it', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.bar('100 100 100 100', 1);
    const order = day.place(
      { shares: 10, side: 'sell', orderType: 'limit', limitPrice: at('101') },
      90,
    );
    day.bar('100 101 99 100', 2);
    expect(day.status(order)).toBe('accepted');
    day.bar('100 101.01 99 100', 3);
    expect(day.prices(order)).toEqual(['101']);
  });
});

describe('on bars, a stop', () => {
  const stop = { shares: 10, orderType: 'stop', triggerPrice: at('101') } as const;

  test('D19: to buy at 101 fills at 101 when the bar reaches it, and never below', () => {
    const day = tradingDay();
    const order = day.place(stop);
    day.bar('98 102 90 91', 1);
    expect(day.prices(order)).toEqual(['101']);
    expect(day.events.map(({ type }) => type)).toContain('OrderTriggered');
  });

  test('fills at the open when a gap goes beyond it', () => {
    const day = tradingDay();
    const order = day.place(stop);
    day.bar('104 105 103 104', 1);
    expect(day.prices(order)).toEqual(['104']);
  });

  test('is a plain order from the bar after it was reached, and fills inside of that', () => {
    const day = tradingDay();
    const order = day.place({ ...stop, shares: 100 });
    day.bar('100 102 100 100', 1, 500);
    day.bar('95 96 94 95', 2, 500);
    expect(day.prices(order)).toEqual(['101', '95']);
  });

  test('with a limit is a plain limit from the bar after it was reached', () => {
    const day = tradingDay();
    const order = day.place({
      ...{ shares: 100, side: 'sell_short', orderType: 'stop_limit' },
      ...{ triggerPrice: at('99'), limitPrice: at('98') },
    });
    day.bar('100 100 98.5 99', 1, 500);
    day.bar('102 103 101 102', 2, 500);
    expect(day.prices(order)).toEqual(['99', '102']);
  });

  test('is not reached in a bar in which nobody traded', () => {
    const day = tradingDay();
    const order = day.place(stop);
    day.bar('104 105 103 104', 1, 0);
    expect([day.status(order), day.prices(order)]).toEqual(['accepted', []]);
  });

  test('with a limit does not chase beyond it, and fills when the price comes back', () => {
    const day = tradingDay();
    const order = day.place({ ...stop, orderType: 'stop_limit', limitPrice: at('102') });
    day.bar('104 105 103 104', 1);
    expect(day.status(order)).toBe('triggered');
    day.bar('104 105 101.5 102', 2);
    expect(day.prices(order)).toEqual(['102']);
  });

  test('that trails stands behind the best price, and is judged by where it stood before the bar', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.bar('100 100 100 100', 1);
    const trail = { amount: at('2'), bps: null };
    const order = day.place({ shares: 10, side: 'sell', orderType: 'trailing_stop', trail }, 90);
    day.bar('100 105 99 105', 2);
    expect(price.format(day.session().orders.get(order)?.stopAt ?? at('0'))).toBe('103');
    // It falls through 103 although it first rose: the stop of before counts.
    day.bar('104 110 102 109', 3);
    expect(day.prices(order)).toEqual(['103']);
  });

  test('that trails by per cent is certain to be reached when the bar closes beyond its own best', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.bar('100 100 100 100', 1);
    const trail = { amount: null, bps: 1_000 };
    const order = day.place({ shares: 10, side: 'sell', orderType: 'trailing_stop', trail }, 90);
    day.bar('100 120 100 105', 2);
    expect(day.prices(order)).toEqual(['108']);
  });
});

describe('on bars, exits', () => {
  const bracket = { takeProfit: at('105'), stopLoss: at('95') };

  test('are judged in the bar of an entry at the open, the stop before the target', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, exits: bracket });
    day.bar('100 106 94 100', 1);
    expect(day.prices(order)).toEqual(['100']);
    expect(day.prices(day.exitOf(order, 'stop_loss'))).toEqual(['95']);
    expect(day.status(day.exitOf(order, 'take_profit'))).toBe('canceled');
    expect(day.held()).toBe('0');
  });

  test('after an entry inside the bar see only what came after it', () => {
    // The limit is reached on the way down: the high may have come before.
    const down = tradingDay();
    const limit = { shares: 10, orderType: 'limit', limitPrice: at('98'), exits: bracket } as const;
    const bought = down.place(limit);
    down.bar('100 106 97 99', 1);
    expect(down.held()).toBe('10');
    expect(down.exits(bought)).toEqual(['stop_loss 10 at 95', 'take_profit 10 at 105']);
    // The stop is reached on the way up: the low may have come before, the high comes after.
    const up = tradingDay();
    const breakout = up.place({
      shares: 10,
      orderType: 'stop',
      triggerPrice: at('101'),
      exits: bracket,
    });
    up.bar('100 106 94 104', 1);
    expect(up.prices(up.exitOf(breakout, 'take_profit'))).toEqual(['105']);
    expect(up.held()).toBe('0');
  });

  test('of a limit that fell through to the stop loss get out in the same bar', () => {
    const day = tradingDay();
    const limit = { shares: 10, orderType: 'limit', limitPrice: at('98'), exits: bracket } as const;
    const order = day.place(limit);
    day.bar('100 101 94 96', 1);
    expect(day.prices(day.exitOf(order, 'stop_loss'))).toEqual(['95']);
  });
});

describe('on bars, an order', () => {
  test('for now takes the open or nothing', () => {
    const day = tradingDay();
    const ioc = day.place({ shares: 100, timeInForce: 'ioc' });
    const fok = day.place({ shares: 1_000, timeInForce: 'fok' }, 1);
    day.bar('100 101 99 100', 1, 900);
    expect([day.filled(ioc), day.status(ioc)]).toEqual(['90', 'canceled']);
    expect([day.filled(fok), day.status(fok)]).toEqual(['0', 'canceled']);
  });

  test('for all or nothing takes all of it, or nothing of a bar that is too small', () => {
    const filledOf = (volume: number) => {
      const day = tradingDay();
      const fok = day.place({ shares: 100, timeInForce: 'fok' });
      day.bar('100 101 99 100', 1, volume);
      return [day.filled(fok), day.status(fok)];
    };
    expect(filledOf(999)).toEqual(['0', 'canceled']);
    expect(filledOf(1_000)).toEqual(['100', 'filled']);
  });

  test('for the close takes the close of the last bar', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'market_on_close', timeInForce: 'cls' });
    day.bar('100 101 99 100', 1);
    expect(day.status(order)).toBe('accepted');
    // 16:00 in New York is four hours after noon there.
    day.bar('100 101 99 100.75', 239);
    expect(day.prices(order)).toEqual(['100.75']);
  });

  test('for the close has exits that see nothing of the bar that it closed', () => {
    const exits = { takeProfit: at('105'), stopLoss: at('95') };
    const day = tradingDay();
    const order = day.place({
      ...{ shares: 10, orderType: 'market_on_close', timeInForce: 'cls', exits },
    });
    day.bar('100 101 99 100', 1);
    day.bar('100 106 94 100', 239);
    expect([day.prices(order), day.held()]).toEqual([['100'], '10']);
    expect(day.exits(order)).toEqual(['stop_loss 10 at 95', 'take_profit 10 at 105']);
  });

  test('for the opening waits for the next one once today’s is over', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'market_on_open', timeInForce: 'opg' });
    day.bar('100 101 99 100', 1);
    expect([day.status(order), day.prices(order)]).toEqual(['accepted', []]);
  });

  test('pays no more than anybody paid in its bar, whatever its slippage', () => {
    const day = tradingDay({ venue: { slippageBps: 50 } });
    const order = day.place({ shares: 10 });
    day.bar('100 100.1 99 99.5', 1);
    expect(day.prices(order)).toEqual(['100.1']);
  });

  test('is not judged by a bar from before it had its prices', () => {
    const before = tradingDay({ venue: { bars: '1Min' } });
    const order = before.place({
      ...{ shares: 10, orderType: 'limit', limitPrice: at('99'), timeInForce: 'gtc' },
    });
    before.bar('100 101 100 100', 1);
    const split = { newShares: 1, oldShares: 2 };
    const action = { symbol: nvda, exDate: before.session().date, split, dividend: null };
    const opening = noon.add({ minutes: 5 });
    const night = [{ type: 'ApplyCorporateActions', actions: [action], at: opening }] as const;
    const day = dayAfter(before, '100', night);
    day.bar('100 101 98 100', 2);
    expect(day.filled(order)).toBe('0');
    day.bar('200 201 197 200', 5);
    expect(day.prices(order)).toEqual(['198']);
  });
});
