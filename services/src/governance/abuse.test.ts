import { lifecyclePath } from '@sentinel/contracts/governance';
import { type EventId, type EventStore, quantity } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { testContext, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { governedDesk } from './test-governed-desk.ts';

const opened = async (
  eventStore: EventStore = memoryEventStore({ now: () => tuesdayNoon }),
  options: Parameters<typeof governedDesk>[1] = {},
) => {
  const desk = governedDesk(eventStore, options);
  await desk.open();
  return desk;
};
type Desk = Awaited<ReturnType<typeof opened>>;
/** Two processes over one log, both of which have read of the strategy already. */
const twoProcesses = async () => {
  const one = await opened();
  const other = await opened(one.eventStore, { still: one.still, ids: '018b' });
  expect([await one.codeOf(), await other.codeOf({ symbol: 'MSFT' as never })]).toEqual([
    ...['ok', 'ok'],
  ]);
  return { one, other };
};

const strategy = 'momentum_v1';
const forge = (desk: Desk, type: string, data: unknown, schemaVersion = 1) =>
  desk.eventStore.appendToStream(
    `strategy-${strategy}` as never,
    [
      {
        ...{ id: desk.newId() as EventId, type, schemaVersion, data: data as never },
        metadata: testContext.metadata,
      },
    ],
    'any',
  );
const promote = (desk: Desk, target: (typeof lifecyclePath)[number] | 'retired') =>
  desk.governance.handlers.PromoteStrategy(
    { strategy, target_state: target as never, notes: 'it has had its time' },
    testContext,
  );
const codeOf = (outcome: { ok: boolean; refusal?: { code: string } }) =>
  outcome.ok ? 'ok' : (outcome.refusal?.code ?? '');
const suspend = (desk: Desk) =>
  desk.governance.handlers.SuspendStrategy({ strategy, reason: 'it looks odd' }, testContext);

describe('whatever stands in a strategy’s stream', () => {
  test.each([
    ['a type that every object has', 'constructor', {}, 1],
    ['a type that is no name', '__proto__', {}, 1],
    ['a registration of nothing', 'StrategyRegistered', {}, 2],
    ['a registration by a number', 'StrategyRegistered', 7, 2],
    ['an old registration of nothing', 'StrategyRegistered', null, 1],
    ['a version before the first', 'StrategyRegistered', {}, -3],
    ['a version between two', 'StrategyRegistered', {}, 1.5],
    ['a promotion of no data', 'StrategyPromoted', null, 1],
    ['a promotion whose state is none', 'StrategyPromoted', { strategyId: strategy, to: 'god' }, 1],
    ['a version from the future', 'StrategySuspended', {}, 99],
    ['a list for an event', 'StrategyRetired', [[]], 1],
    ['a very long word', 'StrategySuspended', { reason: 'x'.repeat(100_000) }, 1],
  ])('%s makes no order throw and lets none of new risk pass', async (_, type, data, version) => {
    const desk = await opened();
    await desk.filled({});
    await forge(desk, type, data, version);
    const fresh = await opened(desk.eventStore, { still: desk.still, ids: '018b' });
    for (const [n, each] of [desk, fresh].entries()) {
      expect(await each.codeOf({ symbol: 'MSFT' as never })).toBe('STRATEGY_STATE');
      const other = { strategy_id: 'orb_v1', qty: quantity.fromShares(3 + n) };
      expect(await each.codeOf(other)).toBe('ok');
    }
    expect(await desk.codeOf({ side: 'sell' })).toBe('ok');
  });
});

describe('retired is final', () => {
  test('for a process that read of the strategy before another retired it', async () => {
    const { one, other } = await twoProcesses();
    expect(codeOf(await promote(one, 'retired'))).toBe('ok');
    expect(await other.codeOf({ symbol: 'AAPL' as never })).toBe('KILL_STATE');
    for (const target of lifecyclePath)
      expect(codeOf(await promote(other, target))).toBe('RETIRED');
    expect(await suspend(other)).toMatchObject({ value: { state: 'retired', returns_to: null } });
    expect(await one.codeOf({ symbol: 'AAPL' as never })).toBe('KILL_STATE');
  });

  test('when a suspension and a retirement come at once, in either order', async () => {
    for (const order of [0, 1]) {
      const { one, other } = await twoProcesses();
      const asked = [() => suspend(one), () => promote(other, 'retired')] as const;
      await Promise.all(order === 0 ? [asked[0](), asked[1]()] : [asked[1](), asked[0]()]);
      await promote(other, 'retired');
      for (const desk of [one, other]) {
        expect(codeOf(await promote(desk, 'paper'))).toBe('RETIRED');
        expect(await desk.codeOf({ symbol: 'AAPL' as never })).toBe('KILL_STATE');
      }
    }
  });
});

test('a suspension that one process has answered denies the next order of another', async () => {
  const { one, other } = await twoProcesses();
  expect(codeOf(await suspend(one))).toBe('ok');
  expect(await other.codeOf({ symbol: 'AAPL' as never })).toBe('KILL_STATE');
  expect((await suspend(other)).ok).toBe(true);
});
