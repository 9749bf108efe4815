import { z } from 'zod';
import { command, orderIdSchema, positionSchema, textArgument } from '../kernel/index.ts';
import { marketSourceSchema } from '../market/index.ts';
import { orderArguments, timeInForceSchema } from '../risk/index.ts';
import { orderView } from './views.ts';

const orderAnswer = z.strictObject({
  mode: z.string().meta({ description: 'paper, on which market' }),
  source: marketSourceSchema,
  order: orderView,
  log_position: positionSchema,
});

export const executionCommands = {
  PlaceOrder: command(
    z.strictObject({
      ...orderArguments,
      time_in_force: timeInForceSchema.default('day'),
      idempotency_key: textArgument(100).optional().meta({
        description:
          'repeat a call with the same key and it answers the first outcome instead of trading twice',
      }),
    }),
    orderAnswer.extend({
      repeated: z
        .boolean()
        .meta({ description: 'true when the key was known and nothing new was done' }),
    }),
  ),
  CancelOrder: command(
    z.strictObject({ order_id: orderIdSchema, reason: textArgument(500) }),
    orderAnswer,
  ),
} as const;
