import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, quantity, streamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import {
  testContext,
  testDesk,
  testDigest,
  testYes,
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

test('a session with reasons, a yes and a no to proposals is equal', async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const desk = testDesk(store, { now: () => tuesdayNoon });
  await desk.open(desk.limits);
  const placed = await desk.handlers.PlaceOrder(
    { ...order('NVDA', 10), reason: 'a breakout' },
    testContext,
  );
  expect(placed.ok).toBe(true);
  for (const approves of [true, false]) {
    const proposal = { ...order(approves ? 'MSFT' : 'AAPL', 5), reason: 'to be asked' };
    const proposed = await desk.handlers.ProposeOrder(proposal, testContext);
    if (!proposed.ok) throw new Error(proposed.refusal.message);
    const requestId = proposed.value.approval?.request_id ?? '';
    const digest = (await desk.approvals.find(requestId))?.digest ?? '';
    await desk.approvals.answer({ ...testYes, requestId, digest, approves }, testContext.metadata);
  }
  await desk.routing.step(stream);
  desk.still.wait({ milliseconds: 100 });
  await desk.routing.step(stream);
  const recorded = await store.readStream(stream);
  const entries = recorded.map((each) => ({
    event: decodeEvent(sessionEvents, each),
    id: each.id,
    older: false,
  }));
  const types = new Set(entries.map(({ event }) => event.type));
  for (const type of ['OrderProposed', 'ApprovalGranted', 'ApprovalDeclined', 'OrderFilled'])
    expect(types).toContain(type);
  expect(replaySession(entries, { digest: testDigest }).firstDifference).toBeNull();
});
