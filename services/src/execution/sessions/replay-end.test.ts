import { money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { type Printing, replayDays } from '../test-kit/replay-days.ts';
import { testContext } from '../test-kit/test-desk.ts';

/** All bars of all symbols end with the eleventh of the third day, in the midst of its session. */
const cut: Printing = (day, bar) => (day === 2 && bar > 10 ? undefined : 100 + day);
const whole: Printing = (day) => 100 + day;

describe.each([
  ['in the midst of a session', cut, '2026-03-09T16:15:00Z'],
  ['with a session', whole, '2026-03-09T20:00:00Z'],
])('a replay that ends %s', (_, prints, endsAt) => {
  const withDays = <Value>(work: (days: Days) => Promise<Value>): Promise<Value> =>
    replayDays({ days: 3, prints: { AAA: prints, BBB: prints } }, work);
  type Days = Parameters<Parameters<typeof replayDays>[1]>[0];

  const begun = async (days: Days) => {
    const desk = await days.start();
    days.goTo(0, 2);
    await days.look(desk);
    expect(await days.place(desk, { symbol: 'BBB', shares: 100 })).toMatchObject({ ok: true });
    const resting = await days.place(desk, {
      ...{ symbol: 'BBB', shares: 100, side: 'sell', order_type: 'limit' },
      ...{ limit_price: price.of('150'), time_in_force: 'day' },
    });
    expect(resting).toMatchObject({ ok: false });
    days.goTo(0, 4);
    await days.look(desk);
    const exit = await days.place(desk, {
      ...{ symbol: 'BBB', shares: 100, side: 'sell', order_type: 'limit' },
      ...{ limit_price: price.of('150'), time_in_force: 'gtc' },
    });
    if (!exit.ok) throw new Error(exit.refusal.message);
    return { desk, exit: exit.value.order.order_id };
  };

  test('closes its last session when the bars end, with its books, once and for every process', () =>
    withDays(async (days) => {
      const { desk } = await begun(days);
      days.goTo(2, 3);
      await days.look(desk);
      days.goToEnd();
      for (const each of [desk, desk, await days.start()]) await days.look(each);
      const events = await days.events(2);
      expect(events.filter(({ type }) => type === 'SessionClosed')).toHaveLength(1);
      const closed = events.at(-1);
      if (closed?.type !== 'SessionClosed') throw new Error('the last session is open');
      const { at, cash, equity, marks, carriedOrders } = closed.data;
      expect(at.toString()).toBe(endsAt);
      expect(marks).toMatchObject([{ symbol: 'BBB', price: price.of('102') }]);
      expect(equity).toBe(money.add(cash, money.of('10200')));
      expect(carriedOrders).toBe(1);
      expect(await desk.sessions.open()).toEqual([]);
    }));

  test('opens and closes what was missed, its last session included', () =>
    withDays(async (days) => {
      await begun(days);
      days.goToEnd();
      await days.look(await days.start());
      for (const day of [0, 1, 2])
        expect((await days.events(day)).at(-1)?.type).toBe('SessionClosed');
    }));

  test('refuses everything that would need a market, in words that say what to do', () =>
    withDays(async (days) => {
      const { desk, exit } = await begun(days);
      days.goToEnd();
      await days.look(desk);
      const refusal = {
        ok: false,
        refusal: {
          code: 'REPLAY_ENDED',
          message: expect.stringContaining(`its bars end at ${endsAt}`),
          remedy: expect.stringContaining('put more bars into MARKET_DATA_DIR'),
        },
      };
      const input = { symbol: 'BBB', shares: 100, side: 'sell' } as const;
      expect(await days.place(desk, input)).toMatchObject(refusal);
      const order = { order_id: exit as OrderId };
      const { CancelOrder, ReplaceOrder } = desk.handlers;
      expect(await CancelOrder({ ...order, reason: 'test' }, testContext)).toMatchObject(refusal);
      const terms = { ...order, qty: quantity.fromShares(50) };
      expect(await ReplaceOrder(terms, testContext)).toMatchObject(refusal);
      const intent = { ...({ side: 'buy', quantity: quantity.fromShares(1) } as const) };
      const asked = await desk.standing(
        {
          ...{ ...intent, symbol: 'AAA' as Ticker, orderType: 'market', limitPrice: null },
          ...{ stopPrice: null, timeInForce: 'day', strategyId: null },
        },
        testContext.metadata,
      );
      expect(asked).toMatchObject(refusal);
    }));
});
