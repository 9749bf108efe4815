import { z } from 'zod';
import {
  cursorArgument,
  decisionIdSchema,
  endArgument,
  eventIdSchema,
  instantSchema,
  logPositionSchema,
  minPositionArgument,
  moneySchema,
  nextCursorSchema,
  orderIdSchema,
  query,
  resourceLinkSchema,
  startArgument,
  textArgument,
  tradingDateSchema,
} from '../kernel/index.ts';
import { tickerArgument } from '../market/index.ts';
import { tradePeriodArguments } from '../portfolio/index.ts';
import { checkCodeSchema, riskAssessedSchema } from '../risk/index.ts';

const paged = { cursor: cursorArgument, min_position: minPositionArgument };
const count = z.int();

export const historyQueries = {
  ListTradeOutcomes: query(
    z.strictObject({
      ...tradePeriodArguments,
      limit: z.int().min(1).max(100).default(5),
      ...paged,
    }),
    z.strictObject({
      mode: z.string(),
      trades: z
        .array(
          z.strictObject({
            trade_id: eventIdSchema,
            closed_at: instantSchema,
            session: tradingDateSchema,
            symbol: z.string(),
            side: z.enum(['long', 'short']),
            strategy: z.string().nullable(),
            outcome: z.enum(['won', 'lost', 'even']),
            net_pnl_usd: moneySchema,
            r_multiple: z.number().nullable(),
            exit: z.enum(['take_profit', 'stop_loss', 'order']),
            decision_id: decisionIdSchema.nullable(),
            opening_order_id: orderIdSchema,
            closing_order_id: orderIdSchema.nullable(),
            closing_event_id: eventIdSchema,
          }),
        )
        .meta({ description: 'the last closed first' }),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
  ListDecisions: query(
    z.strictObject({
      start: startArgument,
      end: endArgument,
      outcome: riskAssessedSchema.shape.outcome.optional(),
      symbol: tickerArgument.optional(),
      strategy: textArgument(100).optional(),
      limit: z.int().min(1).max(100).default(8),
      ...paged,
    }),
    z.strictObject({
      decisions: z
        .array(
          z.strictObject({
            decision_id: decisionIdSchema,
            at: instantSchema,
            purpose: z.string(),
            order: z.string(),
            strategy: z.string().nullable(),
            outcome: z.string(),
            denial_code: checkCodeSchema.nullable(),
            failed: z
              .array(z.string())
              .meta({ description: 'checks that failed, soft ones included' }),
            by: z.string(),
          }),
        )
        .meta({ description: 'newest first' }),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
  GetStatistics: query(
    z.strictObject({ ...tradePeriodArguments, min_position: minPositionArgument }),
    z.strictObject({
      mode: z.string(),
      trades_count: count,
      won_count: count,
      lost_count: count,
      win_rate_pct: z.number().nullable(),
      net_pnl_usd: moneySchema,
      average_pnl_usd: moneySchema.nullable(),
      average_win_usd: moneySchema.nullable(),
      average_loss_usd: moneySchema.nullable(),
      profit_factor: z.number().nullable().meta({ description: 'null while nothing was lost' }),
      expectancy_r: z.number().nullable(),
      trades_with_r_count: count,
      costs_usd: moneySchema.meta({ description: 'fees and borrowing' }),
      average_slippage_bps: z.number().nullable(),
      average_held_minutes: count.nullable(),
      sharpe_of_daily_returns: z.number().nullable().meta({
        description: 'annualised; null for fewer than two closed sessions. Not for one symbol',
      }),
      sessions_count: count.meta({ description: 'closed sessions in the period' }),
      starting_capital_usd: moneySchema.nullable(),
      max_drawdown_usd: moneySchema.nullable(),
      max_drawdown_bps: z.number().nullable().meta({
        description: 'of the capital with each trade as it closed, from its highest point',
      }),
      as_of_position: logPositionSchema,
    }),
  ),
  ExportEvents: query(
    z.strictObject({
      start: startArgument,
      end: endArgument,
      format: z.enum(['csv']).default('csv'),
    }),
    z.strictObject({
      resource: resourceLinkSchema,
      sha256: z.string().meta({ description: 'of the bytes of the resource' }),
      bytes: count,
      events_count: count,
      first_position: logPositionSchema,
      last_position: logPositionSchema,
    }),
  ),
} as const;
