import { price, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { type Printing, type Replay, replayDays } from '../test-kit/replay-days.ts';
import { testContext } from '../test-kit/test-desk.ts';

const lastBar = 26;
/** Prints every bar, a dollar more each day. */
const always: Printing = (day) => 100 + day;
/** Its last bar is the eighth of the second day. */
const ends: Printing = (day, bar) => (day === 0 || (day === 1 && bar < 8) ? 100 + day : undefined);
/** Nothing on the second day. */
const misses: Printing = (day) => (day === 1 ? undefined : 100 + day);

type Days = Parameters<Parameters<typeof replayDays>[1]>[0];

/** Buys, or sells short, on the first day; answers the desk at the end of it. */
const holding = async (days: Days, side: 'buy' | 'sell_short' = 'buy', account = 'paper') => {
  const desk = await days.start(account);
  days.goTo(0, 2);
  await days.look(desk);
  const placed = await days.place(desk, { symbol: 'BBB', shares: 100, side });
  if (!placed.ok) throw new Error(placed.refusal.message);
  days.goTo(0, 6);
  await days.look(desk);
  return desk;
};
const withDays = <Value>(
  bbb: Printing,
  work: (days: Days) => Promise<Value>,
  rest: Partial<Replay> = {},
) => replayDays({ days: 4, ...rest, prints: { AAA: always, BBB: bbb } }, work);

const fillsOf = async (days: Days, day: number, account?: string) =>
  (await days.events(day, account)).flatMap(({ type, data }) =>
    type === 'OrderFilled' || type === 'OrderPartiallyFilled' ? [data] : [],
  );
const sale = { symbol: 'BBB', shares: 100, side: 'sell' } as const;

describe.each([undefined, '15Min' as const])(
  'a holding whose bars have ended (bars: %s)',
  (bars) => {
    test('is closed at its last price at the close, marked as such, and not before', () =>
      withDays(
        ends,
        async (days) => {
          const desk = await holding(days);
          days.goTo(1, 12);
          await days.look(desk);
          expect(await days.place(desk, sale)).toMatchObject({ ok: true });
          days.goTo(1, lastBar - 1);
          await days.look(desk);
          expect(await fillsOf(days, 1)).toEqual([]);
          days.goTo(2, 1);
          await days.look(desk);
          const [closed, ...more] = await fillsOf(days, 1);
          expect(more).toEqual([]);
          expect(closed).toMatchObject({
            ...{ lastPrice: price.of('101'), position: null, quote: null, bar: null },
            lastTrade: {
              price: price.of('101'),
              at: Temporal.Instant.from('2026-03-06T16:30:00Z'),
            },
            at: Temporal.Instant.from('2026-03-06T20:59:59.999Z'),
          });
          const closing = (await days.events(1)).at(-1);
          expect(closing).toMatchObject({ type: 'SessionClosed', data: { positions: [] } });
        },
        bars === undefined ? {} : { bars },
      ));

    test('is closed on a later day too, whenever somebody looks, and by a new process', () =>
      withDays(
        ends,
        async (days) => {
          await holding(days);
          days.goTo(2, 3);
          const desk = await days.start();
          await days.look(desk);
          expect(
            await days.place(desk, {
              ...sale,
              order_type: 'limit',
              limit_price: price.of('100.5'),
            }),
          ).toMatchObject({ ok: true });
          days.goTo(3, 3);
          await days.look(await days.start());
          expect(await fillsOf(days, 2)).toMatchObject([{ lastPrice: price.of('101') }]);
        },
        bars === undefined ? {} : { bars },
      ));

    test('takes new terms and a cancel at the close, where no bar brings them', () =>
      withDays(
        ends,
        async (days) => {
          const desk = await holding(days);
          days.goTo(1, 12);
          await days.look(desk);
          const half = { ...sale, shares: 50, time_in_force: 'gtc', order_type: 'limit' } as const;
          const ids = [];
          for (const limit_price of [price.of('103'), price.of('104')]) {
            const placed = await days.place(desk, { ...half, limit_price });
            if (!placed.ok) throw new Error(placed.refusal.message);
            ids.push(placed.value.order.order_id);
          }
          days.goTo(1, 14);
          await days.look(desk);
          const [moved, dropped] = ids;
          if (moved === undefined || dropped === undefined) throw new Error('two were placed');
          const terms = { order_id: moved, limit_price: price.of('100') };
          expect(await desk.handlers.ReplaceOrder(terms, testContext)).toMatchObject({ ok: true });
          await desk.handlers.CancelOrder({ order_id: dropped, reason: 'test' }, testContext);
          days.goTo(2, 0);
          await days.look(desk);
          const ended = (await days.events(1)).flatMap(({ type, data }) =>
            type === 'OrderFilled' || type === 'OrderCanceled' ? [[type, data.orderId]] : [],
          );
          expect(ended.sort()).toEqual([
            ['OrderCanceled', dropped],
            ['OrderFilled', moved],
          ]);
        },
        bars === undefined ? {} : { bars },
      ));
  },
);

describe('a holding that nobody trades', () => {
  test('and that is short is bought back at its last price, and pays no new risk', () =>
    withDays(ends, async (days) => {
      const desk = await holding(days, 'sell_short');
      days.goTo(2, 3);
      await days.look(desk);
      expect(await days.place(desk, { symbol: 'BBB', shares: 101 })).toMatchObject({ ok: false });
      const more = await days.place(desk, { symbol: 'BBB', shares: 1, side: 'sell_short' });
      expect(more).toMatchObject({ ok: false });
      expect(await days.place(desk, { symbol: 'BBB', shares: 100 })).toMatchObject({ ok: true });
      days.goTo(3, 0);
      await days.look(desk);
      expect(await fillsOf(days, 2)).toMatchObject([
        { lastPrice: price.of('101'), position: null, lastTrade: { price: price.of('101') } },
      ]);
    }));

  test('with a limit beyond its last price, or with a stop, stays', () =>
    withDays(ends, async (days) => {
      const desk = await holding(days);
      const stop = { ...sale, shares: 40, order_type: 'stop', stop_price: price.of('90') } as const;
      expect(await days.place(desk, { ...stop, time_in_force: 'gtc' })).toMatchObject({ ok: true });
      days.goTo(1, 12);
      await days.look(desk);
      const limit = { order_type: 'limit', limit_price: price.of('101.01') } as const;
      expect(await days.place(desk, { ...sale, ...limit, shares: 60 })).toMatchObject({ ok: true });
      days.goTo(2, 0);
      await days.look(desk);
      expect(await fillsOf(days, 1)).toEqual([]);
    }));

  test('on a day without bars is closed at the close, at the price of the day before', () =>
    withDays(misses, async (days) => {
      const desk = await holding(days);
      days.goTo(1, 0, 59);
      await days.look(desk);
      expect(await days.place(desk, sale)).toMatchObject({
        ok: false,
        refusal: {
          code: 'STALE_DATA',
          message: expect.stringContaining('by 2026-03-06T14:31:00Z'),
        },
      });
      days.goTo(1, 0, 61);
      expect(await days.place(desk, sale)).toMatchObject({ ok: true });
      days.goTo(2, 0);
      await days.look(desk);
      expect(await fillsOf(days, 1)).toMatchObject([{ lastPrice: price.of('100'), quote: null }]);
    }));

  test('until its late first print trades at that print, in the market', () =>
    withDays(
      (day, bar) => (day === 1 && bar < 9 ? undefined : 100 + day),
      async (days) => {
        const desk = await holding(days);
        days.goTo(1, 2);
        await days.look(desk);
        expect(await days.place(desk, sale)).toMatchObject({ ok: true });
        days.goTo(2, 0);
        await days.look(desk);
        const fills = await fillsOf(days, 1);
        expect(fills.every(({ lastTrade, quote }) => lastTrade === null && quote !== null)).toBe(
          true,
        );
        expect(fills[0]?.at.toString()).toBe('2026-03-06T16:45:00Z');
      },
    ));

  test('that traded today and is merely silent is not closed so, at entry or at the close', () =>
    withDays(
      (day, bar) => (day === 1 && bar > 3 ? undefined : 100 + day),
      async (days) => {
        const desk = await holding(days);
        days.goTo(1, 4, 30);
        await days.look(desk);
        const resting = await days.place(desk, { ...sale, shares: 50, time_in_force: 'gtc' });
        expect(resting).toMatchObject({ ok: true });
        days.goTo(1, 10);
        await days.look(desk);
        expect(await days.place(desk, { ...sale, shares: 50 })).toMatchObject({
          ok: false,
          refusal: { code: 'STALE_DATA', message: expect.stringContaining('It has traded today') },
        });
        days.goTo(2, 4);
        await days.look(desk);
        expect(await fillsOf(days, 1)).toEqual([]);
        expect(await fillsOf(days, 2)).toMatchObject([{ lastTrade: null }]);
      },
    ));

  test('is paid a dividend after its end, and closed at its last price without it', () =>
    withDays(
      ends,
      async (days) => {
        const desk = await holding(days);
        days.goTo(2, 3);
        await days.look(desk);
        expect(await days.place(desk, sale)).toMatchObject({ ok: true });
        days.goTo(3, 0);
        await days.look(desk);
        expect((await days.events(2)).some(({ type }) => type === 'CorporateActionApplied')).toBe(
          true,
        );
        expect(await fillsOf(days, 2)).toMatchObject([{ lastPrice: price.of('99') }]);
        const equities = await Promise.all(
          [1, 2].map(async (day) => {
            const closed = (await days.events(day)).at(-1);
            return closed?.type === 'SessionClosed' ? closed.data.equity : undefined;
          }),
        );
        const fees = (await fillsOf(days, 2)).reduce((sum, each) => sum + each.fees, 0n);
        expect(equities[0]).toBe((equities[1] ?? 0n) + fees);
      },
      { files: { 'dividends.csv': 'symbol,date,amount\nBBB,2026-03-09,2.00\n' } },
    ));

  test('is closed in the new shares, when it was split on the day of its last bar', () =>
    withDays(
      (day, bar) => (ends(day, bar) === undefined ? undefined : day === 0 ? 100 : 50.5),
      async (days) => {
        const desk = await holding(days);
        days.goTo(2, 3);
        await days.look(desk);
        expect(await days.place(desk, sale)).toMatchObject({ ok: true });
        days.goTo(3, 0);
        await days.look(desk);
        expect(await fillsOf(days, 2)).toMatchObject([
          { lastPrice: price.of('50.5'), lastQuantity: quantity.fromShares(100), position: null },
        ]);
      },
      { files: { 'splits.csv': 'symbol,date,ratio\nBBB,2026-03-06,2:1\n' } },
    ));

  test('is closed for each account by itself', () =>
    withDays(
      ends,
      async (days) => {
        const [first, second] = [await holding(days), await holding(days, 'sell_short', 'other')];
        days.goTo(2, 3);
        for (const desk of [first, second]) await days.look(desk);
        expect(await days.place(first, sale)).toMatchObject({ ok: true });
        expect(await days.place(second, { ...sale, side: 'buy', shares: 30 })).toMatchObject({
          ok: true,
        });
        days.goTo(3, 0);
        for (const desk of [first, second]) await days.look(desk);
        expect(await fillsOf(days, 2)).toMatchObject([{ lastQuantity: quantity.fromShares(100) }]);
        const [covered] = await fillsOf(days, 2, 'other');
        expect(covered).toMatchObject({ lastQuantity: quantity.fromShares(30) });
        expect(covered?.position?.quantity).toBe(quantity.of('-70'));
      },
      { cash: '100000' },
    ));
});
