import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, price, quantity, streamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import {
  testContext,
  testDesk,
  testDigest,
  tuesdayNoon,
} from '../../execution/test-kit/test-desk.ts';
import { replaySession } from './replay-session.ts';

const stream = streamName('session', 'paper-2026-03-03');
const order = (symbol: string, shares: number) => ({
  symbol: symbol as Ticker,
  qty: quantity.fromShares(shares),
  side: 'buy' as const,
  order_type: 'market' as const,
});
const exits = { take_profit: price.of('120'), stop_loss: price.of('80') };

test('a session that is wound down, begun anew and closed over proposals is equal', async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const desk = testDesk(store, { now: () => tuesdayNoon, pause: async () => pass() });
  const pass = async () => {
    await desk.routing.step(stream);
    await desk.way.step(stream, testContext.metadata);
    desk.still.wait({ milliseconds: 60 });
    await desk.routing.step(stream);
  };
  const took = async (answer: Promise<{ readonly ok: boolean }>) =>
    expect(await answer).toMatchObject({ ok: true });
  await desk.open(desk.limits);
  const { handlers } = desk;
  const bought = async (shares: number) => {
    await took(handlers.PlaceOrder({ ...order('NVDA', shares), ...exits }, testContext));
    for (let n = 0; n < 3; n++) await pass();
  };
  await bought(10);
  await took(handlers.ClosePosition({ symbol: 'NVDA' as Ticker, reason: 'enough' }, testContext));
  const resting = {
    ...order('MSFT', 3),
    order_type: 'limit',
    limit_price: price.of('90'),
  } as const;
  await took(handlers.PlaceOrder(resting, testContext));
  await took(handlers.CancelAll({}, testContext));
  desk.still.wait({ seconds: 40 });
  await bought(11);
  await took(handlers.FlattenAll({}, testContext));
  await took(handlers.ResetPaper({ reason: 'a new try' }, testContext));
  desk.still.wait({ seconds: 40 });
  await bought(5);
  await took(handlers.ProposeOrder(order('AAPL', 2), testContext));
  await took(handlers.PlaceOrder({ ...resting, qty: quantity.fromShares(4) }, testContext));
  desk.still.wait({ hours: 13 });
  await desk.sessions.current(testContext.metadata);
  const recorded = await store.readStream(stream);
  const entries = recorded.map((each) => ({
    event: decodeEvent(sessionEvents, each),
    id: each.id,
    older: false,
  }));
  const types = new Set(entries.map(({ event }) => event.type));
  const wanted = ['WindDownRequested', 'WindDownEnded', 'PaperAccountReset', 'ApprovalExpired'];
  for (const type of [...wanted, 'SessionClosed']) expect(types).toContain(type);
  expect(replaySession(entries, { digest: testDigest }).firstDifference).toBeNull();
});
