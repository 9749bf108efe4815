import type { WorkingOrder } from '@sentinel/contracts/execution';
import { price, quantity, type StreamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import { versionedMap } from '../../kernel/index.ts';
import { testDesk, testDigest, tuesdayNoon } from '../test-kit/test-desk.ts';
import { paperVenue } from './paper-venue.ts';

const stream = 'session-paper-2026-03-03' as StreamName;

test('a look at orders that rest asks none of them again when it was placed or arrives', async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const desk = testDesk(store, { limits: { maxMessagesPerSecond: 100 } });
  await desk.open(desk.limits);
  for (let shares = 1; shares <= 5; shares++)
    await desk.order({
      ...{ symbol: 'KO' as Ticker, order_type: 'limit', limit_price: price.of('96') },
      qty: quantity.fromShares(shares),
    });
  desk.still.wait({ seconds: 2 });
  await desk.routing.step(stream);
  const { state } = await desk.sessions.load(stream);
  if (state.phase !== 'open') throw new Error('the session is open');
  let asked = 0;
  const counted = (order: WorkingOrder): WorkingOrder =>
    Object.defineProperty({ ...order }, 'submittedAt', {
      get: () => {
        asked += 1;
        return order.submittedAt;
      },
    });
  const entries = state.working.values().map((order) => [order.orderId, counted(order)] as const);
  const session = { ...state, working: versionedMap(entries) };
  expect(session.working.size).toBe(5);
  const venue = paperVenue({ market: desk.still.market, digest: testDigest });
  const look = () => venue.collect(session, { at: desk.still.market.now(), closing: false });
  expect((await look()).reports).toEqual([]);
  expect(asked).toBeGreaterThan(0);
  asked = 0;
  for (let second = 0; second < 10; second++) {
    desk.still.wait({ seconds: 1 });
    expect((await look()).reports).toEqual([]);
  }
  expect(asked).toBe(0);
});
