import { money } from '@sentinel/contracts/kernel';
import { riskLimitsSchema } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { testContext, testDesk, testYes, tuesdayNoon } from '../../execution/test-kit/test-desk.ts';
import { ordinaryLimits } from '../fixtures.ts';
import { changedLimits } from './changed-limits.ts';
import { tighterWhen } from './limit-directions.ts';

const openDesk = async () => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  const desk = testDesk(store);
  await desk.open(desk.limits);
  const set = (...changes: { limit: string; value: string | number }[]) =>
    desk.handlers.SetLimits({ changes }, testContext);
  const inForce = async () => (await desk.control.load()).limits;
  const answer = async (requestId: string, approves = true) => {
    const digest = (await desk.approvals.find(requestId))?.digest ?? '';
    const all = { ...testYes, requestId, digest, approves };
    return desk.approvals.answer(all, testContext.metadata);
  };
  return { ...desk, store, set, inForce, answer };
};

test('every limit of the document has a direction, and nothing else has', () => {
  const full = { ...ordinaryLimits, approval: { aboveValue: money.of('1') } };
  const namesIn = (value: object, path = ''): readonly string[] =>
    Object.entries(value).flatMap(([name, each]) =>
      typeof each === 'object' && each !== null && !Array.isArray(each)
        ? namesIn(each, `${path}${name}.`)
        : [`${path}${name}`],
    );
  const all = { ...full, margin: { initialBps: 1, maintenanceBps: 1, shortMarkBps: 1 } };
  const named = namesIn(riskLimitsSchema.encode(all));
  expect(Object.keys(tighterWhen).sort()).toEqual([...named].sort());
});

describe('a change of limits', () => {
  test('that is tighter is in force at once, in open sessions too', async () => {
    const { set, inForce, sessions } = await openDesk();
    const current = await sessions.current(testContext.metadata);
    if (!current.ok) throw new Error('no session');
    expect(await set({ limit: 'maxPositionBps', value: 100 })).toMatchObject({
      ok: true,
      value: {
        status: 'in_force',
        limits_version: 2,
        in_force: [{ limit: 'maxPositionBps', before: '500', after: '100' }],
        approval: null,
      },
    });
    expect((await inForce())?.limits.maxPositionBps).toBe(100);
    const { state } = await sessions.load(current.value);
    expect(state.phase === 'open' && state.limits.version).toBe(2);
  });

  test('that is looser waits for a human, and is in force once one has said yes', async () => {
    const { set, inForce, answer, approvals } = await openDesk();
    const asked = await set({ limit: 'maxPositionBps', value: '900' });
    if (!asked.ok) throw new Error(asked.refusal.message);
    expect(asked.value).toMatchObject({ status: 'approval_required', limits_version: 1 });
    expect((await inForce())?.limits.maxPositionBps).toBe(500);
    const requestId = asked.value.approval?.request_id ?? '';
    expect(await approvals.find(requestId)).toMatchObject({
      kind: 'limits',
      lines: expect.arrayContaining(['maxPositionBps: from 500 to 900']),
    });
    expect(await answer(requestId)).toMatchObject({ ok: true });
    expect(await inForce()).toMatchObject({ version: 2, limits: { maxPositionBps: 900 } });
    expect(await answer(requestId)).toMatchObject({
      ok: false,
      refusal: { code: 'ALREADY_ANSWERED' },
    });
  });

  test('in both ways does the tighter part at once and leaves the looser one waiting', async () => {
    const { set, inForce, answer } = await openDesk();
    const asked = await set(
      { limit: 'maxPositionBps', value: 900 },
      { limit: 'order.maxValue', value: '1000' },
    );
    if (!asked.ok) throw new Error(asked.refusal.message);
    expect(asked.value).toMatchObject({
      status: 'approval_required',
      in_force: [{ limit: 'order.maxValue' }],
      waiting: [{ limit: 'maxPositionBps' }],
    });
    expect(await inForce()).toMatchObject({
      limits: { maxPositionBps: 500, order: { maxValue: money.of('1000') } },
    });
    await answer(asked.value.approval?.request_id ?? '');
    expect(await inForce()).toMatchObject({
      limits: { maxPositionBps: 900, order: { maxValue: money.of('1000') } },
    });
  });

  test('is void once others have changed the limits: nobody loosens what was tightened meanwhile', async () => {
    const { set, inForce, answer } = await openDesk();
    const asked = await set({ limit: 'maxPositionBps', value: 900 });
    await set({ limit: 'maxGrossExposureBps', value: 1 });
    if (!asked.ok) throw new Error('refused');
    expect(await answer(asked.value.approval?.request_id ?? '')).toMatchObject({
      ok: false,
      refusal: { code: 'LIMITS_CHANGED' },
    });
    expect(await inForce()).toMatchObject({
      limits: { maxPositionBps: 500, maxGrossExposureBps: 1 },
    });
  });

  test('of many callers at once loses none that is tighter', async () => {
    const { set, inForce } = await openDesk();
    await Promise.all([
      set({ limit: 'maxPositionBps', value: 10 }),
      set({ limit: 'maxGrossExposureBps', value: 20 }),
      set({ limit: 'maxConcurrentPositions', value: 3 }),
    ]);
    expect(await inForce()).toMatchObject({
      limits: { maxPositionBps: 10, maxGrossExposureBps: 20, maxConcurrentPositions: 3 },
    });
  });

  test('asked for twice waits once, and a no leaves all as it is', async () => {
    const { set, inForce, answer, approvals } = await openDesk();
    const first = await set({ limit: 'maxPositionBps', value: 900 });
    const again = await set({ limit: 'maxPositionBps', value: 900 });
    if (!first.ok || !again.ok) throw new Error('refused');
    expect(again.value.approval).toEqual(first.value.approval);
    expect(await approvals.list()).toHaveLength(1);
    expect(await answer(first.value.approval?.request_id ?? '', false)).toMatchObject({ ok: true });
    expect((await inForce())?.version).toBe(1);
  });

  test.each([
    ['an unknown name', [{ limit: 'maxPosition', value: 1 }], /maxPosition".*|maxPosition/],
    ['a value that does not fit', [{ limit: 'maxPositionBps', value: 'much' }], /maxPositionBps/],
    ['money that is none', [{ limit: 'order.maxValue', value: 'x' }], /order\.maxValue/],
    ['a name that objects have by nature', [{ limit: '__proto__', value: 1 }], /__proto__/],
  ])('with %s is refused, and changes nothing', async (_, changes, said) => {
    const { set, inForce } = await openDesk();
    const answer = await set(...changes);
    expect(answer).toMatchObject({ ok: false, refusal: { code: 'INVALID_ARGUMENT' } });
    expect(answer.ok ? '' : answer.refusal.message).toMatch(said);
    expect((await inForce())?.version).toBe(1);
  });

  test.each([
    ['restricted.symbols', 'TSLA, GME', true],
    ['restricted.symbols', '', true],
    ['approval.aboveValue', '0', true],
    ['duplicateWindowMs', 60_000, true],
    ['duplicateWindowMs', 0, false],
    ['minAverageDailyVolume', '1', false],
    ['closingWindowMinutes', 30, true],
  ])('of %s to %s is tighter: %s', (limit, value, tighter) => {
    const changed = changedLimits(ordinaryLimits, [{ limit, value }]);
    if (!changed.ok) throw new Error(changed.refusal.message);
    const { looser, wanted } = changed.value;
    expect(looser.length === 0).toBe(tighter);
    expect(riskLimitsSchema.safeEncode(wanted).success).toBe(true);
  });
});
