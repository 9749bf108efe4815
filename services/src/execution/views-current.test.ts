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
import { currentPolicy } from '../risk/index.ts';
import { testContext, testDesk, tuesdayNoon } from './test-kit/test-desk.ts';

const aapl = 'AAPL' as Ticker;
const session = 'session-paper-2026-03-03' as StreamName;
const shares = quantity.fromShares;

/** Ten shares are held, and then a view that people judge risk by is parked. */
const parkedDesk = async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  let problem: string | undefined;
  const desk = testDesk(store, { viewsProblem: () => problem });
  const look = async () => {
    for (let n = 0; n < 2; n++) {
      await desk.routing.step(session);
      desk.still.wait({ milliseconds: 200 });
    }
    await desk.routing.step(session);
  };
  await desk.open(desk.limits);
  expect(await desk.order({ symbol: aapl, qty: shares(10) })).toMatchObject({ ok: true });
  await look();
  const assessments = async () =>
    (await store.readStream(session))
      .map((recorded) => decodeEvent(sessionEvents, recorded))
      .flatMap((event) => (event.type === 'RiskAssessed' ? [event.data] : []));
  const replace = (order_id: OrderId, to: { readonly limit_price: string }) =>
    desk.handlers.ReplaceOrder({ order_id, limit_price: price.of(to.limit_price) }, testContext);
  const park = () => {
    problem = 'orders is parked';
  };
  return { ...desk, look, assessments, replace, park };
};

describe('while a view is parked', () => {
  test('new risk is denied, and the denial is recorded with its reason', async () => {
    const desk = await parkedDesk();
    desk.park();
    expect(await desk.order({ symbol: aapl, qty: shares(1) })).toMatchObject({
      ok: false,
      refusal: { code: 'VIEWS_CURRENT' },
    });
    expect((await desk.assessments()).at(-1)).toMatchObject({
      outcome: 'DENIED',
      denialCode: 'VIEWS_CURRENT',
      policyVersion: currentPolicy.version,
      facts: { views: { problem: 'orders is parked' } },
    });
  });

  test('what only reduces passes', async () => {
    const desk = await parkedDesk();
    desk.park();
    expect(await desk.order({ symbol: aapl, side: 'sell', qty: shares(4) })).toMatchObject({
      ok: true,
    });
    const last = (await desk.assessments()).at(-1);
    expect(last).toMatchObject({ outcome: 'APPROVED', reducing: true });
    expect(last?.checks.find(({ code }) => code === 'VIEWS_CURRENT')?.status).toBe(
      'NOT_APPLICABLE',
    );
  });

  test('new terms are denied where they are new risk, and taken where they reduce', async () => {
    const desk = await parkedDesk();
    const working = { order_type: 'limit' as const, qty: shares(2) };
    const buy = await desk.order({ ...working, symbol: aapl, limit_price: price.of('90') });
    const sell = await desk.order({
      ...working,
      symbol: aapl,
      side: 'sell',
      limit_price: price.of('104'),
    });
    if (!buy.ok || !sell.ok) throw new Error('refused');
    await desk.look();
    desk.park();
    const before = (await desk.assessments()).length;
    expect(await desk.replace(buy.value.order.order_id, { limit_price: '91' })).toMatchObject({
      ok: false,
      refusal: { code: 'VIEWS_CURRENT' },
    });
    expect(await desk.replace(sell.value.order.order_id, { limit_price: '103' })).toMatchObject({
      ok: true,
    });
    expect((await desk.assessments()).slice(before)).toMatchObject([
      { denialCode: 'VIEWS_CURRENT', replaces: buy.value.order.order_id },
      { denialCode: null, replaces: sell.value.order.order_id },
    ]);
  });
});

describe('while orders cannot be counted for all gateways', () => {
  test('new risk is denied with the reason, exits pass, and each order is counted once', async () => {
    const store = memoryEventStore({ now: () => tuesdayNoon });
    let problem: string | undefined;
    const asked: string[] = [];
    const desk = testDesk(store, {
      countOrder: async (principal) => {
        asked.push(principal);
        return problem;
      },
    });
    await desk.open(desk.limits);
    expect(await desk.order({ symbol: aapl, qty: shares(10) })).toMatchObject({ ok: true });
    for (let n = 0; n < 2; n++) {
      await desk.routing.step(session);
      desk.still.wait({ milliseconds: 200 });
    }
    await desk.routing.step(session);
    problem = 'Redis is away';
    expect(await desk.order({ symbol: aapl, qty: shares(1) })).toMatchObject({
      ok: false,
      refusal: {
        code: 'VIEWS_CURRENT',
        message: expect.stringContaining('Nothing that adds risk is taken: Redis is away.'),
      },
    });
    expect(await desk.order({ symbol: aapl, side: 'sell', qty: shares(4) })).toMatchObject({
      ok: true,
    });
    expect(asked).toEqual(Array(3).fill(testContext.metadata.principal));
    const recorded = (await store.readStream(session)).filter(
      ({ type }) => type === 'RiskAssessed',
    );
    const facts = recorded.map(({ data }) => (data as { readonly facts: object }).facts);
    expect(facts).toMatchObject([
      { counting: { problem: null } },
      { counting: { problem } },
      { counting: { problem } },
    ]);
  });
});

test('a desk whose views nobody watches records nothing of them', async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const desk = testDesk(store);
  await desk.open(desk.limits);
  await desk.order({ symbol: aapl, qty: shares(1) });
  const recorded = await store.readStream(session);
  const assessed = recorded.find(({ type }) => type === 'RiskAssessed');
  expect(assessed?.data).toHaveProperty('facts');
  expect(assessed?.data).not.toHaveProperty('facts.views');
  expect(assessed?.data).not.toHaveProperty('facts.counting');
});
