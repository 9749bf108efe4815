import { testedBarsSchema, type WalkWindow, walkRecordSchema } from '@sentinel/contracts/backtest';
import {
  canonicalJson,
  type Digest,
  encodeBy,
  exchangeDate,
  type Money,
  money,
} from '@sentinel/contracts/kernel';
import type { Task } from '../kernel/index.ts';
import { type BacktestInput, ruleOf, setupOf, testedBars } from './backtest-task.ts';
import { type Run, runBacktest } from './run.ts';
import type { TestedSymbol } from './setup.ts';

export type WalkInput = BacktestInput & {
  readonly windows: number;
  /** Values to choose among, by parameter. */
  readonly grid: Readonly<Record<string, readonly number[]>>;
};
export type WalkOutput = { readonly record: object };

const trainShare = 0.7;
const robust = { consistency: 0.6, profitFactor: 1.1 };
const marginal = { consistency: 0.4, profitFactor: 1 };

type Parameters = Readonly<Record<string, number>>;

/** Every combination of the values, the strategy's own parameters in the place of what is not named. */
const candidates = (own: Parameters, grid: WalkInput['grid']): readonly Parameters[] =>
  Object.entries(grid).reduce<readonly Parameters[]>(
    (all, [name, values]) =>
      all.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [own],
  );

/** The bars from one moment up to another, with all that come before to look back at. */
const between = (symbols: readonly TestedSymbol[], fromMs: number, toMs: number) =>
  symbols.map((tested) => {
    const { bars, first } = tested;
    const end = bars.start.findIndex((start) => start >= toMs);
    const count = end < 0 ? bars.start.length : end;
    const begin = bars.start.findIndex((start) => start >= fromMs);
    const columns = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;
    const cut = Object.fromEntries(columns.map((name) => [name, bars[name].subarray(0, count)]));
    return {
      ...tested,
      bars: { ...bars, ...cut },
      first: Math.max(first, begin < 0 ? count : begin),
    };
  });

/** Moments at which windows and their test parts begin, and the end of the last, by the first symbol's bars. */
const boundaries = ([tested]: readonly TestedSymbol[], windows: number) => {
  if (tested === undefined) throw new Error('a walk without a symbol');
  const { first, bars } = tested;
  const traded = bars.start.length - first;
  const at = (share: number) =>
    bars.start[Math.min(bars.start.length - 1, first + Math.floor(traded * share))] as number;
  return Array.from({ length: windows }, (_, n) => ({
    trainMs: at(n / windows),
    testMs: at((n + trainShare) / windows),
    endMs: n === windows - 1 ? Number.POSITIVE_INFINITY : at((n + 1) / windows),
  }));
};

const best = (runs: readonly { readonly parameters: Parameters; readonly run: Run }[]) =>
  runs.reduce((leading, each) =>
    (each.run.figures.sharpe ?? Number.NEGATIVE_INFINITY) >
    (leading.run.figures.sharpe ?? Number.NEGATIVE_INFINITY)
      ? each
      : leading,
  );

const verdictOn = (consistency: number, profitFactor: number | null, trades: number) => {
  if (trades === 0) return 'no_trades';
  const factor = profitFactor ?? Number.POSITIVE_INFINITY;
  if (consistency >= robust.consistency && factor >= robust.profitFactor) return 'robust';
  return consistency >= marginal.consistency || factor >= marginal.profitFactor
    ? 'marginal'
    : 'fragile';
};

/**
 * Chooses parameters on the first 70 % of each window and tries them on the rest, which nothing of the choice
 * has seen; the bars before a test are there to be looked back at.
 */
export const walkForwardTask =
  (digest: Digest): Task<WalkInput, WalkOutput> =>
  (input, progress) => {
    const { symbols, grid } = input;
    const rule = ruleOf(input.strategy);
    const tried = candidates(rule.parameters, grid);
    const spans = boundaries(symbols, input.windows);
    const dateAt = (ms: number) => exchangeDate(Temporal.Instant.fromEpochMilliseconds(ms));
    const runs = spans.length * (tried.length + 1);
    let done = 0;
    const runOn = (parameters: Parameters, fromMs: number, toMs: number): Run => {
      const setup = setupOf(input, { ...rule, parameters }, digest);
      const run = runBacktest(setup(between(symbols, fromMs, toMs)), {
        ...{ refind: setup, progress: () => undefined },
      });
      progress(++done, runs, `${dateAt(fromMs)}: ${run.trades.length} trades`);
      return run;
    };
    const windows = spans.map(({ trainMs, testMs, endMs }): WalkWindow => {
      const chosen = best(
        tried.map((parameters) => ({ parameters, run: runOn(parameters, trainMs, testMs) })),
      );
      const test = runOn(chosen.parameters, testMs, endMs);
      return {
        ...{ trainFrom: dateAt(trainMs), testFrom: dateAt(testMs), testTo: test.measured.to },
        parameters: { ...chosen.parameters },
        trainSharpe: chosen.run.figures.sharpe,
        trainTrades: chosen.run.trades.length,
        testSharpe: test.figures.sharpe,
        testTrades: test.trades.length,
        testReturn: test.figures.totalReturn,
        testProfit: test.measured.trades.grossProfit,
        testLoss: test.measured.trades.grossLoss,
      };
    });
    const sum = (of: (window: WalkWindow) => Money) => money.add(...windows.map(of));
    const loss = sum(({ testLoss }) => testLoss);
    const profitFactor =
      loss === 0n ? null : Number(sum(({ testProfit }) => testProfit)) / Number(loss);
    const consistency = windows.filter(({ testReturn }) => testReturn > 0).length / windows.length;
    const trades = windows.reduce((all, { testTrades }) => all + testTrades, 0);
    const bars = testedBars(symbols, digest);
    const evidence = bars.map((each) => encodeBy(testedBarsSchema, each) as object);
    const record = {
      ...{ runId: input.runId, strategyId: rule.id, symbols: bars.map(({ symbol }) => symbol) },
      grid: Object.fromEntries(Object.entries(grid).map(([name, values]) => [name, [...values]])),
      ...{ windows, consistency, profitFactor, bars, codeDigest: input.codeDigest },
      verdict: verdictOn(consistency, profitFactor, trades),
      trials: spans.length * tried.length,
      evidenceDigest: digest(canonicalJson({ bars: evidence })),
      at: Temporal.Instant.from(input.at),
    } as const;
    return { record: encodeBy(walkRecordSchema, record) as object };
  };
