import { z } from 'zod';
import {
  decisionIdSchema,
  event,
  instantSchema,
  logPositionSchema,
  moneySchema,
  orderIdSchema,
  quantitySchema,
  windDownIdSchema,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerSchema } from '../market/index.ts';
import { orderStatusSchema } from './order.ts';

/** A way down: of one position, of every order, or of all that is held and works. */
export const windDownKindSchema = z.enum(['close_position', 'cancel_all', 'flatten_all']);
export type WindDownKind = z.output<typeof windDownKindSchema>;

/** A wish to wind down, which the house goes on with by itself until it is done, whoever dies meanwhile. */
export const windDownSchema = z.strictObject({
  windDownId: windDownIdSchema,
  kind: windDownKindSchema,
  /** The one symbol that it is about; null for all. */
  symbol: tickerSchema.nullable(),
  /** What was held of it when it was asked for. */
  held: z.array(z.strictObject({ symbol: tickerSchema, quantity: quantitySchema })),
  /** The words of whoever asked: data. */
  givenReason: z.string().nullable(),
  requestedBy: z.string(),
  idempotencyKey: z.string().nullable(),
  at: instantSchema,
});
export type WindDown = z.output<typeof windDownSchema>;

/** How a wish to wind down, and a new beginning of a paper account, are written down. */
export const windDownEvents = {
  WindDownRequested: event(1, windDownSchema),
  WindDownEnded: event(
    1,
    z.strictObject({
      windDownId: windDownIdSchema,
      /** `revoked`: all orders were canceled, the closing ones among them, before it was done. */
      outcome: z.enum(['done', 'revoked']),
      at: instantSchema,
    }),
  ),
  /**
   * A paper account that holds nothing and has nothing working begins anew with its starting cash. What was
   * before stays in the log as it was.
   */
  PaperAccountReset: event(
    1,
    z.strictObject({
      /** Counts from 1, the account's first. */
      epoch: z.int().min(2),
      cash: moneySchema,
      /** What the epoch before it ended with. */
      cashBefore: moneySchema,
      /** Absent in older logs: there the losses that stood went on to count, as their decisions have it. */
      lossesEnd: z.literal(true).optional(),
      givenReason: z.string().nullable(),
      requestedBy: z.string(),
      idempotencyKey: z.string().nullable(),
      at: instantSchema,
    }),
  ),
} as const;

/** What every tool that winds down answers. */
export const windDownAnswer = z.strictObject({
  mode: z.string(),
  source: marketSourceSchema,
  wind_down_id: windDownIdSchema,
  status: z.enum(['done', 'under_way', 'waiting', 'revoked']).meta({
    description: 'under_way and waiting go on by themselves; ask again with the same key',
  }),
  next: z.string().meta({ description: 'what happens next, and when' }),
  canceled_orders: z.array(
    z.strictObject({
      order_id: orderIdSchema,
      symbol: z.string(),
      status: orderStatusSchema,
    }),
  ),
  positions: z.array(
    z.strictObject({
      symbol: z.string(),
      qty_before: quantitySchema.meta({ description: 'negative when short' }),
      qty_now: quantitySchema,
      closing_orders: z.array(
        z.strictObject({
          order_id: orderIdSchema,
          decision_id: decisionIdSchema,
          status: orderStatusSchema,
        }),
      ),
    }),
  ),
  repeated: z.boolean().meta({ description: 'true when the key was known and nothing new begun' }),
  log_position: logPositionSchema,
});
