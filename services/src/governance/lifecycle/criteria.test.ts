import type { Criterion } from '@sentinel/contracts/governance';
import { money } from '@sentinel/contracts/kernel';
import { sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { backtestOf, calm, dayOf, goodEvidence, recordOf, registering } from '../test-evidence.ts';
import { criteriaOf } from './criteria.ts';
import { lifecycleDecider } from './decider.ts';
import type { Lifecycle, LifecycleState } from './state.ts';

const decider = lifecycleDecider(sha256);

const strategy = (over: Partial<Lifecycle> = {}): Lifecycle => {
  const registered = decider.decide(registering(), decider.initialState);
  if (!registered.ok) throw new Error('not registered');
  const state = registered.value.reduce<LifecycleState>(decider.evolve, decider.initialState);
  if (state.phase === 'unknown') throw new Error('not registered');
  return { ...state, ...over };
};

const unmet = (criteria: readonly Criterion[]) =>
  criteria.flatMap(({ criterion, met }) => (met ? [] : [criterion]));
const at = dayOf(60);
const onPaper = (record: Parameters<typeof recordOf>[0]) =>
  unmet(
    criteriaOf(strategy({ state: 'paper' }), 'paper_approved', {
      evidence: { ...goodEvidence, record: recordOf(record) },
      at,
    }),
  );
const good = recordOf().trades;

describe('a paper record', () => {
  test.each([
    ['everything', {}, []],
    ['19 trades', { trades: { ...good, count: 19, rCount: 19, wins: 10 } }, ['TRADES']],
    ['25 of 60 won', { trades: { ...good, wins: 25 } }, ['WIN_RATE']],
    [
      'a profit of 1.29 for each dollar lost',
      { trades: { ...good, grossProfit: money.of('5160') } },
      ['PROFIT_FACTOR'],
    ],
    ['a fall by more than a tenth', { maxDrawdown: 0.101 }, ['MAX_DRAWDOWN']],
    [
      'one loss of more than two per cent',
      { trades: { ...good, worstLoss: 0.0201 } },
      ['WORST_LOSS'],
    ],
    [
      'a Sharpe ratio of 0.69',
      { returns: { ...recordOf().returns, mean: (0.69 / Math.sqrt(252)) * 0.006 } },
      ['SHARPE'],
    ],
    ['a mean R of 0.19', { trades: { ...good, meanR: 0.19, stdevR: 0.1 } }, ['EXPECTANCY']],
    ['a mean R that may well be luck', { trades: { ...good, stdevR: 4 } }, ['EXPECTANCY_FLOOR']],
    ['slippage of 16 basis points', { trades: { ...good, slippageBps: 16 } }, ['SLIPPAGE']],
    ['fills of 84 %', { trades: { ...good, fillRate: 0.84 } }, ['FILL_RATE']],
    ['nine sessions', { sessions: 9 }, ['SESSIONS']],
    ['29 days', { calendarDays: 29 }, ['CALENDAR_DAYS']],
    [
      'a trade without an R',
      { trades: { ...good, rCount: 59 } },
      ['EXPECTANCY', 'EXPECTANCY_FLOOR'],
    ],
  ])('with %s lacks what that says', (_, record, lacking) => {
    expect(onPaper(record)).toEqual(lacking);
  });

  test('that holds nothing measures nothing, and meets nothing', () => {
    const nothing = {
      ...{ count: 0, wins: 0, grossProfit: money.zero, grossLoss: money.zero, rCount: 0 },
      ...{ meanR: null, stdevR: null, worstLoss: 0, slippageBps: null, fillRate: null },
    };
    const returns = { days: 0, mean: 0, stdev: 0, skewness: 0, kurtosis: 3 };
    expect(onPaper({ trades: nothing, returns, maxDrawdown: 0 })).toEqual([
      ...['TRADES', 'WIN_RATE', 'PROFIT_FACTOR', 'SHARPE', 'EXPECTANCY', 'EXPECTANCY_FLOOR'],
      ...['SLIPPAGE', 'FILL_RATE'],
    ]);
  });

  test('that could not be had meets nothing but that the parameters are frozen', () => {
    const criteria = criteriaOf(strategy({ state: 'paper' }), 'paper_approved', {
      evidence: { ...goodEvidence, record: null },
      at,
    });
    expect(criteria.filter(({ met }) => met).map(({ criterion }) => criterion)).toEqual([
      'CONFIGURATION',
    ]);
  });
});

describe('a backtest', () => {
  const judged = (trials: number, over: Parameters<typeof backtestOf>[1] = {}) => {
    const backtest = backtestOf(1, over);
    const state = strategy({ state: 'backtest', backtests: [backtest], trials: backtest.trials });
    return criteriaOf(state, 'backtest_approved', {
      evidence: { ...goodEvidence, tried: { trials, variance: null } },
      at,
    });
  };

  test('counts less the more was tried, in this strategy and in others of its type', () => {
    const deflated = (criteria: readonly Criterion[]) =>
      criteria.find(({ criterion }) => criterion === 'DEFLATED_SHARPE')?.measured ?? Number.NaN;
    expect(unmet(judged(0))).toEqual([]);
    expect(deflated(judged(10))).toBeLessThan(deflated(judged(0)));
    expect(deflated(judged(0, { trials: 11 }))).toBe(deflated(judged(10)));
    expect(unmet(judged(1_000_000))).toEqual(['DEFLATED_SHARPE']);
  });

  test('of under a year of sessions is too short, and one of other parameters is none', () => {
    const returns = { ...backtestOf(1).returns, days: 251 };
    expect(unmet(judged(0, { returns }))).toEqual(['SESSIONS']);
    const other = judged(0, { configurationDigest: sha256('other') });
    expect(other.filter(({ met }) => met).map(({ criterion }) => criterion)).toEqual([
      'CONFIGURATION',
    ]);
  });
});

describe('every promotion', () => {
  test('asks for the configuration that was frozen', () => {
    const frozen = strategy({ frozen: sha256('other') });
    expect(unmet(criteriaOf(frozen, 'research', { evidence: goodEvidence, at }))).toEqual([
      'CONFIGURATION',
    ]);
  });

  test('to live asks for a recent approval of paper and for no sign of drift', () => {
    const live = (over: Partial<Lifecycle>, drift = calm) =>
      unmet(
        criteriaOf(
          strategy({
            state: 'paper_approved',
            entered: new Map([['paper_approved', dayOf(0)]]),
            ...over,
          }),
          'live',
          { evidence: { ...goodEvidence, drift }, at },
        ),
      );
    expect(live({})).toEqual([]);
    expect(live({ entered: new Map() })).toEqual(['EVIDENCE_AGE']);
    expect(live({}, { ...calm, level: 'insufficient' })).toEqual(['DRIFT']);
  });
});
