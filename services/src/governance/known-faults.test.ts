import { lifecyclePath, type PromotionTarget } from '@sentinel/contracts/governance';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { testContext, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { governedDesk } from './test-governed-desk.ts';

const opened = async () => {
  const desk = governedDesk(memoryEventStore({ now: () => tuesdayNoon }));
  await desk.open();
  return desk;
};

/** Faults of the earlier system, by their number in the list of them. */
describe('the earlier system’s faults', () => {
  test('D4: a strategy that is stopped places nothing more', async () => {
    const { governance, codeOf } = await opened();
    expect(await codeOf()).toBe('ok');
    await governance.handlers.SuspendStrategy({ strategy: 'momentum_v1' }, testContext);
    expect(await codeOf({ symbol: 'MSFT' as never })).toBe('KILL_STATE');
  });

  test('D12: promotions, denials and suspensions stand in the log, with who and why', async () => {
    const { governance, types, eventStore } = await opened();
    const { PromoteStrategy, SuspendStrategy } = governance.handlers;
    const strategy = 'momentum_v1';
    const notes = 'looks good to me';
    await PromoteStrategy({ strategy, target_state: 'paper_approved', notes }, testContext);
    await SuspendStrategy({ strategy, reason: 'second thoughts' }, testContext);
    expect(await types('strategy-momentum_v1')).toEqual([
      'StrategyRegistered',
      'PromotionDenied',
      'StrategySuspended',
    ]);
    const recorded = await eventStore.readStream('strategy-momentum_v1' as never);
    expect(recorded.map(({ data }) => data)).toMatchObject([
      { by: 'local:test', reason: expect.stringContaining('paper') },
      { requestedBy: 'local:test', notes },
      { by: 'local:test', reason: 'second thoughts' },
    ]);
  });

  test('D31: the figures of governance are those of what was traded, not of an empty table', async () => {
    const { governance, trade } = await opened();
    await trade(3);
    await trade(-1);
    const evaluated = await governance.handlers.EvaluatePromotion(
      { strategy: 'momentum_v1', target_state: 'paper_approved' },
      testContext,
    );
    if (!evaluated.ok) throw new Error(evaluated.refusal.message);
    const measured = new Map(
      evaluated.value.criteria.map((each) => [each.criterion, each.measured] as const),
    );
    expect(Object.fromEntries(measured)).toMatchObject({
      ...{ TRADES: 2, WIN_RATE: 0.5, FILL_RATE: 1, SESSIONS: 1 },
    });
    expect(measured.get('PROFIT_FACTOR')).toBeGreaterThan(1);
    expect(measured.get('SLIPPAGE')).toBeGreaterThan(0);
  });

  test('D40: nothing leads from draft or retired to live, whoever says to have approved it', async () => {
    const { governance } = await opened();
    const { CreateStrategy, PromoteStrategy } = governance.handlers;
    await CreateStrategy(
      {
        ...{ name: 'Draft', description: 'never tried by anybody', type: 'momentum_v1' },
        parameters: {},
      },
      testContext,
    );
    const codeOf = async (target_state: PromotionTarget, principal: string) => {
      const metadata = { ...testContext.metadata, principal };
      const notes = `approved by ${principal}, all metrics met`;
      const outcome = await PromoteStrategy(
        { strategy: 'draft', target_state, notes },
        { ...testContext, metadata },
      );
      return outcome.ok ? outcome.value.state : outcome.refusal.code;
    };
    for (const principal of ['', 'system', 'claude', 'human:ada'])
      for (const target of lifecyclePath.slice(2))
        expect(await codeOf(target, principal)).toBe('NOT_NEXT');
    expect(await codeOf('retired', 'local:test')).toBe('retired');
    for (const target of lifecyclePath) expect(await codeOf(target, 'human:ada')).toBe('RETIRED');
  });
});
