import {
  type BacktestId,
  type EventId,
  money,
  price,
  quantity,
  type StreamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type {
  ActionsWanted,
  BarSeries,
  CorporateAction,
  MarketData,
  Ticker,
} from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replaySession } from '../audit/index.ts';
import { type Session, type SessionEvent, sessionDecider } from '../execution/index.ts';
import { testDigest } from '../execution/test-kit/test-desk.ts';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { limitsWith, marginLimits } from '../risk/fixtures.ts';
import { strategies } from '../strategy/index.ts';
import { backtestTask } from './backtest-task.ts';
import { gatherBars } from './gather-bars.ts';
import { liveThrough } from './live.ts';
import { runBacktest } from './run.ts';
import type { Finder, TestedSymbol } from './setup.ts';
import { inSharesOf } from './shares-of-day.ts';
import { calendar, dailyBars, setupWith, testedSymbol, tradeAt, walk } from './test-bars.ts';
import { momentsOf } from './timeline.ts';
import { walkForwardTask } from './walk-forward.ts';

type Row = readonly [open: number, high: number, low: number, close: number, volume?: number];

const aaa = 'AAA' as Ticker;
const on = (exDate: string): CorporateAction => ({
  ...{ symbol: aaa, exDate: exDate as TradingDate, split: null, dividend: null },
});
const split = (exDate: string, newShares: number, oldShares = 1): CorporateAction => ({
  ...on(exDate),
  split: { newShares, oldShares },
});
const pays = (exDate: string, dollars: string): CorporateAction => ({
  ...on(exDate),
  dividend: price.of(dollars),
});
const calm = (about: number): Row => [about, about * 1.005, about * 0.995, about];
const days = (count: number, about: number): readonly Row[] =>
  Array.from({ length: count }, () => calm(about));

/** Of the sessions from 2016-01-04 on, the one by whose close a trade is decided: it trades on March 2. */
const decided = 39;
const once =
  (side: 'buy' | 'sell_short', seen: number[] = []): Finder =>
  (tested, last) => {
    seen.push(tested.bars.close[last] as number);
    return last === decided ? tradeAt(tested, last, { side, away: 5, maxHoldBars: 50 }) : undefined;
  };

const eventsOf = (find: Finder, symbols: readonly TestedSymbol[]) => {
  const make = setupWith(() => find);
  const live = liveThrough(make(symbols));
  for (const moment of momentsOf(symbols, calendar)) {
    live.decide(moment);
    live.meet(moment);
  }
  live.close();
  return { kept: live.events(), session: live.session(), make };
};

const lived = (rows: readonly Row[], actions: readonly CorporateAction[], find = once('buy')) => {
  const symbols = [testedSymbol(dailyBars(rows), decided, actions)];
  const { kept, session, make } = eventsOf(find, symbols);
  const of = <Type extends SessionEvent['type']>(type: Type) =>
    kept.flatMap(({ event }) =>
      event.type === type
        ? [event.data as Extract<SessionEvent, { readonly type: Type }>['data']]
        : [],
    );
  const run = runBacktest(make(symbols), { refind: make, progress: () => undefined });
  return { of, run, session };
};

describe('a split of 2:1 while a position is held, with its stop and its target working', () => {
  /** As a market tells it afterwards: all in the shares of the end. A hundred dollars were paid before. */
  const rows = [...days(42, 50), [50, 50.2, 47, 47.2] as Row, ...days(2, 47)];
  const seen: number[] = [];
  const { of, run, session } = lived(rows, [split('2016-03-04', 2)], once('buy', seen));

  test('doubles the shares, halves the terms, and stops out where half the old stop stands', () => {
    const [bought, sold] = of('OrderFilled');
    expect(price.toFloat(bought?.lastPrice as never)).toBeGreaterThanOrEqual(100);
    const [applied] = of('CorporateActionApplied');
    const shares = bought?.position?.quantity ?? 0n;
    expect(shares).toBeGreaterThan(0n);
    expect(applied?.position?.quantity).toBe(shares * 2n);
    expect(applied?.position?.cost).toBe(bought?.position?.cost);
    expect(of('OrderReplaced').map(({ intent }) => [intent.triggerPrice, intent.quantity])).toEqual(
      expect.arrayContaining([[price.of('47.5'), shares * 2n]]),
    );
    expect(of('OrderReplaced').map(({ intent }) => intent.limitPrice)).toContain(price.of('55'));
    expect(sold?.lastQuantity).toBe(shares * 2n);
    expect(price.toFloat(sold?.lastPrice as never)).toBeCloseTo(47.5, 1);
    expect(session.positions.size).toBe(0);
  });

  test('is no gain and no loss: the trade has lost what its stop says', () => {
    const [trade] = run.trades;
    const shares = quantity.toFloat(trade?.shares as never);
    expect(shares).toBe(2 * quantity.toFloat(of('OrderFilled')[0]?.lastQuantity as never));
    expect(price.toFloat(trade?.entry as never)).toBeCloseTo(50, 1);
    expect(Number(trade?.pnl) / Number(trade?.risk)).toBeCloseTo(-1, 1);
    expect(money.subtract(run.finalEquity, money.of('100000'))).toBe(trade?.pnl);
    expect(Math.abs(run.figures.benchmark.totalReturn - (47 / 50 - 1))).toBeLessThan(0.001);
  });

  test('shows a strategy every bar in the shares of the day', () => {
    expect(new Set(seen.slice(0, 2))).toEqual(new Set([100]));
    expect(seen.at(-1)).toBe(47);
    expect(run.lookAhead.result).toBe('equal');
  });
});

describe('a dividend while shares are sold short', () => {
  const gained = (actions: readonly CorporateAction[]) => {
    const rows = [...days(42, 100), ...days(17, 98)];
    return lived(rows, actions, once('sell_short'));
  };

  test.each([
    ['on a session’s date', '2016-03-04', '2016-03-04'],
    ['on a holiday, for the session after it', '2016-03-25', '2016-03-28'],
  ])('with its ex-date %s is paid by who is short at the close before', (_, exDate, session) => {
    const paying = gained([pays(exDate, '2')]);
    const free = gained([]);
    const [applied, ...more] = paying.of('CorporateActionApplied');
    expect(more).toEqual([]);
    expect(`${applied?.at}`.slice(0, 10)).toBe(session);
    const shares = applied?.position?.quantity ?? 0n;
    expect(shares).toBeLessThan(0n);
    const cost = money.subtract(free.run.finalEquity, paying.run.finalEquity);
    expect(cost).toBe((-shares * price.of('2')) / 10n ** 9n);
    expect(paying.run.lookAhead.result).toBe('equal');
  });

  test('is nothing to who sells on the ex-date itself', () => {
    expect(gained([pays('2016-03-02', '2')]).of('CorporateActionApplied')).toEqual([]);
  });

  test('lies in what holding the shares would have gained', () => {
    const total = (actions: readonly CorporateAction[]) =>
      gained(actions).run.figures.benchmark.totalReturn;
    // From 98 a share after the fall: the payment is of the day's return.
    expect(total([pays('2016-03-04', '2')])).toBeCloseTo(0, 6);
    expect(total([])).toBeCloseTo(-0.02, 6);
  });

  test('is no more in the price by which the next decision is made', () => {
    const quoted = (actions: readonly CorporateAction[]) => {
      const sells: Finder = (tested, last) =>
        last === 41 ? tradeAt(tested, last, { side: 'buy', away: 20, maxHoldBars: 5 }) : undefined;
      return lived(days(45, 100), actions, sells).of('RiskAssessed')[0]?.facts.quote?.last;
    };
    expect(quoted([])).toBe(price.of('100'));
    expect(quoted([pays('2016-03-04', '2')])).toBe(price.of('98'));
    // A day on which the payment was already in the close takes nothing off again.
    expect(quoted([pays('2016-03-03', '2')])).toBe(price.of('100'));
  });
});

const anyRun = fc.record({
  seed: fc.nat(10_000),
  splits: fc.uniqueArray(fc.integer({ min: 12, max: 27 }), { minLength: 1, maxLength: 2 }),
  ratio: fc.constantFrom([2, 1], [3, 2], [1, 10], [7, 1] as const),
  paid: fc.uniqueArray(fc.integer({ min: 10, max: 29 }), { minLength: 2, maxLength: 5 }),
});

test('any run over splits and dividends gains what its trades gain, replays as equal and knows no future', () => {
  let applied = 0;
  fc.assert(
    fc.property(anyRun, ({ seed, splits, ratio: [fresh = 1, old = 1], paid }) => {
      const actions = [
        ...splits.map((day) => split(`2016-03-${day}`, fresh, old)),
        ...paid.map((day) => pays(`2016-03-${day}`, '0.37')),
      ].sort((a, b) => (a.exDate < b.exDate ? -1 : 1));
      const find: Finder = (tested, last) => {
        const close = tested.bars.close[last] as number;
        const side = last % 6 === 0 ? 'buy' : 'sell_short';
        return last % 3 === 0
          ? tradeAt(tested, last, { side, away: close / 30, maxHoldBars: 6 })
          : undefined;
      };
      const symbols = [testedSymbol(dailyBars(walk(90, seed)), 30, actions)];
      const { kept, session, make } = eventsOf(find, symbols);
      const run = runBacktest(make(symbols), { refind: make, progress: () => undefined });
      applied += kept.filter(({ event }) => event.type === 'CorporateActionApplied').length;
      if (session.positions.size === 0)
        expect(money.subtract(run.finalEquity, money.of('100000'))).toBe(
          money.add(...run.trades.map(({ pnl }) => pnl)),
        );
      expect(run.lookAhead).toMatchObject({ result: 'equal' });
      const { evolve, initialState } = sessionDecider(testDigest);
      let previous: { readonly stream: StreamName; readonly session: Session } | undefined;
      for (const [date, events] of Map.groupBy(kept, (each) => each.date)) {
        const entries = events.map(({ event }, n) => ({
          ...{ event, older: false },
          id: `01890000-0000-7000-9000-${n.toString(16).padStart(12, '0')}` as EventId,
        }));
        const replayed = replaySession(entries, { digest: testDigest, previous });
        expect(replayed.firstDifference).toBe(null);
        const state = events.reduce((at, { event }) => evolve(at, event), initialState);
        if (state.phase === 'unopened') throw new Error('a day without its opening');
        previous = { stream: `session-backtest-${date}` as StreamName, session: state };
      }
    }),
    { numRuns: propertyRuns(12) },
  );
  expect(applied).toBeGreaterThan(4);
});

test('bars before a split are brought to the shares of then to the millionth, and no other is', () => {
  const told = testedSymbol(dailyBars([[33.333333, 34, 33, 33.333333, 300], ...days(3, 34)]), 1, [
    split('2016-01-05', 3),
    split('2016-01-07', 1, 10),
  ]);
  const closes = (date: string) => inSharesOf(told, date as TradingDate).bars.close[0];
  expect(closes('2016-01-07')).toBe(33.333333);
  expect(closes('2016-01-06')).toBe(3.333333);
  expect(closes('2016-01-04')).toBe(10);
  expect(inSharesOf(told, '2016-01-06' as TradingDate).bars.volume[0]).toBe(3_000);
  expect(inSharesOf(told, '2016-01-07' as TradingDate)).toBe(told);
});

const rule = strategies.momentum_v1;

test('gathers what happened to the shares in one question: payments to the last bar, splits to now', async () => {
  const asked: ActionsWanted[] = [];
  const series: BarSeries = { ...dailyBars(walk(700, 3)), timeframe: rule.timeframe };
  const market = {
    source: 'historical',
    now: () => Temporal.Instant.from('2020-06-01T20:00:00Z'),
    instrument: async () => ({ symbol: aaa, name: 'A', sector: null }),
    bars: async () => series,
    corporateActions: async (wanted: ActionsWanted) => {
      asked.push(wanted);
      return [
        ...[pays('2018-01-05', '1'), pays('2019-01-04', '1')],
        ...[split('2019-06-03', 2), split('2020-06-01', 4)],
      ];
    },
  } as Partial<MarketData> as MarketData;
  const span = { start: '2018-01-02' as TradingDate, end: undefined };
  const gathered = await gatherBars(market, [aaa], { rule, span });
  if (!gathered.ok) throw new Error(gathered.refusal.message);
  expect(asked).toEqual([{ from: '2018-01-03', to: '2020-06-01', symbols: ['AAA'] }]);
  expect(gathered.value[0]?.actions.map(({ exDate }) => exDate)).toEqual([
    ...['2018-01-05', '2019-06-03', '2020-06-01'],
  ]);
});

test('the digest of the evidence covers the actions, of a backtest and of a walk forward', () => {
  const input = (actions: readonly CorporateAction[]) => ({
    runId: '01890000-0000-7000-8000-000000000001' as BacktestId,
    strategy: {
      ...{ strategyId: rule.id, policyVersion: rule.policyVersion, parameters: rule.parameters },
    },
    symbols: [testedSymbol(dailyBars(walk(320, 4)), 200, actions)],
    ...{ context: null, calendar: 'NYSE-1', limits: limitsWith(marginLimits) },
    startingCash: money.of('100000'),
    venue: { seed: 3, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1', bars: '1Day' },
    ...({ source: 'historical', codeDigest: testDigest('code') } as const),
    at: '2020-06-01T20:00:00Z',
  });
  type Stored = {
    readonly result?: { readonly evidenceDigest: string };
    readonly evidenceDigest?: string;
    readonly bars: readonly { readonly actions?: readonly unknown[] }[];
  };
  const told = (actions: readonly CorporateAction[]) => {
    const one = backtestTask(testDigest)(input(actions) as never, () => undefined);
    const walked = walkForwardTask(testDigest)(
      { ...input(actions), windows: 2, grid: {} } as never,
      () => undefined,
    );
    return [one.record as Stored, walked.record as Stored];
  };
  const digests = (actions: readonly CorporateAction[]) =>
    told(actions).map(({ result, evidenceDigest }) => result?.evidenceDigest ?? evidenceDigest);
  // After everything that is traded: nothing else of the run is another.
  const none = digests([]);
  const some = digests([pays('2017-04-03', '0.5')]);
  expect(some[0]).not.toBe(none[0]);
  expect(some[1]).not.toBe(none[1]);
  expect(told([pays('2017-04-03', '0.5')]).map(({ bars }) => bars[0]?.actions)).toEqual(
    Array(2).fill([
      { symbol: 'AAA', exDate: '2017-04-03', split: null, dividend: expect.anything() },
    ]),
  );
  expect(told([]).every(({ bars }) => bars[0] && !('actions' in bars[0]))).toBe(true);
});
