import { lifecyclePath } from '@sentinel/contracts/governance';
import { sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import {
  answerOf,
  approving,
  backtestOf,
  calm,
  dayOf,
  goodEvidence,
  idOf,
  promoting,
  recordOf,
  registering,
  retiring,
  suspending,
} from '../test-evidence.ts';
import type { LifecycleCommand } from './commands.ts';
import { lifecycleDecider } from './decider.ts';
import type { Lifecycle, LifecycleEvent, LifecycleState } from './state.ts';

const decider = lifecycleDecider(sha256);

/** A strategy that has lived through these commands; `code` is what the last one was refused with. */
const after = (...commands: readonly LifecycleCommand[]) => {
  let state: LifecycleState = decider.initialState;
  let events: readonly LifecycleEvent[] = [];
  let code: string | undefined;
  for (const command of commands) {
    const outcome = decider.decide(command, state);
    code = outcome.ok ? undefined : outcome.refusal.code;
    events = outcome.ok ? outcome.value : [];
    state = events.reduce(decider.evolve, state);
  }
  return { state, events, code, types: events.map(({ type }) => type) };
};
const strategyIn = ({ state }: { readonly state: LifecycleState }): Lifecycle => {
  if (state.phase === 'unknown') throw new Error('not registered');
  return state;
};

/** As far as a state, by the whole way there. */
const upTo = (state: (typeof lifecyclePath)[number]): readonly LifecycleCommand[] => {
  const steps = lifecyclePath.slice(1, lifecyclePath.indexOf(state) + 1);
  return [
    registering(),
    { type: 'RecordBacktest', result: backtestOf(0) },
    ...steps.flatMap((target, n) =>
      target.startsWith('live')
        ? [promoting(target, n + 1), approving(n + 1)]
        : [promoting(target, n + 1)],
    ),
  ];
};

describe('the way of a strategy', () => {
  test.each(lifecyclePath)('leads to %s one step after another', (state) => {
    expect(strategyIn(after(...upTo(state))).state).toBe(state);
  });

  test.each(lifecyclePath.flatMap((from) => lifecyclePath.map((to) => [from, to] as const)))(
    'from %s leads to %s only if that is the next',
    (from, to) => {
      const next = lifecyclePath[lifecyclePath.indexOf(from) + 1];
      const { state, code } = after(...upTo(from), promoting(to, 20));
      if (to === next) expect(code).toBeUndefined();
      else expect([code, strategyIn({ state }).state]).toEqual(['NOT_NEXT', from]);
    },
  );

  test('stores what it was judged by, and freezes the parameters', () => {
    const { events, state } = after(...upTo('backtest'), promoting('backtest_approved', 9));
    const [promoted] = events;
    if (promoted?.type !== 'StrategyPromoted') throw new Error('not promoted');
    expect(promoted.data.runId).toBe(backtestOf(0).runId);
    expect(promoted.data.criteria.map(({ criterion }) => criterion)).toEqual([
      ...['CONFIGURATION', 'SESSIONS', 'TRADES', 'WIN_RATE', 'PROFIT_FACTOR', 'MAX_DRAWDOWN'],
      ...['SHARPE', 'EXPECTANCY', 'EXPECTANCY_FLOOR', 'DEFLATED_SHARPE'],
    ]);
    expect(strategyIn({ state }).frozen).toBe(promoted.data.configurationDigest);
  });

  test('is not gone on without evidence, and the denial is recorded with every criterion', () => {
    const weak = { ...goodEvidence, record: recordOf({ sessions: 3, calendarDays: 5 }) };
    const { types, events, state } = after(
      ...upTo('paper'),
      promoting('paper_approved', 9, { evidence: weak }),
    );
    expect(types).toEqual(['PromotionDenied']);
    const [denied] = events;
    if (denied?.type !== 'PromotionDenied') throw new Error('not denied');
    const unmet = denied.data.criteria.flatMap(({ criterion, met }) => (met ? [] : [criterion]));
    expect(unmet).toEqual(['SESSIONS', 'CALENDAR_DAYS']);
    expect(strategyIn({ state }).state).toBe('paper');
  });

  test('needs backtests of this very configuration', () => {
    const other = backtestOf(1, { configurationDigest: sha256('other') });
    const recorded = after(registering(), { type: 'RecordBacktest', result: other });
    expect(recorded.code).toBe('OTHER_CONFIGURATION');
    const none = after(registering(), promoting('research', 1), promoting('backtest', 2));
    expect(none.types).toEqual(['PromotionDenied']);
  });

  test('asks for a new backtest when the approval of the old one is half a year old', () => {
    expect(after(...upTo('backtest_approved'), promoting('paper', 180)).types).toEqual([
      'StrategyPromoted',
    ]);
    expect(after(...upTo('backtest_approved'), promoting('paper', 190)).types).toEqual([
      'PromotionDenied',
    ]);
  });
});

describe('a human', () => {
  const asked = [...upTo('paper_approved'), promoting('live', 9)];

  test('is asked before a strategy goes live, and nothing changes until then', () => {
    const { types, state } = after(...asked);
    expect([types, strategyIn({ state }).state]).toEqual([
      ['PromotionRequested'],
      'paper_approved',
    ]);
    expect(after(...asked, promoting('live', 9)).types).toEqual([]);
    expect(after(...asked, approving(9)).types).toEqual(['ApprovalGranted', 'StrategyPromoted']);
  });

  test.each([
    ['a program', answerOf(9, 'local:root'), 'HUMAN_REQUIRED'],
    ['a model', answerOf(9, 'claude'), 'HUMAN_REQUIRED'],
    ['nobody', answerOf(9, ''), 'HUMAN_REQUIRED'],
    ['a human without a name', answerOf(9, 'human:'), 'HUMAN_REQUIRED'],
    ['somebody too late', { ...answerOf(9, 'human:ada'), at: dayOf(10) }, 'REQUEST_EXPIRED'],
    ['an answer to another request', answerOf(1, 'human:ada'), 'UNKNOWN_REQUEST'],
  ])('is not %s', (_, answer, code) => {
    const { code: refused, state } = after(...asked, approving(9, { answer }));
    expect([refused, strategyIn({ state }).state]).toEqual([code, 'paper_approved']);
  });

  test('does not approve what that human asked for', () => {
    const own = [...upTo('paper_approved'), promoting('live', 9, { requestedBy: 'human:ada' })];
    expect(after(...own, approving(9)).code).toBe('SAME_PRINCIPAL');
    expect(after(...own, approving(9, { answer: answerOf(9, 'human:bob') })).types).toEqual([
      'ApprovalGranted',
      'StrategyPromoted',
    ]);
  });

  test('does not approve what the same person asked for by another way in', () => {
    const own = [...upTo('paper_approved'), promoting('live', 9, { requestedBy: 'local:Ada' })];
    expect(after(...own, approving(9)).code).toBe('SAME_PRINCIPAL');
    const decline = { type: 'Decline', answer: answerOf(9, 'human:ada') } as const;
    expect(after(...own, decline).code).toBe('SAME_PRINCIPAL');
  });

  test('records of a yes exactly which request it was given to', () => {
    const answer = answerOf(9);
    const { events, types } = after(...asked, approving(9, { answer }));
    expect(types).toEqual(['ApprovalGranted', 'StrategyPromoted']);
    expect(events[0]?.data).toEqual(answer);
  });

  test('declines, which ends the request and moves nothing, once', () => {
    const decline = { type: 'Decline', answer: answerOf(9) } as const;
    const { types, state } = after(...asked, decline);
    expect([types, strategyIn({ state }).state]).toEqual([['ApprovalDeclined'], 'paper_approved']);
    expect(strategyIn({ state }).requests.size).toBe(0);
    expect(after(...asked, decline, approving(9)).code).toBe('UNKNOWN_REQUEST');
    expect(after(...asked, decline, decline).code).toBe('UNKNOWN_REQUEST');
    expect(after(...asked, approving(9), decline).code).toBe('UNKNOWN_REQUEST');
    expect(after(...asked, { type: 'Decline', answer: answerOf(10) }).code).toBe('UNKNOWN_REQUEST');
  });

  test('approves what still holds: it is judged again', () => {
    const drift = {
      ...calm,
      level: 'warn' as const,
      signals: [
        { code: 'LOSING_STREAK' as const, measured: 5, limit: 4, unit: 'losses', drifting: true },
      ],
    };
    const { types, state } = after(
      ...asked,
      approving(9, { evidence: { ...goodEvidence, drift } }),
    );
    expect([types, strategyIn({ state }).state]).toEqual([
      ['ApprovalGranted', 'PromotionDenied'],
      'paper_approved',
    ]);
  });

  test('cannot approve once more, nor what a suspension has ended', () => {
    expect(after(...asked, approving(9), approving(9)).code).toBe('UNKNOWN_REQUEST');
    expect(after(...asked, suspending(9), approving(9)).code).toBe('UNKNOWN_REQUEST');
  });

  test('who does not answer lets the request expire', () => {
    const at = (wall: Temporal.Instant) => ({ type: 'ExpireRequests', wall }) as const;
    expect(after(...asked, at(dayOf(9))).types).toEqual([]);
    expect(after(...asked, at(dayOf(10))).types).toEqual(['PromotionRequestExpired']);
    expect(after(...asked, at(dayOf(10)), at(dayOf(10))).types).toEqual([]);
  });
});

describe('a suspension', () => {
  test.each(lifecyclePath)('of %s ends where it began, by a human alone', (state) => {
    const suspended = [...upTo(state), suspending(30)];
    expect(strategyIn(after(...suspended))).toMatchObject({ state: 'suspended', before: state });
    expect(after(...suspended, suspending(31)).types).toEqual([]);
    for (const other of lifecyclePath.filter((each) => each !== state))
      expect(after(...suspended, promoting(other, 31)).code).toBe('NOT_NEXT');
    expect(after(...suspended, promoting(state, 31)).types).toEqual(['PromotionRequested']);
    const back = strategyIn(after(...suspended, promoting(state, 31), approving(31)));
    expect(back).toMatchObject({ state, before: null, haltId: null });
    expect(back.reinstated).toMatchObject({ haltId: idOf(0x300 + 30), releasedBy: 'human:ada' });
  });

  test('does not make the clock of a state begin again', () => {
    const { entered } = strategyIn(
      after(...upTo('paper'), suspending(30), promoting('paper', 31), approving(31)),
    );
    expect(entered.get('paper')).toEqual(dayOf(4));
  });
});

describe('retirement', () => {
  test.each([...lifecyclePath])('from %s is final', (state) => {
    const retired = [...upTo(state), retiring(30)];
    expect(strategyIn(after(...retired)).state).toBe('retired');
    for (const target of lifecyclePath)
      expect(after(...retired, promoting(target, 31)).code).toBe('RETIRED');
    expect(after(...retired, suspending(31)).types).toEqual([]);
    expect(after(...retired, retiring(31)).types).toEqual([]);
    expect(after(...retired, { type: 'RecordBacktest', result: backtestOf(5) }).code).toBe(
      'RETIRED',
    );
  });

  test('of a suspended strategy leaves the halt that stands', () => {
    const { state } = after(...upTo('paper'), suspending(30), retiring(31));
    expect(strategyIn({ state })).toMatchObject({ state: 'retired', haltId: idOf(0x300 + 30) });
  });
});

describe('a registration', () => {
  test('is repeated without effect, and never becomes another strategy', () => {
    expect(after(registering(), registering()).types).toEqual([]);
    expect(after(registering(), registering({ parameters: { breakoutBars: 5 } })).code).toBe(
      'STRATEGY_EXISTS',
    );
    expect(after(promoting('research', 1)).code).toBe('UNKNOWN_STRATEGY');
  });

  test('whose rule this program does not know can go nowhere', () => {
    const strange = registering({ type: 'oracle_v1', policyVersion: 'oracle-1' });
    expect(after(strange, promoting('research', 1)).types).toEqual(['PromotionDenied']);
  });
});
