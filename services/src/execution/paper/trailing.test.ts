import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type OrderId,
  price,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { tradingDay } from '../session/test-day.ts';
import { barMarket, type MinuteBar } from '../test-kit/test-bar-market.ts';
import { testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';

const stream = 'session-paper-2026-03-03' as StreamName;
const nvda = 'NVDA' as Ticker;
const ten = { symbol: nvda, qty: quantity.fromShares(10) };
const trailing = { ...ten, side: 'sell', order_type: 'trailing_stop' } as const;

/** A bar from a text such as "open high low close" in dollars. */
const barOf = (text: string): MinuteBar => {
  const [open = 0, high = 0, low = 0, close = 0] = text
    .split(' ')
    .map((each) => Math.round(Number(each) * 100));
  return { open, high, low, close, volume: 10_000 };
};

/** An account that holds ten shares since the first bar, on minute bars; it may be started again. */
const onBars = async (...bars: readonly string[]) => {
  const eventStore = memoryEventStore({ now: () => tuesdayNoon });
  const { market, wait, ...still } = barMarket(tuesdayNoon, {
    NVDA: ['100 100 100 100', ...bars].map(barOf),
  });
  let starts = 0;
  const start = async () => {
    starts += 1;
    const desk = testDesk(eventStore, {
      still: { ...still, market, wait },
      market,
      ids: `018${starts}`,
      venue: { bars: '1Min', slippageBps: 0 },
    });
    await desk.open(desk.limits);
    return desk;
  };
  const desk = await start();
  await desk.order(ten);
  const events = async () =>
    (await eventStore.readStream(stream)).map((recorded) => decodeEvent(sessionEvents, recorded));
  wait({ minutes: 1 });
  await desk.routing.step(stream);
  return {
    desk,
    start,
    minutes: (count: number) => wait({ minutes: count }),
    /** Another order of the symbol, which fills at the open of the next bar. */
    other: () => {
      still.move({ bid: '105.98', ask: '106' });
      return desk.order({ ...ten, qty: quantity.fromShares(1) });
    },
    bought: async () => (await events()).filter(({ type }) => type === 'OrderFilled').length - 1,
    types: async () => (await events()).map(({ type }) => type),
    sold: async () =>
      (await events()).flatMap((event) =>
        event.type === 'OrderFilled' && event.data.side === 'sell'
          ? [price.format(event.data.lastPrice)]
          : [],
      ),
  };
};

describe('on bars, a trailing stop', () => {
  const rising = ['101 103 101 103', '103 107.05 103 107', '106 106.5 105.5 106'] as const;

  test('that rose is not sold on a bar from before it rose, also by a new process', async () => {
    const day = await onBars(...rising);
    const first = await day.desk.order({ ...trailing, trail: '2' });
    day.minutes(2);
    await day.desk.routing.step(stream);
    // Something else happens in the symbol, and so it is recorded that the stop stands at 105.05.
    await day.other();
    day.minutes(1);
    const again = await day.start();
    await again.routing.step(stream);
    await (await day.start()).routing.step(stream);
    expect([await day.bought(), await day.sold()]).toEqual([1, []]);
    const { state } = await again.sessions.load(stream);
    const orderId = (first.ok ? first.value.order.order_id : '') as OrderId;
    const stop = state.phase === 'open' ? state.orders.get(orderId)?.stopAt : undefined;
    expect(price.format(stop ?? price.of('0'))).toBe('105.05');
  });

  test('keeps what it rose by when another order of its symbol fills, also for a new process', async () => {
    const day = await onBars(...rising, '105.5 105.5 104 104');
    await day.desk.order({ ...trailing, trail: '2' });
    day.minutes(2);
    await day.other();
    day.minutes(1);
    await (await day.start()).routing.step(stream);
    expect([await day.bought(), await day.sold()]).toEqual([1, []]);
    day.minutes(1);
    await (await day.start()).routing.step(stream);
    expect(await day.sold()).toEqual(['105.05']);
  });

  test('is written down when the books close, and at no tick before', async () => {
    const up = Array.from({ length: 200 }, (_, n) => {
      const at = 100 + n / 10;
      return `${at} ${(at + 0.1).toFixed(2)} ${at} ${(at + 0.1).toFixed(2)}`;
    });
    const day = await onBars(...up);
    await day.desk.order({ ...trailing, trail: '2' });
    for (let n = 0; n < 100; n++) {
      day.minutes(1);
      await day.desk.routing.step(stream);
    }
    const moves = async () =>
      (await day.types()).filter((type) => type === 'OrderStopMoved').length;
    expect(await moves()).toBe(0);
    await day.desk.routing.lastStep(stream);
    expect(await moves()).toBe(1);
  });
});

describe('on quotes, a trailing stop', () => {
  const lived = (trail: string) => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.quote('100/100', 1);
    const order = day.place(
      {
        shares: 10,
        side: 'sell',
        orderType: 'trailing_stop',
        trail: { amount: price.of(trail), bps: null },
      },
      2,
    );
    return { day, order };
  };

  test('of a day of a hundred thousand rising quotes leaves some hundreds of events', () => {
    const { day, order } = lived('2');
    const before = day.events.length;
    const rise = 100_000;
    for (let n = 1; n <= rise; n++) {
      const bid = `${100 + Math.floor(n / 1_000)}.${`${n % 1_000}`.padStart(3, '0').slice(0, 2)}`;
      day.quote(`${bid}/${bid}`, 3 + n / 10);
    }
    // A hundred dollars in steps of twenty cents.
    const moves = day.events.slice(before).filter(({ type }) => type === 'OrderStopMoved');
    expect(moves.length).toBeLessThanOrEqual(501);
    expect(moves.length).toBeGreaterThan(400);
    const stop = day.session().working.get(order)?.stopAt ?? 0n;
    expect(stop > price.of('197.8') && stop <= price.of('198')).toBe(true);
  }, 60_000);

  test('stands less than a tenth of its trail behind where the best price would have it', () => {
    const { day, order } = lived('2');
    day.quote('100/100', 3);
    for (const [second, bid] of [
      [4, '100.19'],
      [5, '100.2'],
      [6, '100.39'],
    ] as const) {
      day.quote(`${bid}/${bid}`, second);
      const ideal = price.of(bid) - price.of('2');
      const stop = day.session().working.get(order)?.stopAt ?? 0n;
      expect(ideal - stop < price.of('0.2') && stop <= ideal).toBe(true);
    }
  });
});
