import type { InputOf, OutputOf } from '@sentinel/contracts';
import { type ApprovalRequestId, type Outcome, streamName } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { testContext, testDigest, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { configurationDigest, strategies } from '../strategy/index.ts';
import { backtestOf } from './test-evidence.ts';
import { governedDesk } from './test-governed-desk.ts';

const human = (name: string) => ({ ...testContext.metadata, principal: `human:${name}` });
const parameters = { ...strategies.momentum_v1.parameters, breakoutBars: 10 };
const digest = configurationDigest({ ...strategies.momentum_v1, parameters }, testDigest);
const strategy = 'fast_momentum';

const opened = async () => {
  const desk = governedDesk(memoryEventStore({ now: () => tuesdayNoon }));
  await desk.open();
  const { handlers, recordBacktest } = desk.governance;
  const create = (over: Partial<InputOf<'CreateStrategy'>> = {}) =>
    handlers.CreateStrategy(
      {
        ...{ name: 'Fast momentum', description: 'Buys a breakout of ten bars.' },
        ...{ type: 'momentum_v1', parameters: { breakoutBars: 10 }, ...over },
      },
      testContext,
    );
  const promote = (
    target_state: InputOf<'PromoteStrategy'>['target_state'],
    context = testContext,
  ) => handlers.PromoteStrategy({ strategy, target_state, notes: 'the evidence is in' }, context);
  const evaluate = (target_state: InputOf<'EvaluatePromotion'>['target_state']) =>
    handlers.EvaluatePromotion({ strategy, target_state }, testContext);
  const backtest = (n: number) =>
    recordBacktest(
      backtestOf(n, { strategyId: strategy, configurationDigest: digest }),
      testContext.metadata,
    );
  /** A month and a half of paper trading that went well, then one trade a day and a half. */
  const tradeWell = async (count: number) => {
    for (let n = 0; n < count; n++) {
      await desk.trade(n % 3 === 2 ? -1 : 3, { strategy_id: strategy });
      desk.still.wait({ hours: 36 });
    }
  };
  return { ...desk, create, promote, evaluate, backtest, tradeWell };
};

const took = <Value>(outcome: Outcome<Value>): Value => {
  if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  return outcome.value;
};
const unmet = ({ criteria }: OutputOf<'EvaluatePromotion'>) =>
  criteria.flatMap(({ criterion, met }) => (met ? [] : [criterion]));

describe('a strategy of parameters of its own', () => {
  test('goes from draft to live by what is recorded, and by another human', async () => {
    const house = await opened();
    const { create, promote, evaluate, backtest, tradeWell, governance, still } = house;
    expect(took(await create())).toMatchObject({
      ...{ strategy, state: 'draft', timeframe: '1Day', next_state: 'research' },
      parameters: { breakoutBars: 10, leastRsi: 55 },
    });
    took(await promote('research'));
    expect(await promote('backtest')).toMatchObject({
      ok: false,
      refusal: {
        code: 'CRITERIA_NOT_MET',
        message: 'Not met: BACKTESTS 0 (>= 1 backtests of it).',
      },
    });
    took(await backtest(1));
    took(await promote('backtest'));
    took(await promote('backtest_approved'));
    expect(took(await promote('paper'))).toMatchObject({ status: 'promoted', state: 'paper' });
    expect(unmet(took(await evaluate('paper_approved')))).toContain('TRADES');
    await tradeWell(24);
    const evaluated = took(await evaluate('paper_approved'));
    expect(unmet(evaluated)).toEqual([]);
    expect(evaluated).toMatchObject({ ready: true, needs_human: false });
    took(await promote('paper_approved'));
    const asked = took(await promote('live', { ...testContext, metadata: human('ada') }));
    expect(asked).toMatchObject({ status: 'approval_required', state: 'paper_approved' });
    const requestId = asked.request_id ?? '';
    const pending = await house.approvals.find(requestId);
    expect(pending).toMatchObject({
      kind: 'promotion',
      title: `Promote strategy ${strategy} from paper_approved to live`,
    });
    const approve = (name: string, named = pending?.digest ?? '') =>
      governance.handlers.ApproveRequest(
        { request_id: requestId as ApprovalRequestId, digest: named },
        { ...testContext, metadata: human(name) },
      );
    expect(await approve('bob', 'f'.repeat(64))).toMatchObject({
      refusal: { code: 'REQUEST_CHANGED' },
    });
    expect(await approve('ada')).toMatchObject({ refusal: { code: 'SAME_PRINCIPAL' } });
    expect(await approve('bob')).toMatchObject({ ok: true });
    expect(await approve('bob')).toMatchObject({ refusal: { code: 'UNKNOWN_REQUEST' } });
    still.wait({ hours: 1 });
    const types = await house.types(`strategy-${strategy}`);
    expect(types.slice(-2)).toEqual(['ApprovalGranted', 'StrategyPromoted']);
    const granted = (await house.eventStore.readStream(streamName('strategy', strategy))).at(-2);
    expect(granted?.data).toMatchObject({
      ...{ requestId, requestDigest: pending?.digest },
      by: { principal: 'human:bob', identifiedBy: 'call', through: 'tool' },
    });
    expect(types).not.toContain('PromotionRequestExpired');
  }, 60_000);

  test('whose request nobody answers for a day has to ask again', async () => {
    const { create, promote, backtest, tradeWell, approvals, still } = await opened();
    took(await create());
    for (const target of ['research', 'backtest', 'backtest_approved', 'paper'] as const) {
      if (target === 'backtest') took(await backtest(1));
      took(await promote(target));
    }
    await tradeWell(24);
    took(await promote('paper_approved'));
    const { request_id } = took(await promote('live'));
    const again = took(await promote('live'));
    expect(again).toMatchObject({ request_id, event_id: null });
    still.wait({ hours: 25 });
    expect(await approvals.find(request_id ?? '')).toBeUndefined();
    expect(took(await promote('live')).request_id).not.toBe(request_id);
  }, 60_000);

  test('counts the backtests of its siblings as trials', async () => {
    const { create, evaluate, promote, backtest, governance } = await opened();
    took(await create());
    took(await backtest(1));
    took(await promote('research'));
    took(await promote('backtest'));
    const deflated = async () =>
      took(await evaluate('backtest_approved')).criteria.find(
        ({ criterion }) => criterion === 'DEFLATED_SHARPE',
      );
    const before = await deflated();
    took(await create({ name: 'Faster momentum', parameters: { breakoutBars: 5 } }));
    const faster = configurationDigest(
      { ...strategies.momentum_v1, parameters: { ...parameters, breakoutBars: 5 } },
      testDigest,
    );
    const tried = backtestOf(2, {
      ...{ strategyId: 'faster_momentum', configurationDigest: faster, trials: 40 },
    });
    took(await governance.recordBacktest(tried, testContext.metadata));
    const after = await deflated();
    expect(before?.unit).toContain('1 trials');
    expect(after?.unit).toContain('41 trials');
    expect(after?.measured ?? 1).toBeLessThan(before?.measured ?? 0);
  });
});

describe('creating a strategy', () => {
  test.each([
    ['an unknown type', { type: 'momentum_v2' }, 'UNKNOWN_TYPE', 'did you mean momentum_v1'],
    [
      'parameters that are none or too large, all at once',
      { parameters: { breakoutBar: 10, leastRsi: 500, maxHoldBars: 1.5 } },
      'INVALID_ARGUMENT',
      'did you mean breakoutBars?); leastRsi is 500 and must be from 0 to 100; maxHoldBars',
    ],
    ['a name without letters', { name: '***' }, 'INVALID_ARGUMENT', 'No id'],
    [
      'a name that another one has',
      { name: 'fast  MOMENTUM', parameters: {} },
      'STRATEGY_EXISTS',
      'fast_momentum',
    ],
  ])('with %s is refused, with the way out', async (_, over, code, words) => {
    const { create } = await opened();
    took(await create());
    const refused = await create(over);
    expect(refused).toMatchObject({ ok: false, refusal: { code } });
    expect(refused.ok ? '' : refused.refusal.message).toContain(words);
  });

  test('once more by the same words changes nothing', async () => {
    const house = await opened();
    const first = took(await house.create());
    expect(took(await house.create())).toMatchObject({ strategy: first.strategy });
    expect(await house.types(`strategy-${strategy}`)).toEqual(['StrategyRegistered']);
  });
});

describe('a program', () => {
  test('approves nothing, whatever it is called', async () => {
    const { governance } = await opened();
    for (const principal of ['local:root', 'claude', 'system', 'agent:human:ada', ''])
      expect(
        await governance.handlers.ApproveRequest(
          { request_id: '01890000-0000-7000-8000-000000000001' as never, digest: 'f'.repeat(64) },
          { ...testContext, metadata: { ...testContext.metadata, principal } },
        ),
      ).toMatchObject({ ok: false, refusal: { code: 'HUMAN_REQUIRED' } });
  });
});
