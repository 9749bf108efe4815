import {
  type ApprovalRequestId,
  type Json,
  type Outcome,
  quantity,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import { testContext, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { governedDesk, symbol } from './test-governed-desk.ts';

const took = <Value>(outcome: Outcome<Value>): Value => {
  if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  return outcome.value;
};

/** Something of each kind that waits for a human. */
const askedFor = async () => {
  const desk = governedDesk(memoryEventStore({ now: () => tuesdayNoon }));
  await desk.open();
  const { handlers, governance } = desk;
  await handlers.EngageHalt({ scope: 'global' }, testContext);
  const release = await handlers.RequestHaltRelease(
    { scope: 'global', reason: 'looked into it' },
    testContext,
  );
  const limits = await handlers.SetLimits(
    { changes: [{ limit: 'maxConcurrentPositions', value: 90 }] },
    testContext,
  );
  await governance.handlers.SuspendStrategy({ strategy: 'orb_v1' }, testContext);
  const promotion = await governance.handlers.PromoteStrategy(
    { strategy: 'orb_v1', target_state: 'paper', notes: 'looked into it' },
    testContext,
  );
  const waiting = [
    took(release).request_id,
    took(limits).approval?.request_id,
    took(promotion).request_id,
  ];
  return { ...desk, waiting };
};

const asHuman = (name: string) => ({
  ...testContext,
  metadata: { ...testContext.metadata, principal: `human:${name}` },
});

test('a human’s yes takes one way whatever it is to, and the log says by what they were known', async () => {
  const { governance, approvals, eventStore, waiting, handlers } = await askedFor();
  const approve = async (id: string, name: string, digest?: string) => {
    const shown = await approvals.find(id);
    const asked = { request_id: id as ApprovalRequestId, digest: digest ?? shown?.digest ?? '' };
    return governance.handlers.ApproveRequest(asked, asHuman(name));
  };
  for (const id of waiting) {
    if (id == null) throw new Error('nothing waits');
    expect(await approve(id, 'bob', 'f'.repeat(64))).toMatchObject({
      refusal: { code: 'REQUEST_CHANGED' },
    });
    expect(await approve(id, 'Test')).toMatchObject({ refusal: { code: 'SAME_PRINCIPAL' } });
    expect(took(await approve(id, 'bob')).outcome).toMatch(/^Approved/);
    expect((await approve(id, 'bob')).ok).toBe(false);
  }
  const proposed = took(
    await handlers.ProposeOrder(
      { symbol, side: 'buy', qty: quantity.fromShares(10), order_type: 'market' },
      testContext,
    ),
  );
  const order = proposed.approval?.request_id ?? '';
  expect(took(await approve(order, 'bob')).outcome).toMatch(/^Approved/);
  const log = await eventStore.readAll({ maxCount: 5_000 });
  const granted = log.filter(({ type }) => type === 'ApprovalGranted');
  expect(granted.map(({ data }) => (data as { requestId: Json }).requestId)).toEqual([
    ...waiting,
    order,
  ]);
  for (const { data } of granted)
    expect(data).toMatchObject({
      by: { principal: 'human:bob', identifiedBy: 'call', through: 'tool' },
    });
});
