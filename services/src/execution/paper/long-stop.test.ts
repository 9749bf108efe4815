import { price } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { expect, test } from 'vitest';
import { type Printing, replayDays } from '../test-kit/replay-days.ts';

/** Between 100 and 104, a dollar in each quarter of an hour. */
const prints: Printing = (day, bar) => 100 + ((day + bar) % 5);
const gtc = { symbol: 'BBB', time_in_force: 'gtc' } as const;

/** Lives ten days with orders that rest, away from the first morning to the last; answers what was asked. */
const away = async (
  orders: readonly { readonly order_type: 'limit' | 'stop' | 'trailing_stop' | 'market' }[],
  bbb: Printing,
) => {
  let quotes = 0;
  const counted = (market: MarketData): MarketData => ({
    ...market,
    freeze: (at) => counted(market.freeze(at)),
    quote: (symbol) => {
      quotes += 1;
      return market.quote(symbol);
    },
  });
  const replay = { days: 10, prints: { AAA: prints, BBB: bbb }, over: counted };
  return replayDays(replay, async (days) => {
    const desk = await days.start();
    days.goTo(0, 2, 10);
    await days.look(desk);
    expect(await days.place(desk, { symbol: 'BBB', shares: 100 })).toMatchObject({ ok: true });
    days.goTo(0, 2, 30);
    await days.look(desk);
    for (const order of orders)
      expect(await days.place(desk, { ...gtc, shares: 10, side: 'sell', ...order })).toMatchObject({
        ok: true,
      });
    days.goTo(0, 2, 40);
    await days.look(desk);
    const before = quotes;
    days.goTo(9, 2);
    await days.look(await days.start());
    const events = await Promise.all(Array.from({ length: 10 }, (_, day) => days.events(day)));
    const closed = events.flat().filter(({ type }) => type === 'SessionClosed');
    return { asked: quotes - before, closed: closed.length, events: events.flat() };
  });
};

test('orders that rest far away cost no look at each second of the days that nobody looked', async () => {
  const resting = [
    { order_type: 'limit', limit_price: price.of('150') },
    { order_type: 'stop', stop_price: price.of('80') },
    { order_type: 'trailing_stop', trail: '20' },
    { order_type: 'trailing_stop', trail: '20%' },
  ] as const;
  const { asked, closed } = await away(resting, prints);
  expect(closed).toBe(9);
  // Nine days have 210,600 seconds; marks, and the moves of two trails, are asked for all the same.
  expect(asked).toBeLessThan(5_000);
});

test('and an order that gets no price costs none either, while nobody trades its symbol', async () => {
  const isSilent: Printing = (day, bar) => (day === 0 && bar < 4 ? prints(day, bar) : undefined);
  const resting = [{ order_type: 'limit', limit_price: price.of('150') }] as const;
  const { asked } = await away(resting, isSilent);
  expect(asked).toBeLessThan(5_000);
});
