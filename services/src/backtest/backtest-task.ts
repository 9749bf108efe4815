import {
  backtestDaySchema,
  backtestRecordSchema,
  backtestTradeSchema,
  type TestedBars,
  testedBarsSchema,
} from '@sentinel/contracts/backtest';
import type { VenueTerms } from '@sentinel/contracts/execution';
import {
  type BacktestId,
  type Digest,
  encodeBy,
  type Money,
  type Sha256,
} from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  calendarNamed,
  type MarketSource,
  type Ticker,
} from '@sentinel/contracts/market';
import type { LimitsDocument } from '@sentinel/contracts/risk';
import type { Task } from '../kernel/index.ts';
import { digestOfBars } from '../market/index.ts';
import { currentPolicy } from '../risk/index.ts';
import {
  configurationDigest,
  type StrategyDefinition,
  strategyPolicyOf,
} from '../strategy/index.ts';
import { strategyFinder } from './finder.ts';
import { runBacktest } from './run.ts';
import type { BacktestSetup, TestedSymbol } from './setup.ts';

/** Which rule is tried, and with what parameters. */
export type TestedStrategy = {
  readonly strategyId: string;
  readonly policyVersion: string;
  readonly parameters: Readonly<Record<string, number>>;
};

/** What a run needs, as plain values: whoever does it has no network and no log. */
export type BacktestInput = {
  readonly runId: BacktestId;
  readonly strategy: TestedStrategy;
  readonly symbols: readonly TestedSymbol[];
  readonly context: BarSeries | null;
  readonly calendar: string;
  readonly limits: LimitsDocument;
  readonly startingCash: Money;
  readonly venue: VenueTerms;
  readonly source: MarketSource;
  readonly codeDigest: Sha256;
  /** When the run was asked for, by the market's clock. */
  readonly at: string;
};

/** What came of it, as it is stored. */
export type BacktestOutput = {
  readonly record: object;
  readonly finalEquity: Money;
  readonly trades: readonly object[];
  readonly days: readonly object[];
};

/** Bars of one piece of evidence at the most: a stored event is bounded. */
const evidenceBars = 5_000;

/** A series in pieces that can each be kept as evidence. */
export const inPieces = (bars: BarSeries): readonly BarSeries[] =>
  Array.from({ length: Math.ceil(bars.start.length / evidenceBars) }, (_, n) => {
    const [from, to] = [n * evidenceBars, (n + 1) * evidenceBars];
    const columns = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;
    return {
      ...bars,
      ...Object.fromEntries(columns.map((name) => [name, bars[name].subarray(from, to)])),
    };
  });

/** By what the bars of a run are named, with the actions that they are read by. */
export const testedBars = (symbols: readonly TestedSymbol[], digest: Digest): TestedBars[] =>
  symbols.map(({ bars, actions }) => ({
    symbol: bars.symbol,
    digests: inPieces(bars).map((piece) => digestOfBars(piece, digest)),
    ...(actions.length > 0 && { actions: [...actions] }),
  }));

export const ruleOf = ({ strategyId: id, policyVersion, parameters }: TestedStrategy) => {
  const rule = strategyPolicyOf(policyVersion);
  if (rule === undefined) throw new Error(`there is no rule ${policyVersion}`);
  return { ...rule, id, parameters };
};

/** The same run with another strategy's rule or on other bars. */
export const setupOf = (
  input: BacktestInput,
  rule: StrategyDefinition,
  digest: Digest,
): ((symbols: readonly TestedSymbol[]) => BacktestSetup) => {
  const calendar = calendarNamed(input.calendar);
  const { limits, startingCash, venue, source, codeDigest, context } = input;
  return (symbols) => ({
    ...{ strategyId: rule.id, symbols, calendar, limits, startingCash, venue, source },
    ...{ digest, codeDigest, find: strategyFinder(rule, { calendar, context }) },
  });
};

/** Runs a backtest to its record. */
export const backtestTask =
  (digest: Digest): Task<BacktestInput, BacktestOutput> =>
  (input, progress) => {
    const rule = ruleOf(input.strategy);
    const setup = setupOf(input, rule, digest);
    const run = runBacktest(setup(input.symbols), { refind: setup, progress });
    const trades = run.trades.map(
      ({ slippageBps: _, equity: __, closedOn: ___, ...trade }) =>
        encodeBy(backtestTradeSchema, trade) as object,
    );
    const days = run.days.map((day) => encodeBy(backtestDaySchema, day) as object);
    const bars = testedBars(input.symbols, digest);
    const evidence = bars.map((each) => encodeBy(testedBarsSchema, each) as object);
    const symbols = input.symbols.map(({ bars: { symbol } }): Ticker => symbol);
    const record = {
      result: {
        ...run.measured,
        ...{ runId: input.runId, strategyId: rule.id, symbols, timeframe: rule.timeframe },
        configurationDigest: configurationDigest(rule, digest),
        evidenceDigest: digest(JSON.stringify({ bars: evidence, trades, days })),
        ...{ codeDigest: input.codeDigest, policyVersion: currentPolicy.version },
        ...{ source: input.source, startingCash: input.startingCash },
        ...{ trials: 1, trialsVariance: null, at: Temporal.Instant.from(input.at) },
      },
      parameters: { ...rule.parameters },
      limitsVersion: input.limits.version,
      ...{ bars, figures: run.figures, lookAhead: run.lookAhead, counts: run.counts },
    };
    const stored = encodeBy(backtestRecordSchema, record) as object;
    return { record: stored, finalEquity: run.finalEquity, trades, days };
  };
