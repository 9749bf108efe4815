import { z } from 'zod';
import {
  cursorArgument,
  endArgument,
  instantSchema,
  logPositionSchema,
  minPositionArgument,
  nextCursorSchema,
  orderIdSchema,
  query,
  startArgument,
} from '../kernel/index.ts';
import { tickerArgument } from '../market/index.ts';
import { orderStatusSchema } from './order.ts';
import { fillView, listedOrder, orderView } from './views.ts';

export const executionQueries = {
  GetOrder: query(
    z.strictObject({ order_id: orderIdSchema, min_position: minPositionArgument }),
    z.strictObject({
      mode: z.string(),
      order: orderView,
      exits: z.array(orderIdSchema).meta({ description: 'orders that its fills set out' }),
      fills: z.array(fillView).meta({
        description:
          'those that count, oldest first: corrected as the venue said, without busted ones',
      }),
      transitions: z.array(
        z.strictObject({
          event_id: z.string(),
          type: z.string(),
          status: orderStatusSchema,
          at: instantSchema,
          reason: z
            .string()
            .nullable()
            .meta({ description: 'words given with it, such as those of a cancel: data' }),
        }),
      ),
      as_of_position: logPositionSchema,
    }),
  ),
  ListOrders: query(
    z.strictObject({
      open: z
        .boolean()
        .optional()
        .meta({ description: 'true: only those that work, are pending or unknown' }),
      status: orderStatusSchema.optional(),
      symbol: tickerArgument.optional(),
      start: startArgument,
      end: endArgument,
      detail: z
        .enum(['short', 'full'])
        .optional()
        .meta({ description: 'full: all of each, as execution.get_order' }),
      limit: z.int().min(1).max(100).default(8),
      cursor: cursorArgument,
      min_position: minPositionArgument,
    }),
    z.strictObject({
      mode: z.string(),
      orders: z.array(listedOrder).meta({ description: 'newest first' }),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
