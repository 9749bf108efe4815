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

const tradesView = z.strictObject({
  count: z.int(),
  win_rate: z.number().nullable(),
  profit_factor: z.number().nullable(),
  expectancy_r: z.number().nullable(),
  gross_profit: moneySchema,
  gross_loss: moneySchema,
  slippage_bps: z.number().nullable(),
  fill_rate: z.number().nullable(),
});

const runView = z.strictObject({
  first_day: z.string(),
  last_day: z.string(),
  trading_days: z.int(),
  starting_cash: moneySchema,
  final_equity: moneySchema,
  total_return: z.number(),
  annual_return: z.number().nullable(),
  sharpe: z.number().nullable(),
  sortino: z.number().nullable(),
  calmar: z.number().nullable(),
  max_drawdown: z.number(),
  longest_drawdown_days: z.int(),
  trades: tradesView,
  benchmark: z.strictObject({
    total_return: z.number(),
    excess_return: z.number(),
    beta: z.number().nullable(),
    alpha: z.number().nullable(),
    correlation: z.number().nullable(),
    information_ratio: z.number().nullable(),
  }),
  look_ahead: z.strictObject({
    result: z.enum(['equal', 'different']),
    cuts: z.int(),
    events_compared: z.int(),
    first_difference_at: instantSchema.nullable(),
  }),
  counts: z.strictObject({
    bars: z.int(),
    events: z.int(),
    signals: z.int(),
    entries: z.int(),
    denied: z.int(),
    unsized: z.int(),
    refused: z.int(),
  }),
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

/** How a run stands: it goes on when the call that began it has been answered. */
const status = z.strictObject({
  run_id: backtestIdSchema,
  status: z.enum(['running', 'done', 'failed', 'canceled']),
  kind: z.enum(['backtest', 'walk_forward']),
  strategy: z.string(),
  symbols: z.array(z.string()),
  progress: z.number().min(0).max(1),
  /** Why it failed; null otherwise. */
  problem: z.string().nullable(),
  backtest: runView.nullable().meta({ description: 'null until done' }),
  walk_forward: walkView.nullable(),
  evidence_digest: z.string().nullable().meta({ description: 'of bars, trades and equity curve' }),
  counts_for_promotion: z.boolean().nullable().meta({
    description:
      'kept with its strategy, of whose own parameters it was; null where it is not known',
  }),
  event_id: z.string().nullable().meta({ description: 'of the recorded result' }),
  log_position: logPositionSchema.nullable(),
});

export const backtestCommands = {
  RunBacktest: command(z.strictObject(asked), status),
  WalkForward: command(
    z.strictObject({
      ...asked,
      windows: z.int().min(2).max(20).default(5),
      grid: z
        .record(z.string().max(60), z.array(z.number()).min(1).max(10))
        .default({})
        .meta({ description: 'parameters to choose among in training: {"stopAtrs": [1.5, 2, 3]}' }),
    }),
    status,
  ),
  CancelBacktest: command(z.strictObject({ run_id: backtestIdSchema }), status),
} as const;

export const backtestQueries = {
  GetBacktest: query(z.strictObject({ run_id: backtestIdSchema }), status),
} as const;
