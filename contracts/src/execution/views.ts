import { z } from 'zod';
import {
  decisionIdSchema,
  instantSchema,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
} from '../kernel/index.ts';
import { orderTypeSchema, sideSchema, timeInForceSchema } from '../risk/index.ts';
import { orderStatusSchema } from './order.ts';

/** An order as every tool answers it. */
export const orderView = z.strictObject({
  order_id: orderIdSchema,
  decision_id: decisionIdSchema,
  symbol: z.string(),
  side: sideSchema,
  qty: quantitySchema,
  order_type: orderTypeSchema,
  limit_price: priceSchema.nullable(),
  /** Where a stop stands; a trailing one moves. Null for other types, and until it is known. */
  stop_price: priceSchema.nullable(),
  /** The order whose fill set this one out; null for others. */
  exit_of: orderIdSchema.nullable(),
  external: z
    .boolean()
    .meta({ description: 'true when others placed it in the account, without a decision of ours' }),
  time_in_force: timeInForceSchema,
  strategy_id: z.string().nullable(),
  status: orderStatusSchema,
  cumulative_qty: quantitySchema,
  leaves_qty: quantitySchema,
  average_price: priceSchema.nullable(),
  fees: moneySchema,
  /** Why it was denied or rejected; null otherwise. */
  reason: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  submitted_at: instantSchema,
  updated_at: instantSchema,
});
export type OrderView = z.output<typeof orderView>;
