import { z } from 'zod';
import {
  backtestIdSchema,
  command,
  instantSchema,
  logPositionSchema,
  moneySchema,
  query,
  textArgument,
} from '../kernel/index.ts';
import { tickerArgument } from '../market/index.ts';
import { walkVerdictSchema } from './figures.ts';

const dateArgument = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as 2016-03-31')
  .optional();

const asked = {
  strategy: textArgument(100).meta({ description: 'its id, as strategy.list shows it' }),
  symbols: z.array(tickerArgument).min(1).max(10).meta({ description: 'traded in one account' }),
  start: dateArgument.meta({
    description: 'first day that is traded; by default the last 5,000 bars are lived through',
  }),
  end: dateArgument.meta({ description: 'last day; by default the newest bar' }),
  parameters: z.record(z.string().max(60), z.number()).default({}).meta({
    description: 'those that differ from the strategy’s own',
  }),
  starting_cash: z.int().min(1_000).max(1_000_000_000).default(100_000),
};

/** Figures by their names: said in words once, since every tool's schema is read by every model. */
const figures = z.record(z.string(), z.number().nullable());

const runView = z.strictObject({
  first_day: z.string(),
  last_day: z.string(),
  trading_days: z.int(),
  starting_cash: moneySchema,
  final_equity: moneySchema,
  returns: figures.meta({
    description: 'total, annual, sharpe, sortino, calmar, max_drawdown, longest_drawdown_days',
  }),
  trades: figures.meta({
    description:
      'count, win_rate, profit_factor, expectancy_r, worst_loss, slippage_bps, fill_rate',
  }),
  gross_profit: moneySchema,
  gross_loss: moneySchema,
  benchmark: figures.meta({
    description:
      'against holding the symbols: total_return, excess_return, beta, alpha, correlation, information_ratio',
  }),
  look_ahead: z.strictObject({
    result: z.enum(['equal', 'different']),
    cuts: z.int(),
    events_compared: z.int(),
    first_difference_at: instantSchema.nullable(),
  }),
  counts: z
    .record(z.string(), z.int())
    .meta({ description: 'bars, events, signals, entries, denied, unsized, refused' }),
});

const windowView = z.strictObject({
  train_from: z.string(),
  test_from: z.string(),
  test_to: z.string(),
  parameters: z
    .record(z.string(), z.number())
    .meta({ description: 'those that did best in training' }),
  train_sharpe: z.number().nullable(),
  train_trades: z.int(),
  test_sharpe: z.number().nullable(),
  test_trades: z.int(),
  test_return: z.number(),
  test_profit_factor: z.number().nullable(),
});

const walkView = z.strictObject({
  windows: z.array(windowView),
  profitable_windows: z.int(),
  consistency: z.number().meta({ description: 'share of the test windows with a profit' }),
  out_of_sample_profit_factor: z.number().nullable(),
  out_of_sample_trades: z.int(),
  verdict: walkVerdictSchema,
  trials: z.int(),
});

const standing = {
  run_id: backtestIdSchema,
  status: z.enum(['running', 'done', 'failed', 'canceled']),
  strategy: z.string(),
  symbols: z.array(z.string()),
  progress: z.number().min(0).max(1),
  problem: z.string().nullable(),
};

/** What stands in the log of it; null until it is done. */
const recorded = {
  evidence_digest: z.string().nullable(),
  counts_for_promotion: z.boolean().nullable().meta({
    description: 'kept with its strategy; false of other parameters than its own',
  }),
  event_id: z.string().nullable(),
  log_position: logPositionSchema.nullable(),
};

/** How a run stands: it goes on when the call that began it has been answered. */
const status = z.strictObject({
  ...standing,
  kind: z.enum(['backtest', 'walk_forward']),
  backtest: runView.nullable(),
  walk_forward: walkView.nullable(),
  ...recorded,
});
export type BacktestStatus = z.output<typeof status>;

export const backtestCommands = {
  RunBacktest: command(
    z.strictObject(asked),
    z.strictObject({ ...standing, backtest: runView.nullable(), ...recorded }),
  ),
  WalkForward: command(
    z.strictObject({
      ...asked,
      windows: z.int().min(2).max(20).default(5),
      grid: z
        .record(z.string().max(60), z.array(z.number()).min(1).max(10))
        .default({})
        .meta({ description: 'parameters to choose among in training: {"stopAtrs": [1.5, 2, 3]}' }),
    }),
    z.strictObject({ ...standing, walk_forward: walkView.nullable(), ...recorded }),
  ),
  CancelBacktest: command(z.strictObject({ run_id: backtestIdSchema }), z.strictObject(standing)),
} as const;

export const backtestQueries = {
  GetBacktest: query(z.strictObject({ run_id: backtestIdSchema }), status),
} as const;
