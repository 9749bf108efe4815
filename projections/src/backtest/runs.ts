import { backtestIdSchema, z } from '@sentinel/contracts/kernel';
import { codedRow, projection } from '../kernel/index.ts';

const row = z.strictObject({
  run: backtestIdSchema,
  strategy: z.string(),
  /** Configurations that were tried in it, each stretch of a walk forward by itself. */
  trials: z.int(),
  /** Mean over standard deviation of the daily returns; null of a walk forward, and where they do not vary. */
  sharpe: z.number().nullable(),
});
export type RunRow = z.output<typeof row>;

/** One row for each backtest and walk forward that was recorded, with whatever parameters. */
export const runs = projection({
  view: 'runs',
  version: 1,
  row: codedRow(row),
  types: ['BacktestRecorded', 'WalkForwardRecorded'],
  begins: ['BacktestRecorded', 'WalkForwardRecorded'],
  keys: ({ event }) => [
    event.type === 'BacktestRecorded' ? event.data.result.runId : event.data.runId,
  ],
  evolve: (_, { event }) => {
    if (event.type === 'WalkForwardRecorded') {
      const { runId: run, strategyId: strategy, trials } = event.data;
      return { run, strategy, trials, sharpe: null };
    }
    const { runId: run, strategyId: strategy, trials, returns } = event.data.result;
    const { days, mean, stdev } = returns;
    return { run, strategy, trials, sharpe: days < 2 || stdev === 0 ? null : mean / stdev };
  },
  fields: ['strategy'],
  fieldsOf: ({ strategy }) => ({ strategy }),
});
