import type { Handlers, InputOf } from '@sentinel/contracts';
import type { VenueTerms } from '@sentinel/contracts/execution';
import {
  accepted,
  type BacktestId,
  type EventMetadata,
  type Money,
  money,
  type Outcome,
  type RequestContext,
  refused,
  type Sha256,
  type Timer,
} from '@sentinel/contracts/kernel';
import type { BarSeries, MarketData, Ticker } from '@sentinel/contracts/market';
import type { RunTask } from '../kernel/index.ts';
import { type Control, limitsInForce } from '../risk/index.ts';
import { parametersFor, type StrategyDefinition } from '../strategy/index.ts';
import type { BacktestInput, BacktestOutput } from './backtest-task.ts';
import { gatherBars } from './gather-bars.ts';
import { type RunEnd, runBook } from './run-book.ts';
import { type RunLogOptions, runLog } from './run-log.ts';
import type { WalkInput, WalkOutput } from './walk-forward.ts';

export type BacktestOptions = RunLogOptions & {
  readonly market: MarketData;
  readonly control: Pick<Control, 'load'>;
  readonly account: string;
  readonly venue: VenueTerms;
  readonly codeDigest: Sha256;
  /** Undefined where there is no strategy of the id. */
  readonly findStrategy: (strategyId: string) => Promise<StrategyDefinition | undefined>;
  readonly timer: Timer;
  readonly runBacktest: RunTask<BacktestInput, BacktestOutput>;
  readonly walkForward: RunTask<WalkInput, WalkOutput>;
};

/** The whole market, of which regimes ask how far it has moved. */
const contextSymbol = 'SPY' as Ticker;
const mostCandidates = 50;

type Asked = InputOf<'RunBacktest'>;
type Wanted = { readonly rule: StrategyDefinition; readonly input: BacktestInput };

/** Every value of a grid, each by itself, held against what its parameter may be. */
const problemInGrid = (rule: StrategyDefinition, grid: WalkInput['grid']) => {
  for (const [name, values] of Object.entries(grid))
    for (const value of values) {
      const fits = parametersFor(rule, { [name]: value });
      if (!fits.ok) return fits;
    }
  return undefined;
};

/** What a run is made of, gathered here: whoever does it has nothing but this. */
const gathering =
  (options: BacktestOptions) =>
  async (asked: Asked, grid: WalkInput['grid'] = {}): Promise<Outcome<Wanted>> => {
    const { market, findStrategy } = options;
    const found = await findStrategy(asked.strategy);
    if (found === undefined)
      return refused(
        'UNKNOWN_STRATEGY',
        `There is no strategy ${asked.strategy}.`,
        'See strategy.list.',
      );
    const chosen = parametersFor(found, asked.parameters);
    if (!chosen.ok) return chosen;
    const problem = problemInGrid(found, grid);
    if (problem !== undefined) return problem;
    const rule = { ...found, parameters: chosen.value };
    const span = { start: asked.start, end: asked.end } as Parameters<typeof gatherBars>[2]['span'];
    if (span.start !== undefined && span.end !== undefined && span.end < span.start)
      return refused('INVALID_ARGUMENT', 'The end lies before the start.', 'Turn them round.');
    const symbols = [...new Set(asked.symbols)];
    const tested = await gatherBars(market, symbols, { rule, span });
    if (!tested.ok) return tested;
    const context = await gatherBars(market, [contextSymbol], { rule, span });
    const { calendar } = market.session(market.now());
    return accepted({
      rule,
      input: {
        runId: options.newId() as BacktestId,
        strategy: {
          strategyId: rule.id,
          ...{ policyVersion: rule.policyVersion, parameters: rule.parameters },
        },
        symbols: tested.value,
        context: context.ok ? (context.value[0]?.bars ?? null) : null,
        ...{ calendar, limits: limitsInForce(await options.control.load(), options.account) },
        startingCash: money.of(`${asked.starting_cash}`) as Money,
        venue: { ...options.venue, bars: rule.timeframe },
        ...{ source: market.source, codeDigest: options.codeDigest, at: `${market.now()}` },
      },
    });
  };

/** Backtests as tools: each run has an id, is done elsewhere, and stands in the log when it is done. */
export const backtestHandlers = (
  options: BacktestOptions,
): Handlers<'RunBacktest' | 'WalkForward' | 'GetBacktest' | 'CancelBacktest'> => {
  const gather = gathering(options);
  const book = runBook(options.timer);
  const log = runLog(options);
  const unknownRun = (id: BacktestId) =>
    refused('UNKNOWN_RUN', `There is no backtest ${id}.`, 'backtest.run answers the id of each.');
  const begin = async (
    kind: 'backtest' | 'walk_forward',
    { rule, input }: Wanted,
    {
      context,
      work,
    }: {
      readonly context: RequestContext;
      readonly work: (
        how: Pick<RequestContext, 'signal' | 'progress'>,
        about: { readonly series: readonly BarSeries[]; readonly metadata: EventMetadata },
      ) => Promise<RunEnd>;
    },
  ) => {
    const series = input.symbols.map(({ bars }) => bars);
    const about = {
      ...{ run_id: input.runId, kind, strategy: rule.id },
      symbols: series.map(({ symbol }) => symbol),
    };
    const { metadata } = context;
    return book.begin(about, (how) => work(how, { series, metadata }), context);
  };
  const busy = () =>
    refused(
      'BUSY',
      'As many backtests as may are under way.',
      'Wait for one to end (backtest.status), or cancel one.',
    );
  return {
    RunBacktest: async (asked, context) => {
      if (book.isFull()) return busy();
      const wanted = await gather(asked);
      if (!wanted.ok) return wanted;
      const {
        kind: _,
        walk_forward: __,
        ...status
      } = await begin('backtest', wanted.value, {
        context,
        work: async (how, { series, metadata }) =>
          log.keepBacktest(await options.runBacktest(wanted.value.input, how), series, metadata),
      });
      return accepted(status);
    },
    WalkForward: async (asked, context) => {
      if (book.isFull()) return busy();
      const { windows, grid } = asked;
      const count = Object.values(grid).reduce((product, values) => product * values.length, 1);
      if (count > mostCandidates)
        return refused(
          'INVALID_ARGUMENT',
          `The grid has ${count} combinations; ${mostCandidates} is the most.`,
          'Give fewer values, or fewer parameters.',
        );
      const wanted = await gather(asked, grid);
      if (!wanted.ok) return wanted;
      const input = { ...wanted.value.input, windows, grid };
      const {
        kind: _,
        backtest: __,
        ...status
      } = await begin('walk_forward', wanted.value, {
        context,
        work: async (how, { series, metadata }) =>
          log.keepWalk((await options.walkForward(input, how)).record, series, metadata),
      });
      return accepted(status);
    },
    GetBacktest: async ({ run_id: id }) => {
      const status = book.find(id) ?? (await log.find(id));
      return status === undefined ? unknownRun(id) : accepted(status);
    },
    CancelBacktest: async ({ run_id: id }) => {
      const found = (await book.cancel(id)) ?? (await log.find(id));
      if (found === undefined) return unknownRun(id);
      const { status, strategy, symbols, progress, problem } = found;
      return accepted({ run_id: id, status, strategy, symbols, progress, problem });
    },
  };
};
