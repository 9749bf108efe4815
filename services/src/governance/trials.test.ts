import { readFileSync } from 'node:fs';
import { backtestEvents } from '@sentinel/contracts/backtest';
import {
  decodeEvent,
  type EventId,
  type EventOf,
  encodeEvent,
  type Json,
  type Outcome,
  streamName,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import { testContext, testDigest, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { configurationDigest, strategies } from '../strategy/index.ts';
import { backtestOf, idOf } from './test-evidence.ts';
import { governedDesk } from './test-governed-desk.ts';

const took = <Value>(outcome: Outcome<Value>): Value => {
  if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  return outcome.value;
};

type RunEvent = EventOf<typeof backtestEvents>;

/** What the corpus holds of an event. */
const sample = (type: 'BacktestRecorded' | 'WalkForwardRecorded'): RunEvent => {
  const file = new URL(`../../../contracts/corpus/${type}.v1.json`, import.meta.url);
  const data = JSON.parse(readFileSync(file, 'utf8')) as Json;
  return decodeEvent(backtestEvents, { id: idOf(0) as EventId, type, schemaVersion: 1, data });
};

const parameters = { ...strategies.momentum_v1.parameters, breakoutBars: 10 };
const digest = configurationDigest({ ...strategies.momentum_v1, parameters }, testDigest);
const moments = { days: 260, stdev: 0.006, skewness: -0.4, kurtosis: 4.5 };
/** A Sharpe ratio of 0.2 a day. */
const own = {
  ...{ strategyId: 'ours', configurationDigest: digest },
  returns: { ...moments, mean: 0.0012 },
};

/** A strategy in state `backtest` with one backtest of its own, and a sibling of other parameters. */
const opened = async () => {
  const desk = governedDesk(memoryEventStore({ now: () => tuesdayNoon }));
  await desk.open();
  const { handlers, recordBacktest } = desk.governance;
  const keep = (n: number, event: RunEvent) =>
    desk.eventStore.appendToStream(
      streamName('backtest', `${n}`),
      [
        {
          ...{ id: idOf(0x9000 + n) as EventId, metadata: testContext.metadata },
          ...encodeEvent(backtestEvents, event),
        },
      ],
      'any',
    );
  const ran = async (n: number, rest: Parameters<typeof backtestOf>[1]) => {
    const event = sample('BacktestRecorded');
    if (event.type !== 'BacktestRecorded') throw new Error('another sample');
    await keep(n, { ...event, data: { ...event.data, result: backtestOf(n, rest) } });
  };
  const walked = async (n: number, strategyId: string, trials: number) => {
    const event = sample('WalkForwardRecorded');
    if (event.type !== 'WalkForwardRecorded') throw new Error('another sample');
    const { runId } = backtestOf(n);
    await keep(n, { ...event, data: { ...event.data, runId, strategyId, trials } });
  };
  for (const [name, breakoutBars] of [['Ours', 10] as const, ['Sibling', 5] as const])
    took(
      await handlers.CreateStrategy(
        {
          ...{ name, description: 'Buys a breakout of some bars.', type: 'momentum_v1' },
          parameters: { breakoutBars },
        },
        testContext,
      ),
    );
  await ran(1, own);
  took(await recordBacktest(backtestOf(1, own), testContext.metadata));
  for (const target_state of ['research', 'backtest'] as const)
    took(
      await handlers.PromoteStrategy(
        { strategy: 'ours', target_state, notes: 'the evidence is in' },
        testContext,
      ),
    );
  const deflated = async () => {
    const asked = { strategy: 'ours', target_state: 'backtest_approved' } as const;
    const { criteria } = took(await handlers.EvaluatePromotion(asked, testContext));
    const found = criteria.find(({ criterion }) => criterion === 'DEFLATED_SHARPE');
    return [Number(found?.unit.match(/(\d+) trials/)?.[1]), found?.measured, found?.met];
  };
  return { ...desk, ran, walked, deflated, recordBacktest };
};

/**
 * The probabilities were reckoned by the formulas of the paper (Bailey and López de Prado 2014) with the
 * normal distribution of Python's standard library, which shares nothing with this program.
 */
test('whatever was tried of a type counts as a trial, by what the log alone tells', async () => {
  const { ran, walked, deflated, recordBacktest } = await opened();
  // Its own backtest stands in two streams and is one trial.
  expect(await deflated()).toEqual([1, 0.998_849, true]);
  // Other parameters under the strategy's name: no evidence of it, and a trial with a Sharpe ratio of −0.05.
  const others = { strategyId: 'ours', configurationDigest: testDigest('other') };
  await ran(2, { ...others, returns: { ...moments, mean: -0.0003 } });
  expect(await deflated()).toEqual([2, 0.950_308, true]);
  await walked(3, 'ours', 8);
  expect(await deflated()).toEqual([10, 0.116_207, false]);
  // Of a sibling, and of the type itself under the name that the house gives it.
  await walked(4, 'sibling', 30);
  await walked(5, 'momentum_v1', 10);
  expect(await deflated()).toEqual([50, 0.001_019, false]);
  // Another type is another family.
  await walked(6, 'atr_swing_v1', 1_000);
  expect((await deflated())[0]).toBe(50);
  // What stands in a sibling's own stream alone counts as well, and not twice.
  const siblings = configurationDigest(
    { ...strategies.momentum_v1, parameters: { ...parameters, breakoutBars: 5 } },
    testDigest,
  );
  const kept = backtestOf(7, { strategyId: 'sibling', configurationDigest: siblings, trials: 40 });
  took(await recordBacktest(kept, testContext.metadata));
  expect((await deflated())[0]).toBe(60);
});
