import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, money, price, quantity, streamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import { testDesk, testDigest, testYes, tuesdayNoon } from '../../execution/test-kit/test-desk.ts';
import { contextBy, humanOver } from '../../execution/test-kit/test-grants.ts';
import { replaySession } from './replay-session.ts';

const stream = streamName('session', 'paper-2026-03-03');
const limit = (symbol: string, shares: number) => ({
  ...{ symbol: symbol as Ticker, qty: quantity.fromShares(shares) },
  ...({ side: 'buy', order_type: 'limit', time_in_force: 'day' } as const),
  limit_price: price.of('90'),
});

test('a session of orders by a grant that is narrowed, widened and revoked is equal', async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const desk = testDesk(store);
  await desk.open(desk.limits);
  const human = humanOver(desk.grants);
  await human.gives({ abilities: ['look', 'propose', 'trade'], maxDayValue: money.of('2000') });
  const placed = await desk.handlers.PlaceOrder(limit('NVDA', 10), contextBy());
  if (!placed.ok) throw new Error(placed.refusal.message);
  desk.still.wait({ seconds: 1 });
  await desk.routing.step(stream);
  const { order_id } = placed.value.order;
  await desk.handlers.ReplaceOrder({ order_id, qty: quantity.fromShares(12) }, contextBy());
  await human.changes({ symbols: ['MSFT' as Ticker] });
  await desk.handlers.PlaceOrder(limit('NVDA', 2), contextBy());
  const proposal = { ...limit('MSFT', 3), reason: 'to be asked' };
  await desk.handlers.ProposeOrder(proposal, contextBy());
  const [request] = await desk.approvals.list();
  const yes = { ...testYes, requestId: request?.request_id ?? '', digest: request?.digest ?? '' };
  await desk.approvals.answer(yes, contextBy().metadata);
  await human.revokes();
  await desk.handlers.PlaceOrder(limit('MSFT', 1), contextBy());
  const entries = (await store.readStream(stream)).map((each) => ({
    event: decodeEvent(sessionEvents, each),
    id: each.id,
    older: false,
  }));
  const types = entries.map(({ event }) => event.type);
  expect(types.filter((type) => type === 'AccessAdopted')).toHaveLength(2);
  expect(types.filter((type) => type === 'OrderDenied')).toHaveLength(2);
  for (const type of ['OrderPendingReplace', 'ApprovalGranted']) expect(types).toContain(type);
  expect(types.filter((type) => type === 'OrderSubmitted')).toHaveLength(2);
  expect(replaySession(entries, { digest: testDigest }).firstDifference).toBeNull();
});
