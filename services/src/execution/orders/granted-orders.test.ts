import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  money,
  type OrderId,
  price,
  quantity,
  streamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import {
  testContext,
  testDesk,
  testMetadata,
  testYes,
  tuesdayNoon,
} from '../test-kit/test-desk.ts';
import { contextBy, grantId, humanOver } from '../test-kit/test-grants.ts';

const nvda = 'NVDA' as Ticker;
const msft = 'MSFT' as Ticker;
const market = { side: 'buy', order_type: 'market', time_in_force: 'day' } as const;
const limit = { ...market, order_type: 'limit', limit_price: price.of('90') } as const;
const session = streamName('session', 'paper-2026-03-03');
const shares = (count: number) => ({ qty: quantity.fromShares(count) });

const openDesk = async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const desk = testDesk(store);
  await desk.open(desk.limits);
  const human = humanOver(desk.grants);
  const codeOf = async (answer: Promise<{ ok: boolean; refusal?: { code: string } }>) =>
    (await answer).refusal?.code ?? 'ok';
  const events = async () =>
    (await store.readStream(session)).map((each) => decodeEvent(sessionEvents, each));
  const countedToday = async () => {
    const { state } = await desk.sessions.load(session);
    const today = state.phase === 'unopened' ? undefined : state.grantedToday.get(grantId);
    return money.format(today ?? money.zero);
  };
  /** The venue takes what is on its way to it. */
  const taken = async () => {
    desk.still.wait({ seconds: 1 });
    await desk.routing.step(session);
  };
  return { ...desk, human, codeOf, events, countedToday, taken };
};

const idOf = (answer: { ok: boolean; value?: { order: { order_id: OrderId } } }): OrderId => {
  if (answer.value === undefined) throw new Error('the order was not taken');
  return answer.value.order.order_id;
};

test('an agent without a grant places nothing, and nobody else needs one', async () => {
  const { handlers, codeOf, order } = await openDesk();
  const lost = contextBy(grantId);
  const none = { ...lost, metadata: { ...testMetadata, principal: 'agent:claude' } };
  for (const context of [none, lost])
    expect(
      await codeOf(handlers.PlaceOrder({ ...market, symbol: nvda, ...shares(1) }, context)),
    ).toBe('AUTHORISED');
  expect(await codeOf(order({ symbol: nvda, ...shares(1) }))).toBe('ok');
});

test('new terms count for what they add to the order, and for no more', async () => {
  const { handlers, human, codeOf, countedToday, taken } = await openDesk();
  await human.gives({ maxDayValue: money.of('2000') });
  const first = await handlers.PlaceOrder({ ...limit, symbol: nvda, ...shares(10) }, contextBy());
  expect(await countedToday()).toBe('900');
  await taken();
  const replace = (changes: object) =>
    codeOf(handlers.ReplaceOrder({ order_id: idOf(first), ...changes }, contextBy()));
  expect(await replace({ limit_price: price.of('80') })).toBe('ok');
  expect(await countedToday()).toBe('900');
  expect(await replace(shares(20))).toBe('ok');
  expect(await countedToday()).toBe('1600');
  expect(await replace(shares(26))).toBe('AUTHORISED');
  expect(await replace(shares(25))).toBe('ok');
  expect(await countedToday()).toBe('2000');
  expect(
    await codeOf(handlers.PlaceOrder({ ...limit, symbol: msft, ...shares(1) }, contextBy())),
  ).toBe('AUTHORISED');
});

test('terms that a client gives to the order of another count for it in full', async () => {
  const { handlers, human, countedToday, taken } = await openDesk();
  await human.gives({ maxDayValue: money.of('2000') });
  const first = await handlers.PlaceOrder({ ...limit, symbol: nvda, ...shares(10) }, testContext);
  expect(await countedToday()).toBe('0');
  await taken();
  await handlers.ReplaceOrder({ order_id: idOf(first), limit_price: price.of('80') }, contextBy());
  expect(await countedToday()).toBe('800');
});

test('a human’s yes places nothing of a client that was shut out meanwhile', async () => {
  const { handlers, human, approvals, codeOf, events } = await openDesk();
  await human.gives({ abilities: ['look', 'propose'] });
  const proposal = { ...market, symbol: nvda, ...shares(1), reason: 'a breakout' };
  expect(
    await codeOf(handlers.PlaceOrder({ ...market, symbol: nvda, ...shares(1) }, contextBy())),
  ).toBe('AUTHORISED');
  for (const _ of [1, 2])
    expect(await codeOf(handlers.ProposeOrder(proposal, contextBy()))).toBe('ok');
  const [one, two] = await approvals.list();
  const yes = (request: typeof one) =>
    approvals.answer(
      { requestId: request?.request_id ?? '', digest: request?.digest ?? '', ...testYes },
      testMetadata,
    );
  expect(await yes(two)).toMatchObject({ ok: true });
  const submitted = (await events()).filter(({ type }) => type === 'OrderSubmitted');
  expect(submitted).toMatchObject([{ data: { granted: { grantId } } }]);
  await human.revokes();
  expect(await yes(one)).toMatchObject({
    ok: true,
    value: { told: expect.stringContaining('denied') },
  });
  const last = (await events()).at(-1);
  expect(last).toMatchObject({ type: 'OrderDenied', data: { code: 'AUTHORISED' } });
});

test('a client takes away and sells nothing outside its symbols; a human does', async () => {
  const { handlers, human, codeOf } = await openDesk();
  await human.gives({ symbols: [nvda] });
  const first = await handlers.PlaceOrder({ ...limit, symbol: msft, ...shares(1) }, testContext);
  const own = await handlers.PlaceOrder({ ...limit, symbol: nvda, ...shares(1) }, contextBy());
  const cancel = (of: typeof first, context = contextBy()) =>
    codeOf(handlers.CancelOrder({ order_id: idOf(of), reason: 'test' }, context));
  expect(await cancel(first)).toBe('AUTHORISED');
  expect(await codeOf(handlers.ClosePosition({ symbol: msft }, contextBy()))).toBe('AUTHORISED');
  expect(await codeOf(handlers.CancelAll({ symbol: msft }, contextBy()))).toBe('AUTHORISED');
  expect(await codeOf(handlers.CancelAll({}, contextBy()))).toBe('AUTHORISED');
  expect(await codeOf(handlers.FlattenAll({}, contextBy()))).toBe('AUTHORISED');
  expect(await cancel(own)).toBe('ok');
  expect(await cancel(first, testContext)).toBe('ok');
  await human.revokes();
  expect(await codeOf(handlers.FlattenAll({}, contextBy()))).toBe('AUTHORISED');
  expect(await codeOf(handlers.FlattenAll({}, testContext))).toBe('ok');
});
