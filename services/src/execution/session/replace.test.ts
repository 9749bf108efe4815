import { type DecisionId, money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { buy, markAt, noon, nvda, ordinaryFacts, quoteOf } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import type { ReplaceOrder } from './commands.ts';
import { meetQuotes } from './meet-quotes.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const shares = quantity.fromShares;
type Day = ReturnType<typeof tradingDay>;

const holding = (count: number, options: Parameters<typeof tradingDay>[0] = {}) => {
  const day = tradingDay(options);
  day.place({ shares: count });
  day.quote('100/100', 0.5, { shares: count });
  return day;
};
const stopOf = (day: Day, order: OrderId) => day.session().working.get(order)?.intent.triggerPrice;
const limitOf = (day: Day, order: OrderId) => day.session().working.get(order)?.intent.limitPrice;
const intentOf = (day: Day, order: OrderId) => day.session().working.get(order)?.intent;

describe('a stop that has been reached', () => {
  const begun = () => {
    const day = holding(1_000);
    const stop = day.place(
      { shares: 1_000, side: 'sell', orderType: 'stop', triggerPrice: at('96') },
      1,
    );
    day.quote('95.96/95.98', 2, { shares: 400 });
    expect(day.filled(stop)).toBe('400');
    return { day, stop };
  };

  test('takes no other stop, and its rest trades at the market', () => {
    const { day, stop } = begun();
    expect(() => day.replace(stop, { stopPrice: at('90') }, 3)).toThrow('INVALID_ARGUMENT');
    day.quote('95.96/95.98', 4);
    expect(day.prices(stop)).toEqual(['95.96', '95.96']);
  });

  test('takes another quantity all the same', () => {
    const { day, stop } = begun();
    day.replace(stop, { quantity: shares(600) }, 3);
    day.quote('95.96/95.98', 4, { shares: 1 });
    day.quote('95.96/95.98', 5);
    expect([day.status(stop), day.filled(stop)]).toEqual(['filled', '600']);
    expect(day.prices(stop)).toContain('95.96');
  });

  test('while another stop is on its way keeps the old one, and takes the rest of the new terms', () => {
    const day = holding(1_000);
    const stop = day.place(
      { shares: 1_000, side: 'sell', orderType: 'stop', triggerPrice: at('96') },
      1,
    );
    day.quote('100/100', 2);
    day.replace(stop, { stopPrice: at('90'), quantity: shares(900) }, 3);
    day.quote('95.96/95.98', 3.01, { shares: 400 });
    expect([day.status(stop), day.filled(stop)]).toEqual(['pending_replace', '400']);
    day.quote('95.96/95.98', 4);
    expect(stopOf(day, stop)).toBe(at('96'));
    day.quote('95.96/95.98', 5);
    expect(day.prices(stop)).toEqual(['95.96', '95.96']);
    expect(day.filled(stop)).toBe('900');
  });

  test('with a limit behind it may move the limit, on either side of the stop', () => {
    const day = holding(10);
    const order = day.place(
      {
        ...{ shares: 10, side: 'sell', orderType: 'stop_limit' },
        ...{ triggerPrice: at('96'), limitPrice: at('95.5') },
      },
      1,
    );
    day.quote('95/95.02', 2);
    expect(day.status(order)).toBe('triggered');
    day.replace(order, { limitPrice: at('96.5') }, 3);
    day.quote('95/95.02', 4);
    expect([day.status(order), limitOf(day, order)]).toEqual(['triggered', at('96.5')]);
  });
});

describe('terms that do not fit each other', () => {
  const cases = [
    ['a limit that is better than its stop', { limitPrice: at('96.01') }],
    ['a stop that is worse than its limit', { stopPrice: at('94.99') }],
  ] as const;
  test.each(cases)('are refused: %s', (_, changes) => {
    const day = holding(10);
    const order = day.place(
      {
        ...{ shares: 10, side: 'sell', orderType: 'stop_limit' },
        ...{ triggerPrice: at('96'), limitPrice: at('95') },
      },
      1,
    );
    day.quote('100/100', 2);
    expect(() => day.replace(order, changes, 3)).toThrow('INVALID_ARGUMENT');
  });

  test('are refused: an entry beyond its own exits', () => {
    const day = tradingDay();
    const exits = { takeProfit: at('105'), stopLoss: at('95') };
    const order = day.place({ shares: 10, orderType: 'limit', limitPrice: at('99'), exits });
    day.quote('100/100', 1);
    expect(() => day.replace(order, { limitPrice: at('95') }, 2)).toThrow('INVALID_ARGUMENT');
    expect(() => day.replace(order, { stopPrice: at('99') }, 2)).toThrow('INVALID_ARGUMENT');
  });
});

describe('a stop or an exit that is moved beyond the market', () => {
  const told = (day: Day, order: OrderId, changes: Parameters<Day['replace']>[1]) =>
    day.refusalOf(order, changes, { second: 3 });
  const resting = (terms: Parameters<Day['place']>[0]) => {
    const day = terms.side === 'sell' ? holding(10) : tradingDay();
    const order = day.place(terms, 1);
    day.quote('100/100.02', 2);
    return { day, order };
  };
  const exits = { takeProfit: at('105'), stopLoss: at('95') };

  test('is refused with the price it met, like at entry: stops', () => {
    const sale = resting({
      ...{ shares: 10, side: 'sell', orderType: 'stop', triggerPrice: at('96') },
    });
    expect(told(sale.day, sale.order, { stopPrice: at('100') })).toContain(
      'A stop to sell must be below the last price, which is 100: at 100 it',
    );
    expect(told(sale.day, sale.order, { stopPrice: at('99.99') })).toBeUndefined();
    const buy = resting({ shares: 10, orderType: 'stop', triggerPrice: at('103') });
    expect(told(buy.day, buy.order, { stopPrice: at('99') })).toContain('must be above');
    expect(told(buy.day, buy.order, { stopPrice: at('100.01') })).toBeUndefined();
    const limited = resting({
      ...{ shares: 10, side: 'sell', orderType: 'stop_limit' },
      ...{ triggerPrice: at('96'), limitPrice: at('95') },
    });
    expect(told(limited.day, limited.order, { stopPrice: at('101') })).toContain('which is 100');
  });

  test('is refused with the price it met: the legs of a bracket, and exits that are to be set out', () => {
    const day = tradingDay();
    const parent = day.place({ shares: 10, exits });
    day.quote('100/100', 1);
    day.quote('100/100', 2);
    const [stop, takes] = [day.exitOf(parent, 'stop_loss'), day.exitOf(parent, 'take_profit')];
    expect(told(day, stop, { stopPrice: at('101') })).toContain('which is 100: at 101 it would');
    expect(told(day, takes, { limitPrice: at('99') })).toContain(
      'A take_profit that sells must be above the market, which is at 100: at 99 it would trade',
    );
    expect(told(day, takes, { limitPrice: at('100') })).toContain('which is at 100: at 100 it');
    expect(told(day, takes, { limitPrice: at('100.01') })).toBeUndefined();
    const waits = resting({ shares: 10, orderType: 'limit', limitPrice: at('98'), exits });
    expect(told(waits.day, waits.order, { limitPrice: at('103'), stopPrice: at('101') })).toContain(
      'A stop_loss that sells must be below',
    );
    expect(told(waits.day, waits.order, { limitPrice: at('99') })).toBeUndefined();
  });

  test('is refused with the price it met: the take profit of a short position', () => {
    const day = tradingDay();
    const gains = { takeProfit: at('95'), stopLoss: at('105') };
    const parent = day.place({ shares: 10, side: 'sell_short', exits: gains });
    day.quote('100/100', 1);
    day.quote('100/100', 2);
    const takes = day.exitOf(parent, 'take_profit');
    expect(told(day, takes, { limitPrice: at('100.02') })).toContain(
      'A take_profit that buys must be below the market, which is at 100.02: at 100.02 it would',
    );
    expect(told(day, takes, { limitPrice: at('100.01') })).toBeUndefined();
  });

  test('is no matter of terms that stay where they are, though the market has passed them', () => {
    const { day, order } = resting({
      ...{ shares: 10, side: 'sell', orderType: 'stop', triggerPrice: at('99.9') },
    });
    const changes = { quantity: shares(9) };
    expect(day.refusalOf(order, changes, { second: 3, prices: '99/99.02' })).toBeUndefined();
    const near = { takeProfit: at('105'), stopLoss: at('97.9') };
    const waits = resting({ shares: 10, orderType: 'limit', limitPrice: at('98'), exits: near });
    const passed = { second: 3, prices: '97/97.02' };
    expect(waits.day.refusalOf(waits.order, changes, passed)).toBeUndefined();
  });
});

describe('two exits of one position', () => {
  const bracket = () => {
    const day = tradingDay();
    const parent = day.place({
      shares: 10,
      exits: { takeProfit: at('105'), stopLoss: at('95') },
    });
    day.quote('100/100', 1);
    day.quote('100/100', 2);
    return {
      day,
      parent,
      stop: day.exitOf(parent, 'stop_loss'),
      take: day.exitOf(parent, 'take_profit'),
    };
  };
  const pair = () => {
    const day = holding(10);
    const take = day.place(
      {
        ...{ shares: 10, side: 'sell', orderType: 'limit', limitPrice: at('105') },
        ...{ stopPrice: at('95'), exits: { takeProfit: null, stopLoss: at('95') } },
      },
      1,
    );
    day.quote('100/100', 2);
    return { day, parent: take, stop: day.exitOf(take, 'stop_loss'), take };
  };
  const cover = () => {
    const day = tradingDay();
    const parent = day.place({
      ...{ shares: 10, side: 'sell_short' },
      exits: { takeProfit: at('95'), stopLoss: at('105') },
    });
    day.quote('100/100', 1);
    day.quote('100/100', 2);
    return {
      day,
      parent,
      stop: day.exitOf(parent, 'stop_loss'),
      take: day.exitOf(parent, 'take_profit'),
    };
  };

  test.each([
    ['of a bracket', bracket],
    ['of a pair', pair],
  ])('%s are moved one at a time, and a fill of one still shrinks the other', (_, begin) => {
    const { day, parent, stop, take } = begin();
    day.replace(stop, { stopPrice: at('96') }, 3);
    day.quote('100/100', 4);
    day.replace(take, { limitPrice: at('103') }, 5);
    day.quote('100/100', 6);
    expect(day.exits(parent).sort()).toEqual(['stop_loss 10 at 96', 'take_profit 10 at 103']);
    day.quote('103/103.02', 7, { shares: 4 });
    expect(day.exits(parent).sort()).toEqual(['stop_loss 6 at 96', 'take_profit 6 at 103']);
    day.quote('95.9/95.92', 8);
    expect([day.exits(parent), day.held()]).toEqual([[], '0']);
  });

  test('of a short sale are moved as well', () => {
    const { day, parent, stop, take } = cover();
    day.replace(stop, { stopPrice: at('104') }, 3);
    day.quote('100/100', 4);
    day.replace(take, { limitPrice: at('97') }, 5);
    day.quote('100/100', 6);
    expect(day.exits(parent).sort()).toEqual(['stop_loss 10 at 104', 'take_profit 10 at 97']);
  });

  test('do not pass each other', () => {
    const { day, stop, take } = bracket();
    expect(() => day.replace(take, { limitPrice: at('95') }, 3)).toThrow('INVALID_ARGUMENT');
    expect(() => day.replace(stop, { stopPrice: at('105') }, 3)).toThrow('INVALID_ARGUMENT');
    expect(() => day.replace(take, { stopPrice: at('96') }, 3)).toThrow('INVALID_ARGUMENT');
  });

  test('pass each other once one is reached: what is left of it trades at any price', () => {
    const { day, stop, take } = bracket();
    day.quote('95/95.02', 3, { shares: 4 });
    expect([day.status(stop), day.filled(stop)]).toEqual(['partially_filled', '4']);
    day.quote('94/94.02', 4, { shares: 1 });
    day.replace(take, { limitPrice: at('94.5') }, { second: 5, prices: '94/94.02' });
    expect(day.status(take)).toBe('pending_replace');
    day.quote('94/94.02', 6, { shares: 0 });
    expect(limitOf(day, take)).toBe(at('94.5'));
  });

  test('and new terms of one on their way, while the other fills: they are refused aloud', () => {
    const { day, stop, take, parent } = bracket();
    day.replace(take, { limitPrice: at('103') }, 3);
    day.quote('95/95.02', 3.01, { shares: 4 });
    expect(day.exits(parent).sort()).toEqual(['stop_loss 6 at 95', 'take_profit 6 at 105']);
    expect([day.status(take), day.status(stop)]).toEqual(['accepted', 'partially_filled']);
    expect(day.events.filter(({ type }) => type === 'OrderReplaceRejected')).toMatchObject([
      { data: { orderId: take, reason: expect.stringContaining('ask for the new terms again') } },
    ]);
    day.quote('95/95.02', 4, { shares: 0 });
    expect(limitOf(day, take)).toBe(at('105'));
  });

  test('have their new terms first at the moment at which they arrive', () => {
    const { day, take } = bracket();
    day.replace(take, { limitPrice: at('103') }, 3);
    const now = noon.add({ seconds: 4 });
    const shown = { ...quoteOf(nvda, '95/95.02', now), bidSize: shares(4) };
    const moment = {
      ...{ at: now, quotes: new Map([[nvda, shown]]), volumes: new Map() },
      exchange: ordinaryFacts({ at: now }).session,
    };
    const met = meetQuotes(moment, day.session(), { digest: testDigest, hears: () => true });
    expect(met.session.working.get(take)).toMatchObject({
      ...{ status: 'accepted', leavesQuantity: shares(6) },
      intent: { limitPrice: at('103') },
    });
  });

  test('leave nothing of the position for a sale beside them', () => {
    const { day } = bracket();
    expect(() => day.place({ shares: 10, side: 'sell' }, 3)).toThrow('SHORT_SALE');
  });
});

describe('the risk of new terms', () => {
  /** A million dollars, of which a trade may risk a hundredth: 2,400 shares with four dollars to lose. */
  const bought = (limitPrice = '100') => {
    const day = tradingDay({ limits: { maxTradeRiskBps: 100, collar: undefined as never } });
    const order = day.place({
      ...{ shares: 2_400, orderType: 'limit', limitPrice: at(limitPrice) },
      ...{ stopPrice: at('96'), exits: { takeProfit: null, stopLoss: at('96') } },
    });
    day.quote('100.5/100.52', 1);
    return { day, order };
  };

  test('is that of the exit: a stop_price given beside a quantity moves the exit itself', () => {
    const { day, order } = bought();
    day.replace(order, { quantity: shares(9_500), stopPrice: at('99') }, 2);
    day.quote('100.5/100.52', 3);
    expect(intentOf(day, order)).toMatchObject({
      stopPrice: at('99'),
      exits: { takeProfit: null, stopLoss: at('99') },
    });
    day.quote('99.9/100', 4, { shares: 10 });
    expect(day.exits(order)).toEqual(['stop_loss 10 at 99']);
  });

  test('is that of the exit: a quantity alone is judged by where it stands', () => {
    const { day, order } = bought();
    const [event] = day.replace(order, { quantity: shares(9_500) }, 2);
    expect(event).toMatchObject({ data: { denialCode: 'PER_TRADE_RISK' } });
  });

  test('is that of the exit that works, wherever it was moved to', () => {
    const { day, order } = bought();
    day.quote('99.9/100', 2, { shares: 100 });
    const stop = day.exitOf(order, 'stop_loss');
    day.quote('99.9/100.5', 3);
    day.replace(stop, { stopPrice: at('80') }, 4);
    expect(() => day.replace(order, { stopPrice: at('99') }, 5)).toThrow('INVALID_ARGUMENT');
    // Before the venue has answered, and after.
    for (const second of [5, 7]) {
      const [event] = day.replace(order, { quantity: shares(2_401) }, second);
      expect(event).toMatchObject({ data: { denialCode: 'PER_TRADE_RISK' } });
      day.quote('99.9/100.5', second + 1);
    }
    expect(stopOf(day, stop)).toBe(at('80'));
  });

  test('is not that of a stop which was canceled', () => {
    const { day, order } = bought();
    day.quote('99.9/100', 2, { shares: 100 });
    day.quote('99.9/100.5', 3);
    day.cancel(day.exitOf(order, 'stop_loss'), 4);
    day.quote('99.9/100.5', 5);
    // The next fill sets the exits out anew, where the order has them.
    const [event] = day.replace(order, { quantity: shares(2_500) }, 6);
    expect(event).toMatchObject({ data: { outcome: 'APPROVED', intent: { stopPrice: at('96') } } });
    expect(money.format(day.session().cash)).toBe('990000');
  });
});

describe('new terms that were weighed', () => {
  const terms = {
    orderType: 'stop_limit',
    triggerPrice: at('102'),
    limitPrice: at('103'),
  } as const;
  const begun = () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, ...terms });
    day.quote('100/100.02', 1);
    return { day, order };
  };
  /** A change to nine shares whose facts were gathered for `gathered`. */
  const asked = (orderId: OrderId, gathered: Partial<OrderIntent> = {}): ReplaceOrder => ({
    ...{ type: 'ReplaceOrder', orderId, changes: { quantity: shares(9) } },
    facts: ordinaryFacts({ quote: quoteOf(nvda, '100/100.02'), marks: [markAt(nvda, '100')] }),
    gathered: { symbols: [nvda], uncorrelated: [], intent: buy(9, { ...terms, ...gathered }) },
    decisionId: '01890000-0000-7000-8000-00000000bbbb' as DecisionId,
    codeDigest: testDigest('code'),
  });

  test('are asked for', () => {
    const { day, order } = begun();
    expect(day.take(asked(order)).map(({ type }) => type)).toContain('OrderPendingReplace');
  });

  test.each([
    ['shares', { quantity: shares(8) }],
    ['limit', { limitPrice: at('103.5') }],
    ['stop', { triggerPrice: at('101.5') }],
  ])('for another %s are not asked for: the order changed meanwhile', (_, other) => {
    const { day, order } = begun();
    expect(() => day.take(asked(order, other))).toThrow('FACTS_LACKING');
  });

  test('without the prices of what works or is held are not asked for', () => {
    const { day, order } = begun();
    const lacking = { symbols: [], uncorrelated: [], intent: buy(9, terms) };
    expect(() => day.take({ ...asked(order), gathered: lacking })).toThrow('FACTS_LACKING');
  });

  test('of an order of unknown outcome are asked for, unless it is to be canceled', () => {
    const { day, order } = begun();
    const lost = { orderId: order, venueOrderId: null, at: noon.add({ seconds: 1 }) };
    const reports = [{ ...lost, execType: 'unknown', reason: 'lost' }] as const;
    day.take({ type: 'ReportVenue', reports });
    expect(day.refusalOf(order, { quantity: shares(9) }, { second: 2 })).toBeUndefined();
    day.cancel(order, 2);
    expect(day.refusalOf(order, { quantity: shares(9) }, { second: 3 })).toContain('is unknown');
  });

  test('of an order that has ended, or that nobody knows, are refused as that', () => {
    const { day, order } = begun();
    day.cancel(order, 2);
    day.quote('100/100.02', 3);
    expect(() => day.take(asked(order))).toThrow('ORDER_NOT_WORKING');
    const nobody = '01890000-0000-7000-8000-00000000ffff' as OrderId;
    expect(() => day.take(asked(nobody))).toThrow('UNKNOWN_ORDER');
  });
});

test('an order cannot be made as small as what it has filled', () => {
  const day = tradingDay();
  const order = day.place({ shares: 10, orderType: 'limit', limitPrice: at('100') });
  day.quote('99.98/100', 1, { shares: 4 });
  expect(day.filled(order)).toBe('4');
  expect(() => day.replace(order, { quantity: shares(4) }, 2)).toThrow('ORDER_NOT_WORKING');
  day.replace(order, { quantity: shares(5) }, 3);
  day.quote('99.98/100', 4, { shares: 4 });
  day.quote('99.98/100', 5, { shares: 4 });
  expect([day.status(order), day.filled(order)]).toEqual(['filled', '5']);
});

describe('a new limit', () => {
  const sale = { shares: 10, side: 'sell' } as const;

  test('of an order whose stop the market has passed by is no move of that stop', () => {
    const day = holding(10);
    const terms = {
      orderType: 'stop_limit',
      triggerPrice: at('98'),
      limitPrice: at('97'),
    } as const;
    const order = day.place({ ...sale, ...terms }, 1);
    day.quote('100/100.02', 2);
    const asked = { second: 3, prices: '97.5/97.52' };
    expect(day.refusalOf(order, { limitPrice: at('96') }, asked)).toBeUndefined();
    expect(day.refusalOf(order, { stopPrice: at('97.6') }, asked)).toContain('A stop to sell must');
  });

  test('of a pair of exits may be one at which it trades at once, and of a bracket may not', () => {
    const exits = { takeProfit: null, stopLoss: at('95') };
    const pair = { orderType: 'limit', limitPrice: at('105'), stopPrice: at('95'), exits } as const;
    const day = holding(10);
    const sold = day.place({ ...sale, ...pair }, 1);
    day.quote('100/100.02', 2);
    expect(day.refusalOf(sold, { limitPrice: at('99') }, { second: 3 })).toBeUndefined();
    const other = tradingDay();
    const parent = other.place({ shares: 10, exits: { ...exits, takeProfit: at('105') } });
    other.quote('100/100', 1);
    const leg = other.exitOf(parent, 'take_profit');
    other.quote('100/100.02', 2);
    expect(other.refusalOf(leg, { limitPrice: at('99') }, { second: 3 })).toContain(
      'A take_profit',
    );
  });
});
