import {
  type EventId,
  type EventStore,
  type HaltId,
  money,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { tradingDay } from './session/test-day.ts';
import { testContext, testDesk, testMarkets, tuesdayNoon } from './test-kit/test-desk.ts';

const stream = 'session-paper-2026-03-03' as StreamName;
const nvda = 'NVDA' as Ticker;
const reason = 'for a test of the halt';

/** Faults of the earlier system, by their number in the list of them. */
describe.each(testMarkets)('the earlier system’s faults, answered %s', (_, marketAt) => {
  const opened = async () => {
    const eventStore = memoryEventStore({ now: () => tuesdayNoon });
    const desk = testDesk(eventStore, { still: marketAt(tuesdayNoon) });
    await desk.open(desk.limits);
    return desk;
  };

  test('D2: two halts at once both stand, and neither erases the other', async () => {
    const { handlers, control } = await opened();
    const answers = await Promise.all([
      handlers.EngageHalt({ scope: 'global', reason }, testContext),
      handlers.EngageHalt({ scope: 'symbol', target: 'NVDA', reason }, testContext),
      handlers.EngageHalt({ scope: 'symbol', target: 'MSFT', reason }, testContext),
    ]);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const { halts } = await control.load();
    expect(halts.map(({ scope, target }) => `${scope} ${target}`).sort()).toEqual([
      'global null',
      'symbol MSFT',
      'symbol NVDA',
    ]);
  });

  test('D3: an order far beyond the account is denied, by an assessment that is recorded', async () => {
    const { order, eventStore } = await opened();
    const answer = await order({ symbol: nvda, qty: quantity.fromShares(880_000) });
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'MAX_ORDER_VALUE' } });
    const types = (await eventStore.readStream(stream)).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['RiskAssessed', 'OrderDenied']);
  });

  test('D4: a strategy’s halt stops that strategy’s orders, and no other', async () => {
    const day = tradingDay();
    const strategy = (strategyId: string) => ({
      strategy: { strategyId, state: 'paper', eventId: 'e' as EventId },
    });
    day.place({ shares: 1, strategyId: 'x' }, 0, strategy('x'));
    const haltId = '01890000-0000-7000-8000-0000000000aa' as HaltId;
    const engagedAt = day.session().lastAt;
    const halt = {
      haltId,
      scope: 'strategy',
      target: 'x',
      reason,
      engagedBy: 'test',
      engagedAt,
    } as const;
    day.take({ type: 'EngageHalt', halt });
    expect(() => day.place({ shares: 2, strategyId: 'x' }, 1, strategy('x'))).toThrow('KILL_STATE');
    day.place({ shares: 2, strategyId: 'y' }, 2, strategy('y'));
  });

  test('D7: an ordinary order can pass: the average day is measured, not missing', async () => {
    const { order, eventStore } = await opened();
    expect((await order({ symbol: nvda, qty: quantity.fromShares(10) })).ok).toBe(true);
    const assessed = (await eventStore.readStream(stream)).find(
      ({ type }) => type === 'RiskAssessed',
    );
    expect(assessed?.data).toMatchObject({
      facts: { averageDailyVolume: { value: '10000000' } },
      outcome: 'APPROVED',
    });
  });

  test('D13: every outcome that is written is one that the log knows how to read', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    expect(() => day.place({ shares: 9_000_000 }, 1)).toThrow('MAX_ORDER_VALUE');
    const outcomes = day.events.flatMap((event) =>
      event.type === 'RiskAssessed' ? [event.data.outcome] : [],
    );
    expect(outcomes).toEqual(['APPROVED', 'DENIED']);
  });

  test('D30: the week’s loss is measured, and blocks at its limit', () => {
    const day = tradingDay({ limits: { maxWeeklyDrawdownBps: 10, maxDailyDrawdownBps: 100_000 } });
    day.place({ shares: 1_000 });
    day.quote('100/100', 1);
    day.place({ shares: 1_000, side: 'sell', orderType: 'limit', limitPrice: price.of('97') }, 2);
    day.quote('98/98.1', 3);
    expect(money.format(day.session().realizedPnl)).toBe('-2000');
    expect(() => day.place({ shares: 1 }, 4)).toThrow('WEEKLY_DRAWDOWN');
  });

  test('D32: the profit of a short counts what it was sold for, whatever side closes it', () => {
    const day = tradingDay();
    day.place({ shares: 10, side: 'sell_short' });
    day.quote('100/100.02', 1);
    day.place({ shares: 10, side: 'buy' }, 2);
    day.quote('89.98/90', 3);
    expect([day.held(), money.format(day.session().realizedPnl)]).toEqual(['0', '100']);
  });

  test('D34: without a quote an order is denied, and no other source is asked', async () => {
    const { order, still } = await opened();
    const quote = still.market.quote;
    const { freeze } = still.market;
    Object.assign(still.market, { quote: async () => undefined, freeze: () => still.market });
    expect(await order({ symbol: nvda, qty: quantity.fromShares(1) })).toMatchObject({
      ok: false,
      refusal: { code: 'REGULATORY_PRE_ORDER' },
    });
    Object.assign(still.market, { quote, freeze });
  });

  test('D12: when the log does not take an order, there is no order, and nobody is told otherwise', async () => {
    const eventStore = memoryEventStore({ now: () => tuesdayNoon });
    let broken = false;
    const store: EventStore = {
      ...eventStore,
      appendToStream: (...call) =>
        broken ? Promise.reject(new Error('the disk is gone')) : eventStore.appendToStream(...call),
    };
    const desk = testDesk(store, { still: marketAt(tuesdayNoon) });
    await desk.open(desk.limits);
    await desk.order({ symbol: nvda, qty: quantity.fromShares(1) });
    broken = true;
    await expect(desk.order({ symbol: nvda, qty: quantity.fromShares(2) })).rejects.toThrow(
      'the disk is gone',
    );
    broken = false;
    const { state } = await desk.sessions.load(stream);
    expect(state.phase === 'open' && state.working.size).toBe(1);
  });

  test('D26: two fills at once lose nothing: both orders are in cash and position', async () => {
    const { order, routing, still, sessions } = await opened();
    await Promise.all([
      order({ symbol: nvda, qty: quantity.fromShares(3) }),
      order({ symbol: nvda, qty: quantity.fromShares(4) }),
    ]);
    still.wait({ seconds: 1 });
    await Promise.all([routing.step(stream), routing.step(stream)]);
    const { state } = await sessions.load(stream);
    if (state.phase !== 'open') throw new Error('no session');
    expect(state.positions.get(nvda)?.quantity).toBe(quantity.fromShares(7));
    const spent = money.subtract(money.of('100000'), money.add(state.cash, state.fees));
    expect(state.positions.get(nvda)?.cost).toBe(spent);
  });
});
