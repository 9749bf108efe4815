import { z } from 'zod';
import {
  eventIdSchema,
  instantSchema,
  moneySchema,
  quantitySchema,
  query,
} from '../kernel/index.ts';
import { sessionArgument } from './replay.ts';

const outcome = z.enum(['APPROVED', 'DENIED', 'APPROVAL_REQUIRED', 'REFUSED', 'MOOT']).meta({
  description: 'REFUSED: could not be asked; MOOT: the order to change does not work there',
});

const change = z.strictObject({
  event_id: eventIdSchema,
  decision_id: z.string(),
  at: instantSchema,
  symbol: z.string(),
  side: z.string(),
  qty: quantitySchema,
  before: outcome,
  after: outcome,
  /** Why it is not approved, on whichever side it is not. */
  code: z.string().nullable(),
  value: z.string().nullable(),
  limit: z.string().nullable(),
  unit: z.string().nullable(),
  message: z.string().nullable(),
  filled_qty_before: quantitySchema,
  filled_qty_after: quantitySchema,
});

const totals = {
  approved: z.int(),
  denied: z.int(),
  /** Of the day, open positions at their last known prices, fees taken off. */
  pnl: moneySchema,
  equity: moneySchema,
};

export const whatIfQueries = {
  WhatIf: query(
    z.strictObject({
      session: sessionArgument,
      cases: z
        .array(z.record(z.string().max(60), z.union([z.number(), z.string().max(40)])))
        .min(1)
        .max(10)
        .meta({
          description:
            'limits to try, by the names of audit.replay_session: [{"maxPositionBps": 1000}, {"order.maxValue": "50000"}]',
        }),
      changes: z.int().min(0).max(100).default(10).meta({ description: 'told of each case' }),
    }),
    z.strictObject({
      session: z.string(),
      decisions: z.int(),
      as_recorded: z.strictObject(totals),
      cases: z.array(
        z.strictObject({
          limits: z.record(z.string(), z.string()),
          ...totals,
          pnl_difference: moneySchema,
          decisions_changed: z.int(),
          changes: z.array(change).meta({ description: 'in the order of the session' }),
        }),
      ),
      assumptions: z.array(z.string()),
    }),
  ),
} as const;
