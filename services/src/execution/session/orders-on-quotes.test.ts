import { money, price, quantity } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { nvda } from '../../risk/fixtures.ts';
import { dayAfter, tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const bracket = { takeProfit: at('105'), stopLoss: at('95') };
const tenHeld = () => {
  const day = tradingDay();
  day.place({ shares: 10 });
  day.quote('100/100', 1);
  return day;
};

describe('on quotes, a stop', () => {
  test('waits until a trade has reached it, whatever our own bid and ask are', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'stop', triggerPrice: at('101') });
    day.quote('100.98/100.99', 1);
    expect(day.status(order)).toBe('accepted');
    day.quote('101/101.02', 2);
    expect(day.prices(order)).toEqual(['101.02']);
  });

  test('is a plain order from the quote after it was reached: it trades at the market, not at its trigger', () => {
    const day = tenHeld();
    const order = day.place(
      { shares: 10, side: 'sell', orderType: 'stop', triggerPrice: at('99') },
      2,
    );
    day.quote('98.9/99.2', 3, { shares: 4 });
    day.quote('99.5/99.6', 4, { shares: 4 });
    expect(day.prices(order)).toEqual(['98.9', '99.5']);
  });

  test('D20: with a limit is taken, and trades within both', () => {
    const day = tradingDay();
    const intent = {
      orderType: 'stop_limit',
      triggerPrice: at('101'),
      limitPrice: at('101.5'),
    } as const;
    const order = day.place({ shares: 10, ...intent });
    day.quote('101.9/102', 1);
    expect(day.status(order)).toBe('triggered');
    day.quote('101.3/101.4', 2);
    expect(day.prices(order)).toEqual(['101.4']);
  });

  test('that trails moves by whole steps only, never back, and each move is an event', () => {
    const day = tenHeld();
    const trail = { amount: at('2'), bps: null };
    const order = day.place({ shares: 10, side: 'sell', orderType: 'trailing_stop', trail }, 2);
    for (const [second, bid] of [
      [3, '100'],
      [4, '100.01'],
      [5, '100.02'],
      [6, '101'],
      [7, '100'],
    ] as const)
      day.quote(`${bid}/${bid}`, second);
    const moves = day.events.flatMap((event) =>
      event.type === 'OrderStopMoved' ? [price.format(event.data.stopAt)] : [],
    );
    // A tenth of two dollars is twenty cents.
    expect(moves).toEqual(['98', '99']);
    day.quote('98.99/99.1', 8);
    expect(day.prices(order)).toEqual(['98.99']);
  });
});

describe('a trailing stop through a corporate action', () => {
  const trailing = (trail: {
    readonly amount: ReturnType<typeof at> | null;
    bps: number | null;
  }) => {
    const day = tenHeld();
    const terms = { orderType: 'trailing_stop', timeInForce: 'gtc', trail } as const;
    const order = day.place({ shares: 10, side: 'sell', ...terms }, 2);
    day.quote('100/100', 3);
    return { day, order };
  };
  const apply = (
    { day, order }: ReturnType<typeof trailing>,
    action: Pick<CorporateAction, 'split' | 'dividend'>,
  ) => {
    const actions = [{ symbol: nvda, exDate: day.session().date, ...action }];
    const night = [{ type: 'ApplyCorporateActions', actions, at: day.session().lastAt }] as const;
    return { day: dayAfter(day, '100', night), order };
  };

  test('stands in the new shares after a split, and does not trade on it', () => {
    for (const trail of [
      { amount: at('2'), bps: null },
      { amount: null, bps: 200 },
    ]) {
      const split = { newShares: 2, oldShares: 1 };
      const held = apply(trailing(trail), { split, dividend: null });
      held.day.quote('50/50.02', 4);
      expect(held.day.status(held.order)).toBe('accepted');
      expect(held.day.session().working.get(held.order)?.stopAt).toBe(at('49'));
      held.day.quote('48.9/49', 5);
      expect(held.day.prices(held.order)).toEqual(['48.9']);
    }
  });

  test('gives way by the dividend', () => {
    const held = apply(trailing({ amount: at('2'), bps: null }), {
      ...{ split: null, dividend: at('1.5') },
    });
    held.day.quote('97/97.02', 4);
    expect(held.day.status(held.order)).toBe('accepted');
    expect(held.day.session().orders.get(held.order)?.stopAt).toBe(at('96.5'));
  });
});

describe('on quotes, an order', () => {
  test('D21: that is for now trades what is there and is canceled, or is canceled', () => {
    const day = tradingDay();
    const ioc = day.place({ shares: 10, timeInForce: 'ioc' });
    const fok = day.place({ shares: 10, timeInForce: 'fok' }, 0.001);
    day.quote('99.99/100', 1, { shares: 6 });
    expect([day.filled(ioc), day.status(ioc)]).toEqual(['6', 'canceled']);
    expect([day.filled(fok), day.status(fok)]).toEqual(['0', 'canceled']);
    const whole = day.place({ shares: 10, timeInForce: 'fok' }, 2);
    day.quote('99.99/100', 3, { shares: 10 });
    expect(day.status(whole)).toBe('filled');
  });

  test('for the close trades in its last minute and not before', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'market_on_close', timeInForce: 'cls' });
    day.quote('100/100', 238 * 60);
    expect(day.status(order)).toBe('accepted');
    day.quote('101/101', 239 * 60 + 1);
    expect(day.prices(order)).toEqual(['101']);
  });

  test('in a halted symbol waits, whatever its type', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10 });
    day.quote('99.99/100', 1, { halted: true });
    expect(day.status(order)).toBe('accepted');
    day.quote('99.99/100', 2);
    expect(day.status(order)).toBe('filled');
  });

  test('without a limit does not follow the market beyond its collar', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10 });
    day.quote('110/110', 1);
    expect(day.status(order)).toBe('accepted');
    day.quote('105/105', 2);
    expect(day.prices(order)).toEqual(['105']);
  });
});

describe('on quotes, exits', () => {
  test('are set out by each fill of their parent, for as much as it filled', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, exits: bracket });
    day.quote('99.99/100', 1, { shares: 4 });
    expect(day.exits(order)).toEqual(['stop_loss 4 at 95', 'take_profit 4 at 105']);
    day.quote('99.99/100', 2, { shares: 4 });
    expect(day.exits(order)).toEqual(['stop_loss 8 at 95', 'take_profit 8 at 105']);
    day.cancel(order, 3);
    day.quote('99.99/100', 4);
    expect(day.status(order)).toBe('canceled');
    expect(day.exits(order)).toEqual(['stop_loss 8 at 95', 'take_profit 8 at 105']);
  });

  test('shrink as the other fills, and end with it', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, exits: bracket });
    day.quote('100/100', 1);
    day.quote('105/105.1', 2, { shares: 3 });
    expect(day.exits(order)).toEqual(['stop_loss 7 at 95', 'take_profit 7 at 105']);
    day.quote('94/95.1', 3);
    expect(day.prices(day.exitOf(order, 'stop_loss'))).toEqual(['94']);
    expect(day.status(day.exitOf(order, 'take_profit'))).toBe('canceled');
    expect(day.held()).toBe('0');
  });

  test('are set out anew for what fills after the first pair was through', () => {
    const day = tradingDay();
    const order = day.place({
      shares: 10,
      orderType: 'limit',
      limitPrice: at('100'),
      exits: bracket,
    });
    day.quote('99.99/100', 1, { shares: 4 });
    day.quote('105/105.1', 2);
    expect(day.held()).toBe('0');
    day.quote('99.99/100', 3, { shares: 4 });
    expect(day.exits(order)).toEqual(['stop_loss 4 at 95', 'take_profit 4 at 105']);
  });

  test('of a canceled pair leave the one that stays with the whole', () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, exits: bracket });
    day.quote('99.99/100', 1, { shares: 4 });
    day.cancel(day.exitOf(order, 'take_profit'), 2);
    day.quote('99.99/100', 3, { shares: 4 });
    expect(day.exits(order)).toEqual(['stop_loss 8 at 95']);
  });

  test('of a short sale buy back', () => {
    const day = tradingDay();
    const exits = { takeProfit: at('95'), stopLoss: at('105') };
    const order = day.place({ shares: 10, side: 'sell_short', exits });
    day.quote('100/100.02', 1);
    expect([day.held(), ...day.exits(order)]).toEqual([
      '-10',
      'stop_loss 10 at 105',
      'take_profit 10 at 95',
    ]);
    day.quote('105/105.5', 2);
    expect(day.prices(day.exitOf(order, 'stop_loss'))).toEqual(['105.5']);
    expect(day.held()).toBe('0');
  });

  test('as a pair for what is held: one fill shrinks the other (OCO)', () => {
    const day = tenHeld();
    const pair = { takeProfit: null, stopLoss: at('95') };
    const limit = { shares: 10, side: 'sell', orderType: 'limit', limitPrice: at('105') } as const;
    const order = day.place({ ...limit, exits: pair }, 2);
    expect(day.exits(order)).toEqual(['take_profit 10 at 105', 'stop_loss 10 at 95']);
    day.quote('105/105.1', 3, { shares: 6 });
    expect(day.exits(order)).toEqual(['take_profit 4 at 105', 'stop_loss 4 at 95']);
    day.quote('94/94.1', 4);
    expect(day.held()).toBe('0');
  });

  test('keep what they may sell from being sold twice', () => {
    const day = tradingDay();
    day.place({ shares: 10, exits: bracket });
    day.quote('100/100', 1);
    expect(() => day.place({ shares: 1, side: 'sell' }, 2)).toThrow('SHORT_SALE');
  });
});

describe('a replacement', () => {
  const resting = () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'limit', limitPrice: at('99') });
    day.quote('99.99/100', 1);
    return { day, order };
  };

  test("holds from the venue's word on, with the larger of both terms reserved until then", () => {
    const { day, order } = resting();
    day.replace(order, { quantity: quantity.fromShares(20), limitPrice: at('99.5') }, 2);
    expect(day.status(order)).toBe('pending_replace');
    day.quote('98.99/99', 2.01, { shares: 4 });
    expect(day.prices(order)).toEqual(['99']);
    day.quote('99.99/100', 3);
    expect(day.status(order)).toBe('partially_filled');
    day.quote('99.49/99.5', 4);
    expect([day.filled(order), ...day.prices(order)]).toEqual(['20', '99', '99.5']);
  });

  test('loses to a fill that leaves nothing of the new quantity', () => {
    const { day, order } = resting();
    day.replace(order, { quantity: quantity.fromShares(5) }, 2);
    day.quote('98.99/99', 2.01, { shares: 6 });
    day.quote('99.99/100', 3);
    expect(day.events.map(({ type }) => type)).toContain('OrderReplaceRejected');
    expect(day.status(order)).toBe('partially_filled');
  });

  test('that a check denies changes nothing, and is recorded', () => {
    const day = tradingDay({ limits: { maxPositionBps: 100 } });
    const order = day.place({ shares: 10, orderType: 'limit', limitPrice: at('99') });
    day.quote('99.99/100', 1);
    const [assessed, ...more] = day.replace(order, { quantity: quantity.fromShares(200) }, 2);
    expect(assessed?.type === 'RiskAssessed' && assessed.data).toMatchObject({
      replaces: order,
      outcome: 'DENIED',
      denialCode: 'POSITION_SIZE',
    });
    expect(more).toEqual([]);
    expect(day.status(order)).toBe('accepted');
  });

  test('changes only what it names: two that change other terms both hold, in either order', () => {
    for (const [first, second] of [
      [{ limitPrice: at('98') }, { quantity: quantity.fromShares(7) }],
      [{ quantity: quantity.fromShares(7) }, { limitPrice: at('98') }],
    ] as const) {
      for (const spoken of [true, false]) {
        const day = tradingDay();
        const order = day.place({ shares: 10, orderType: 'limit', limitPrice: at('99') });
        day.quote('100/100.02', 1);
        day.replace(order, first, 2);
        // Whether the venue has taken the first change already or not.
        if (spoken) day.quote('100/100.02', 3);
        day.replace(order, second, 4);
        day.quote('100/100.02', 5);
        const working = day.session().working.get(order);
        expect([working?.intent.limitPrice, working?.leavesQuantity, day.status(order)]).toEqual([
          at('98'),
          quantity.fromShares(7),
          'accepted',
        ]);
      }
    }
  });

  test('makes room for itself: the order that it replaces does not count beside it', () => {
    // A limit of 1 % of a million dollars lets 100 shares of 99 dollars pass, and not 200.
    const day = tradingDay({ limits: { maxPositionBps: 100 } });
    const order = day.place({ shares: 60, orderType: 'limit', limitPrice: at('99') });
    day.quote('99.99/100', 1);
    const events = day.replace(order, { quantity: quantity.fromShares(100) }, 2);
    expect(events.map(({ type }) => type)).toEqual(['RiskAssessed', 'OrderPendingReplace']);
  });

  test('dies with a cancel that is asked for meanwhile', () => {
    const { day, order } = resting();
    day.replace(order, { limitPrice: at('98') }, 2);
    day.cancel(order, 2);
    day.quote('99.99/100', 3);
    expect(day.status(order)).toBe('canceled');
  });
});

describe('an order of unknown outcome', () => {
  const faults = {
    rejectBps: 0,
    timeoutBps: 10_000,
    duplicateFillBps: 0,
    lateFillBps: 0,
    disconnectBps: 0,
  };

  test('keeps its exposure, blocks its symbol, and is asked for rather than sent again', () => {
    const day = tradingDay({ venue: { faults } });
    const orders = [0, 1, 2, 3, 4, 5].map((second) => {
      const order = day.place({ shares: 10 }, second * 2);
      day.quote('99.99/100', second * 2 + 1);
      expect(day.status(order)).toBe('unknown');
      expect(day.session().working.get(order)?.reservedCash).toBeGreaterThan(money.zero);
      expect(() => day.place({ shares: 1 }, second * 2 + 1)).toThrow('UNRESOLVED_ORDER');
      day.reconcile();
      return day.status(order);
    });
    expect(new Set(orders)).toEqual(new Set(['accepted', 'rejected']));
    expect(
      day
        .session()
        .working.values()
        .some(({ status }) => status === 'unknown'),
    ).toBe(false);
  });

  test('and faults of the venue change no book: a fill counts once, a late one is taken', () => {
    const twice = tradingDay({
      venue: { faults: { ...faults, timeoutBps: 0, duplicateFillBps: 10_000 } },
    });
    const order = twice.place({ shares: 10 });
    twice.quote('99.99/100', 1, { shares: 4 });
    expect(twice.filled(order)).toBe('4');
    const late = tradingDay({
      venue: { faults: { ...faults, timeoutBps: 0, lateFillBps: 10_000 } },
    });
    const crossed = late.place({ shares: 10, orderType: 'limit', limitPrice: at('99') });
    late.quote('99.99/100', 1);
    late.cancel(crossed, 2);
    late.quote('98.99/99', 3);
    expect(late.events.slice(-2).map(({ type }) => type)).toEqual(['OrderCanceled', 'OrderFilled']);
    expect(late.held()).toBe('10');
  });
});
