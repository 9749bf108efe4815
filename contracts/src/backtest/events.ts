import { z } from 'zod';
import { backtestIdSchema, event } from '../kernel/index.ts';
import {
  backtestDaySchema,
  backtestRecordSchema,
  backtestTradeSchema,
  walkRecordSchema,
} from './figures.ts';

/** The `backtest-<run id>` streams: what a run did, in pieces, and at the end what it came to. */
export const backtestEvents = {
  BacktestTradesKept: event(
    1,
    z.strictObject({
      runId: backtestIdSchema,
      strategyId: z.string(),
      /** Counts the pieces from 1. */
      piece: z.int().min(1),
      trades: z.array(backtestTradeSchema),
      days: z.array(backtestDaySchema),
    }),
  ),
  BacktestRecorded: event(1, backtestRecordSchema),
  WalkForwardRecorded: event(1, walkRecordSchema),
} as const;
