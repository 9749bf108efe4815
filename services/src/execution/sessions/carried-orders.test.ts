import { money, price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { CorporateAction, MarketData, Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { equityOf } from '../../portfolio/index.ts';
import { held, noon, nvda, ordinaryFacts } from '../../risk/fixtures.ts';
import { dangersOf } from '../../risk/guard/dangers.ts';
import { paperOrderState } from '../paper/paper-venue.ts';
import { dayAfter, tradingDay } from '../session/test-day.ts';
import { type Printing, type Replay, replayDays } from '../test-kit/replay-days.ts';

/** A dollar more each day, and a cent each bar. */
const rising: Printing = (day, bar) => 100 + day + bar / 100;
type Days = Parameters<Parameters<typeof replayDays>[1]>[0];
const withDays = <Value>(rest: Partial<Replay>, work: (days: Days) => Promise<Value>) =>
  replayDays({ days: 3, ...rest, prints: { AAA: rising, BBB: rising } }, work);
const fillsOf = async (days: Days, day: number) =>
  (await days.events(day)).flatMap(({ type, data }) =>
    type === 'OrderFilled' || type === 'OrderPartiallyFilled'
      ? [[data.at.toString(), price.format(data.lastPrice), quantity.format(data.lastQuantity)]]
      : [],
  );

describe('on daily bars, over a restart', () => {
  test('an order on the close takes today’s close, and one on the open the next session’s open', () =>
    withDays({ bars: '1Day' }, async (days) => {
      const desk = await days.start();
      days.goTo(0, 4);
      await days.look(desk);
      const onClose = { order_type: 'market_on_close', time_in_force: 'cls' } as const;
      const onOpen = { order_type: 'market_on_open', time_in_force: 'opg' } as const;
      for (const terms of [onClose, onOpen])
        expect(await days.place(desk, { symbol: 'BBB', shares: 10, ...terms })).toMatchObject({
          ok: true,
        });
      days.goTo(1, 3);
      await days.look(await days.start());
      expect(await fillsOf(days, 0)).toEqual([['2026-03-05T21:00:00Z', '100.25', '10']]);
      days.goTo(2, 3);
      await days.look(await days.start());
      const [[at, each] = [], ...more] = await fillsOf(days, 1);
      expect(more).toEqual([]);
      expect([at?.slice(0, 16), each]).toEqual(['2026-03-06T14:30', '101']);
    }));
});

describe('on bars, over a restart', () => {
  test('an order for now meets the first bar after it, once', () =>
    withDays({ bars: '15Min', cash: '10000000' }, async (days) => {
      const desk = await days.start();
      days.goTo(0, 2, 5);
      await days.look(desk);
      for (const [symbol, shares, time_in_force] of [
        ['AAA', 9_000, 'ioc'],
        ['BBB', 9_000, 'fok'],
      ] as const) {
        const placed = await days.place(desk, { symbol, shares, time_in_force });
        if (!placed.ok) throw new Error(placed.refusal.message);
      }
      days.goTo(0, 5);
      await days.look(await days.start());
      await days.look(await days.start());
      expect((await fillsOf(days, 0)).map(([at, , shares]) => [at?.slice(0, 16), shares])).toEqual([
        ['2026-03-05T15:15', '9000'],
        ['2026-03-05T15:15', '9000'],
      ]);
    }));
});

describe('a half day, with a split before it, over a restart', () => {
  const split: CorporateAction = {
    ...{ symbol: 'BBB' as Ticker, exDate: '2025-11-28' as TradingDate, dividend: null },
    split: { newShares: 2, oldShares: 1 },
  };
  const splitting = (market: MarketData): MarketData => ({
    ...market,
    freeze: (at) => splitting(market.freeze(at)),
    corporateActions: async ({ from, to }) =>
      from <= split.exDate && split.exDate <= to ? [split] : [],
  });

  test('closes at one o’clock, with the shares and the terms of the split, each once', () =>
    withDays({ firstMs: Date.UTC(2025, 10, 26, 12), over: splitting }, async (days) => {
      const desk = await days.start();
      days.goTo(0, 2);
      await days.look(desk);
      await days.place(desk, { symbol: 'BBB', shares: 10 });
      days.goTo(0, 4);
      await days.look(desk);
      const exit = { side: 'sell', order_type: 'limit', limit_price: price.of('202.1') } as const;
      const gtc = { symbol: 'BBB', shares: 10, time_in_force: 'gtc' } as const;
      expect(await days.place(desk, { ...gtc, ...exit })).toMatchObject({ ok: true });
      days.goTo(1, 1);
      for (let process = 0; process < 3; process++) await days.look(await days.start());
      days.goTo(2, 0);
      await days.look(await days.start());
      const halfDay = await days.events(1);
      const applied = halfDay.filter(({ type }) => type === 'CorporateActionApplied');
      expect(applied).toMatchObject([{ data: { position: { quantity: quantity.of('20') } } }]);
      const filled = halfDay.flatMap(({ type, data }) => (type === 'OrderFilled' ? [data] : []));
      expect(filled).toMatchObject([{ position: null, cumulativeQuantity: quantity.of('20') }]);
      expect(halfDay.at(-1)).toMatchObject({
        type: 'SessionClosed',
        data: { at: Temporal.Instant.from('2025-11-28T18:00:00Z') },
      });
    }));
});

describe('an order of the day whose outcome is unknown at the close', () => {
  const faults = {
    ...{ rejectBps: 0, timeoutBps: 10_000, duplicateFillBps: 0 },
    ...{ lateFillBps: 0, disconnectBps: 0 },
  };

  test('keeps what it may cost overnight, and ends as one of yesterday once it is asked for', () => {
    const ends = [0, 1, 2, 3, 4, 5].map((before) => {
      const day = tradingDay({ venue: { faults } });
      for (let n = 0; n < before; n++) {
        day.place({ shares: 1 }, n);
        day.quote('99.99/100', n + 0.5);
        day.reconcile();
      }
      const order = day.place({ shares: 10 }, 10);
      day.quote('99.99/100', 11);
      expect(day.status(order)).toBe('unknown');
      const reserved = day.session().working.get(order)?.reservedCash;
      expect(reserved).toBeGreaterThan(money.zero);
      const next = dayAfter(day, '100', []);
      expect(next.status(order)).toBe('unknown');
      expect(next.session().working.get(order)?.reservedCash).toBe(reserved);
      const carried = next.session().working.get(order);
      if (carried === undefined) throw new Error('it works no more');
      const yesterday = { ...ordinaryFacts().session, date: '2026-03-01' as TradingDate };
      const found = paperOrderState(carried, next.session(), { session: () => yesterday });
      const answers = [{ orderId: order, found }];
      next.take({ type: 'Reconcile', at: noon, answersWithinMs: null, answers });
      return next.status(order);
    });
    // Of the orders that were never answered half have never arrived.
    expect(new Set(ends)).toEqual(new Set(['expired', 'rejected']));
  });
});

describe('shares sold short at a low price', () => {
  test.each([
    ['4', '8000', '7999.99'],
    ['2', '4500', '4499.99'],
    ['6', '11000', '10999.99'],
    ['20', '26000', '25999.99'],
  ])('at %s are called for below what FINRA rule 4210(c) asks', (mark, enough, less) => {
    const short = held(nvda, -1_000, mark);
    const codes = (cash: string) => {
      const account = {
        ...tradingDay().session(),
        ...{ positions: new Map([[nvda, short]]), cash: money.of(cash) },
      };
      const prices = new Map([[nvda, { price: price.of(mark), at: noon }]]);
      const quiet = {
        ...account,
        dayStartEquity:
          equityOf(account.cash, [short], new Map([[nvda, price.of(mark)]])) ?? account.cash,
      };
      return dangersOf(quiet, { at: noon, isOpen: true, opensAt: null, prices }).map(
        ({ code }) => code,
      );
    };
    expect(codes(enough)).toEqual([]);
    expect(codes(less)).toEqual(['MARGIN_CALL']);
  });
});

test('a stop is reached by trades, and never by a bid or an ask that nobody traded at', () => {
  const day = tradingDay();
  day.place({ shares: 10 });
  day.quote('100/100.02', 1);
  const stop = day.place(
    { shares: 10, side: 'sell', orderType: 'stop', triggerPrice: price.of('96') },
    2,
  );
  day.quote('95/105', 3, { last: price.of('96.01') });
  expect(day.status(stop)).toBe('accepted');
  day.quote('96.5/97', 4, { last: price.of('96') });
  expect(day.status(stop)).toBe('filled');
});
