import { z } from 'zod';
import { pendingApproval } from '../approval/index.ts';
import {
  command,
  decisionIdSchema,
  logPositionSchema,
  moneySchema,
  orderIdSchema,
  priceArgument,
  quantityArgument,
  reasonArgument,
  textArgument,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerArgument } from '../market/index.ts';
import { orderArguments, timeInForceSchema } from '../risk/index.ts';
import { orderView } from './views.ts';
import { windDownAnswer } from './wind-down.ts';

const orderAnswer = z.strictObject({
  mode: z.string().meta({ description: 'paper, on which market' }),
  source: marketSourceSchema,
  order: orderView,
  log_position: logPositionSchema,
});

/** An order as it is placed or proposed. */
const placingArguments = {
  ...orderArguments,
  time_in_force: timeInForceSchema.optional().meta({
    description:
      'day unless given; gtc lives 90 days; ioc and fok trade at once or never; opg and cls take part in the opening or closing alone',
  }),
  idempotency_key: textArgument(100).optional().meta({
    description: 'the same key again answers the first outcome instead of trading twice',
  }),
  reason: reasonArgument,
};

/** What every wish to wind down takes. */
const windDownArguments = {
  reason: reasonArgument,
  idempotency_key: textArgument(100).optional().meta({
    description: 'the same key answers how the first call goes on, and begins nothing new',
  }),
};

export const executionCommands = {
  PlaceOrder: command(
    z.strictObject(placingArguments),
    orderAnswer.extend({
      approval: pendingApproval
        .nullable()
        .meta({ description: 'present while a human decides: the order is not submitted yet' }),
      soft_checks_failed: z
        .array(z.strictObject({ code: z.string(), message: z.string() }))
        .meta({ description: 'warnings: the order went on all the same' }),
      repeated: z
        .boolean()
        .meta({ description: 'true when the key was known and nothing new was done' }),
    }),
  ),
  ProposeOrder: command(
    z.strictObject(placingArguments),
    orderAnswer.extend({
      approval: pendingApproval
        .nullable()
        .meta({ description: 'null once a human has answered, or nobody has in time' }),
      checks: z.array(
        z.strictObject({ code: z.string(), status: z.string(), message: z.string() }),
      ),
      repeated: z.boolean(),
    }),
  ),
  ReplaceOrder: command(
    z.strictObject({
      order_id: orderIdSchema,
      qty: quantityArgument
        .optional()
        .meta({ description: 'the new total, with what is filled already' }),
      limit_price: priceArgument.optional(),
      stop_price: priceArgument.optional(),
    }),
    orderAnswer.extend({ decision_id: decisionIdSchema }),
  ),
  Reconcile: command(
    z.strictObject({}),
    z.strictObject({
      mode: z.string(),
      resolved: z
        .array(z.strictObject({ order_id: orderIdSchema, symbol: z.string(), status: z.string() }))
        .meta({ description: 'orders of unknown outcome, and what the venue says became of them' }),
      log_position: logPositionSchema,
    }),
  ),
  ClosePosition: command(
    z.strictObject({ symbol: tickerArgument, ...windDownArguments }),
    windDownAnswer,
  ),
  CancelAll: command(
    z.strictObject({
      symbol: tickerArgument.optional().meta({ description: 'its orders alone; all unless given' }),
      ...windDownArguments,
    }),
    windDownAnswer,
  ),
  FlattenAll: command(z.strictObject(windDownArguments), windDownAnswer),
  ResetPaper: command(
    z.strictObject(windDownArguments),
    z.strictObject({
      mode: z.string(),
      account: z.string(),
      epoch: z.int().meta({ description: 'counts from 1, the account’s first' }),
      cash: moneySchema,
      cash_before: moneySchema,
      repeated: z.boolean(),
      log_position: logPositionSchema,
    }),
  ),
  CancelOrder: command(
    z.strictObject({ order_id: orderIdSchema, reason: reasonArgument }),
    orderAnswer,
  ),
} as const;
