import { z } from 'zod';
import {
  cursorArgument,
  eventIdSchema,
  instantSchema,
  moneySchema,
  nextCursorSchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
  query,
  textArgument,
} from '../kernel/index.ts';
import { checkStatusSchema } from '../risk/index.ts';

export const sessionArgument = textArgument(100)
  .optional()
  .meta({ description: 'a trading date such as 2026-11-27, or a stream; the newest by default' });

export const difference = z.strictObject({
  path: z.string(),
  recorded: z.string(),
  recomputed: z.string(),
});

const checkView = z.strictObject({
  code: z.string(),
  status: checkStatusSchema,
  hard: z.boolean(),
  value: z.string().nullable(),
  limit: z.string().nullable(),
  unit: z.string(),
  message: z.string(),
});

/** A decision with why it went as it did. */
const decisionView = z.strictObject({
  event_id: eventIdSchema,
  decision_id: z.string(),
  order_id: orderIdSchema.nullable(),
  at: instantSchema,
  purpose: z.string(),
  symbol: z.string(),
  side: z.string(),
  qty: quantitySchema,
  order_type: z.string(),
  outcome: z.string(),
  denial_code: z.string().nullable(),
  checks_passed: z.int(),
  checks: z
    .array(checkView)
    .meta({ description: 'those that did not pass; every one with detail full' }),
  /** The signal that the order followed, made again; null without one. */
  signal: z
    .strictObject({
      signal_id: z.string(),
      strategy: z.string(),
      made_again: z.enum(['equal', 'different', 'not_re_executable']),
    })
    .nullable(),
});

/** The account as it was known at one event. */
const standing = z.strictObject({
  event_id: eventIdSchema,
  type: z.string(),
  log_position: z.string(),
  at: instantSchema.meta({ description: 'market time that had been recorded by then' }),
  phase: z.string(),
  portfolio: z.strictObject({
    equity: moneySchema.meta({
      description: 'at the last prices recorded by then; at cost where there was none',
    }),
    cash: moneySchema,
    reserved_cash: moneySchema,
    realized_pnl: moneySchema,
    fees: moneySchema,
    day_start_equity: moneySchema,
    positions: z.array(
      z.strictObject({
        symbol: z.string(),
        quantity: quantitySchema,
        average_price: priceSchema,
        mark: priceSchema.nullable(),
        unrealized_pnl: moneySchema.nullable(),
      }),
    ),
  }),
  orders: z
    .array(
      z.strictObject({
        order_id: orderIdSchema,
        symbol: z.string(),
        side: z.string(),
        qty: quantitySchema,
        filled_qty: quantitySchema,
        order_type: z.string(),
        status: z.string(),
        limit_price: priceSchema.nullable(),
        stop_price: priceSchema.nullable(),
      }),
    )
    .meta({ description: 'those that worked then' }),
  limits: z.strictObject({
    version: z.int(),
    values: z.record(z.string(), z.string()).meta({ description: 'every limit by its name' }),
  }),
  halts: z.array(
    z.strictObject({ scope: z.string(), target: z.string().nullable(), reason: z.string() }),
  ),
});

export const replayQueries = {
  ReplaySession: query(
    z.strictObject({
      session: sessionArgument,
      as_of: textArgument(60).optional().meta({
        description:
          'an event id of the session or a log position: how things stood right after it',
      }),
      detail: z.enum(['summary', 'full']).default('summary'),
      limit: z.int().min(1).max(50).default(10),
      cursor: cursorArgument,
    }),
    z.strictObject({
      session: z.string(),
      result: z.enum(['equal', 'different']),
      events: z.int(),
      assessments: z.int(),
      events_decided_again: z.int(),
      events_taken_as_recorded: z.record(z.string(), z.int()).meta({
        description: 'by type: too little is recorded of them',
      }),
      first_difference: z
        .strictObject({
          event_id: eventIdSchema,
          log_position: z.string(),
          type: z.string(),
          what: z.string(),
          differences: z.array(difference),
        })
        .nullable(),
      as_of: standing,
      decisions: z.array(decisionView).meta({ description: 'up to as_of, newest first' }),
      next_cursor: nextCursorSchema,
    }),
  ),
} as const;
