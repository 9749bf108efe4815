import { money, price, quantity, streamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { RiskAssessed, RiskLimits } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { run, stop, testWorld } from '../../kernel/workflow/test-world.ts';
import { expiryWorkflow } from '../residents/expiry.ts';
import { testContext, testDesk, testYes, tuesdayNoon } from '../test-kit/test-desk.ts';

const nvda = 'NVDA' as Ticker;
const ten = {
  symbol: nvda,
  qty: quantity.fromShares(10),
  side: 'buy',
  order_type: 'market',
} as const;
const stream = streamName('session', 'paper-2026-03-03');

const openDesk = async (limits: Partial<RiskLimits> = {}) => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  let now = tuesdayNoon;
  const desk = testDesk(store, { limits, now: () => now });
  await desk.open(desk.limits);
  const propose = async (args: object = {}) => {
    const answer = await desk.handlers.ProposeOrder({ ...ten, ...args }, testContext);
    if (!answer.ok) throw new Error(answer.refusal.message);
    return answer.value;
  };
  const waiting = async (requestId: string) => {
    const found = await desk.approvals.find(requestId);
    if (found === undefined) throw new Error('nothing waits');
    return found;
  };
  /** A yes or no to exactly what is shown. */
  const say = async (requestId: string, approves = true) => {
    const { digest } = await waiting(requestId);
    return desk.approvals.answer({ ...testYes, requestId, digest, approves }, testContext.metadata);
  };
  const fill = async () => {
    await desk.routing.step(stream);
    desk.still.wait({ milliseconds: 100 });
    await desk.routing.step(stream);
  };
  const session = async () => {
    const { state } = await desk.sessions.load(stream);
    if (state.phase === 'unopened') throw new Error('not open');
    return state;
  };
  const told = async () => (await store.readStream(stream)).map(({ type }) => type);
  const assessments = async () =>
    (await store.readStream(stream))
      .filter(({ type }) => type === 'RiskAssessed')
      .map(({ data }) => data as unknown as RiskAssessed);
  const pass = (duration: Temporal.DurationLike) => {
    now = now.add(duration);
  };
  const tools = { propose, waiting, say, fill, session, told, assessments, pass };
  return { ...desk, store, ...tools };
};
const requestOf = ({ approval }: { readonly approval: { readonly request_id: string } | null }) =>
  approval?.request_id ?? '';

describe('a proposed order', () => {
  test('is judged and recorded, submits nothing, sets nothing aside, and waits for a human', async () => {
    const { propose, told, session, waiting } = await openDesk();
    const proposed = await propose({ reason: 'a breakout' });
    expect(proposed).toMatchObject({
      order: { status: 'initialized', reason_given: 'a breakout' },
      approval: { expires_at: tuesdayNoon.add({ minutes: 15 }) },
    });
    expect(proposed.checks).toContainEqual({
      ...{ code: 'HUMAN_APPROVAL', status: 'NEEDS_HUMAN' },
      message: 'The caller wants a human to decide.',
    });
    expect(await told()).toEqual([
      'SessionOpened',
      'TradingEnabled',
      'RiskAssessed',
      'OrderProposed',
      'ApprovalRequested',
    ]);
    const { working, messages, cash } = await session();
    expect([working.size, messages.size, cash]).toEqual([0, 0, money.of('100000')]);
    expect(await waiting(requestOf(proposed))).toMatchObject({
      kind: 'order',
      status: 'pending',
      title: 'Buy 10 NVDA by market order',
      reason_given: 'a breakout',
      requested_by: 'local:test',
    });
  });

  test('is judged again when a human says yes, and submitted as the order that was shown', async () => {
    const { propose, say, told, fill, session, assessments, still } = await openDesk();
    const proposed = await propose();
    still.wait({ minutes: 3 });
    expect(await say(requestOf(proposed))).toMatchObject({ ok: true });
    expect((await told()).slice(-3)).toEqual(['ApprovalGranted', 'RiskAssessed', 'OrderSubmitted']);
    const [first, second] = await assessments();
    expect(first).toMatchObject({ purpose: 'proposal', outcome: 'APPROVAL_REQUIRED' });
    expect(second).toMatchObject({
      ...{ purpose: 'order', outcome: 'APPROVED', policyVersion: 'risk-8' },
      facts: {
        at: '2026-03-03T17:03:00Z',
        human: { wanted: true, approval: { approvedBy: 'operator-key:test' } },
      },
    });
    await fill();
    const { positions, orders } = await session();
    expect(positions.get(nvda)?.quantity).toBe(ten.qty);
    expect(orders.get(proposed.order.order_id)?.status).toBe('filled');
  });

  test('ends as denied when a human says no', async () => {
    const { propose, say, session } = await openDesk();
    const proposed = await propose();
    expect(await say(requestOf(proposed), false)).toMatchObject({ ok: true });
    expect((await session()).orders.get(proposed.order.order_id)).toMatchObject({
      status: 'denied',
      reason: { code: 'HUMAN_APPROVAL', message: 'operator-key:test said no to it.' },
    });
  });

  test('that no check lets pass waits for nobody', async () => {
    const { handlers, told } = await openDesk();
    const answer = await handlers.ProposeOrder(
      { ...ten, qty: quantity.fromShares(100_000) },
      testContext,
    );
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'MAX_ORDER_VALUE' } });
    expect((await told()).slice(-2)).toEqual(['RiskAssessed', 'OrderDenied']);
  });

  test('is not submitted when a halt came in between, whatever the human said', async () => {
    const { propose, say, handlers, told } = await openDesk();
    const proposed = await propose();
    await handlers.EngageHalt({ scope: 'global' }, testContext);
    expect(await say(requestOf(proposed))).toMatchObject({
      ok: true,
      value: { told: 'Approved, and then denied by the checks: nothing was submitted.' },
    });
    expect((await told()).slice(-3)).toEqual(['ApprovalGranted', 'RiskAssessed', 'OrderDenied']);
  });

  test('is not submitted when the market has passed its stop in between', async () => {
    const { propose, say, still, told, session } = await openDesk();
    const stopping = { order_type: 'stop', stop_price: price.of('101') } as const;
    const proposed = await propose(stopping);
    still.wait({ minutes: 1 });
    still.move({ bid: '102', ask: '102.02' });
    expect(await say(requestOf(proposed))).toMatchObject({
      ok: false,
      refusal: {
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('at 101 it would trade at once'),
      },
    });
    expect(await told()).not.toContain('OrderSubmitted');
    expect((await session()).orders.get(proposed.order.order_id)?.status).toBe('initialized');
  });

  test('is not submitted under other limits than those it was asked for under', async () => {
    const { propose, say, handlers, told } = await openDesk();
    const proposed = await propose();
    await handlers.SetLimits({ changes: [{ limit: 'maxPositionBps', value: 499 }] }, testContext);
    expect(await say(requestOf(proposed))).toMatchObject({
      ok: false,
      refusal: { code: 'LIMITS_CHANGED' },
    });
    expect(await told()).not.toContain('OrderSubmitted');
  });

  test('answers its key while it waits, and the order that came of it after', async () => {
    const { propose, say, handlers } = await openDesk();
    const proposed = await propose({ idempotency_key: 'k' });
    const again = await propose({ idempotency_key: 'k' });
    expect(again).toMatchObject({
      repeated: true,
      order: { order_id: proposed.order.order_id, status: 'initialized' },
      approval: proposed.approval,
    });
    await say(requestOf(proposed));
    const after = await handlers.PlaceOrder({ ...ten, idempotency_key: 'k' }, testContext);
    expect(after).toMatchObject({
      ok: true,
      value: { repeated: true, approval: null, order: { status: 'submitted' } },
    });
  });

  test('is bounded in number, so that a closing can end them all at once', async () => {
    const { propose, handlers, still, told, sessions } = await openDesk({ duplicateWindowMs: 0 });
    for (let n = 1; n <= 40; n++) await propose({ qty: quantity.fromShares(n) });
    expect(await handlers.ProposeOrder(ten, testContext)).toMatchObject({
      ok: false,
      refusal: { code: 'TOO_MANY_WAITING' },
    });
    still.wait({ hours: 13 });
    await sessions.current(testContext.metadata);
    const types = await told();
    expect(types.filter((type) => type === 'ApprovalExpired')).toHaveLength(40);
    expect(types.filter((type) => type === 'OrderDenied')).toHaveLength(40);
    expect(types.at(-1)).toBe('SessionClosed');
  });
});

describe('an answer', () => {
  test('that is forged, altered, replayed or late changes nothing', async () => {
    const { propose, approvals, waiting, say, told, pass, fill, session } = await openDesk();
    const requestId = requestOf(await propose());
    const { digest } = await waiting(requestId);
    const before = (await told()).length;
    const answer = (change: object) =>
      approvals.answer({ ...testYes, requestId, digest, ...change }, testContext.metadata);
    const refusedBy = async (change: object) => {
      const outcome = await answer(change);
      return outcome.ok ? 'taken' : outcome.refusal.code;
    };
    expect(await refusedBy({ digest: 'a'.repeat(64) })).toBe('REQUEST_CHANGED');
    expect(await refusedBy({ requestId: `${requestId.slice(0, -1)}f` })).toBe('UNKNOWN_REQUEST');
    const named = (principal: string) => refusedBy({ by: { ...testYes.by, principal } });
    expect(await named('local:test')).toBe('HUMAN_REQUIRED');
    expect(await named('human:test')).toBe('SAME_PRINCIPAL');
    expect((await told()).length).toBe(before);
    // The digest of another request is that of another request, however alike they are.
    const other = requestOf(await propose({ qty: quantity.fromShares(9) }));
    expect(await refusedBy({ digest: (await waiting(other)).digest })).toBe('REQUEST_CHANGED');
    expect(await refusedBy({})).toBe('taken');
    expect(await refusedBy({})).toBe('ALREADY_ANSWERED');
    expect(await refusedBy({ approves: false })).toBe('ALREADY_ANSWERED');
    pass({ minutes: 15 });
    expect(await say(other)).toMatchObject({ ok: false, refusal: { code: 'REQUEST_EXPIRED' } });
    await fill();
    expect((await session()).positions.get(nvda)?.quantity).toBe(ten.qty);
  });

  test('of two humans at once counts once', async () => {
    const { propose, say, told } = await openDesk();
    const requestId = requestOf(await propose());
    const answers = await Promise.all([say(requestId), say(requestId), say(requestId, false)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const types = await told();
    expect(types.filter((type) => type.startsWith('ApprovalG')).length).toBeLessThanOrEqual(1);
    expect(
      types.filter((type) => type === 'OrderSubmitted' || type === 'OrderDenied'),
    ).toHaveLength(1);
  });
});

describe('orders above the approval threshold', () => {
  const above = (dollars: string) => ({ approval: { aboveValue: money.of(dollars) } });

  test('wait for a human, smaller ones do not, and an exit never does', async () => {
    const { order, fill, say, approvals } = await openDesk(above('500'));
    const large = await order(ten);
    if (!large.ok) throw new Error(large.refusal.message);
    expect(large.value).toMatchObject({ order: { status: 'initialized' }, repeated: false });
    expect(large.value.approval).not.toBeNull();
    expect(await order({ ...ten, qty: quantity.fromShares(4) })).toMatchObject({
      ok: true,
      value: { order: { status: 'submitted' }, approval: null },
    });
    await say(requestOf(large.value));
    await fill();
    expect(await order({ ...ten, side: 'sell' })).toMatchObject({
      ok: true,
      value: { order: { status: 'submitted' }, approval: null },
    });
    expect((await approvals.list()).map(({ status }) => status)).toEqual(['granted']);
  });

  test('are all that open anything where the threshold is zero; previews say so', async () => {
    const { order, handlers } = await openDesk(above('0'));
    expect(await order({ ...ten, qty: quantity.fromShares(1) })).toMatchObject({
      ok: true,
      value: { order: { status: 'initialized' } },
    });
    expect(await handlers.ValidateTrade(ten, testContext)).toMatchObject({
      ok: true,
      value: { outcome: 'APPROVAL_REQUIRED', denial_code: null },
    });
  });

  test('are not reached by changing the terms of a smaller one', async () => {
    const { order, handlers, fill, session } = await openDesk(above('500'));
    const small = await order({
      ...{ ...ten, qty: quantity.fromShares(4), order_type: 'limit' },
      limit_price: price.of('90'),
    });
    if (!small.ok) throw new Error(small.refusal.message);
    await fill();
    const { order_id } = small.value.order;
    expect(
      await handlers.ReplaceOrder({ order_id, qty: quantity.fromShares(40) }, testContext),
    ).toMatchObject({
      ok: false,
      refusal: { code: 'HUMAN_APPROVAL' },
    });
    expect((await session()).orders.get(order_id)?.intent.quantity).toBe(quantity.fromShares(4));
  });
});

describe('the expiry workflow', () => {
  test('ends what nobody answers, in a session as in the control stream', async () => {
    const world = testWorld();
    let now = tuesdayNoon;
    const desk = testDesk(world.eventStore, { now: () => now });
    await desk.open(desk.limits);
    await desk.handlers.ProposeOrder(ten, testContext);
    await desk.handlers.SetLimits(
      { changes: [{ limit: 'maxPositionBps', value: 9_000 }] },
      testContext,
    );
    const other = testDesk(world.eventStore, { now: () => now, ids: '0190' });
    const workflows = run(world, [expiryWorkflow(other.floor, () => testContext.metadata)]);
    await world.timer.advance(1_000);
    expect((await desk.approvals.list()).filter(({ status }) => status === 'pending')).toHaveLength(
      2,
    );
    now = now.add({ minutes: 15 });
    const types = async () =>
      (await world.eventStore.readAll({ maxCount: 200 })).map(({ type }) => type);
    for (let n = 0; n < 5; n++) await world.timer.advance(1_000);
    expect((await types()).filter((type) => type === 'ApprovalExpired')).toHaveLength(2);
    expect((await types()).filter((type) => type === 'OrderDenied')).toHaveLength(1);
    await stop(world, workflows);
  });
});
