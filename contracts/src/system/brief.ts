import { z } from 'zod';
import {
  eventIdSchema,
  instantSchema,
  logPositionSchema,
  moneySchema,
  query,
  sinceArgument,
} from '../kernel/index.ts';

const count = z.int();

export const briefQueries = {
  GetBrief: query(
    z.strictObject({
      since: sinceArgument.meta({
        description:
          'a log position, an instant or a date; the beginning of the trading day unless given',
      }),
    }),
    z.strictObject({
      calm: z.boolean().meta({
        description: 'true only when nothing needs a decision and everything could be read',
      }),
      headline: z.string(),
      mode: z.string(),
      at: instantSchema,
      since_position: logPositionSchema.nullable().meta({ description: 'null where it is unread' }),
      log_position: logPositionSchema.nullable(),
      changed: z
        .strictObject({
          events_count: count,
          counted_all: z.boolean().meta({ description: 'false when only the oldest are counted' }),
          orders_submitted: count,
          orders_denied: count,
          fills: count,
          signals: count,
          halts: count,
          highlights: z
            .array(
              z.strictObject({
                text: z.string(),
                event_id: eventIdSchema,
                log_position: logPositionSchema,
              }),
            )
            .meta({ description: 'what weighs most, newest first, at most 12' }),
        })
        .nullable(),
      account: z
        .strictObject({
          equity_usd: moneySchema,
          day_pnl_usd: moneySchema,
          open_positions: count,
          working_orders: count,
        })
        .nullable(),
      needs_decision: z.array(
        z.strictObject({
          kind: z.enum(['release', 'approval', 'halt', 'unknown_order', 'limit']),
          text: z.string(),
          id: z.string().nullable(),
          until: instantSchema.nullable(),
          what_to_do: z.string(),
        }),
      ),
      unreadable: z
        .array(z.strictObject({ what: z.string(), why: z.string() }))
        .meta({ description: 'what nobody can say anything of now' }),
    }),
  ),
  ListViews: query(
    z.strictObject({}),
    z.strictObject({
      log_position: logPositionSchema,
      live: z.boolean().meta({ description: 'every view is folded to the end of the log' }),
      views: z.array(
        z.strictObject({
          view: z.string(),
          version: z.int(),
          state: z.enum(['starting', 'catching_up', 'live', 'parked']),
          log_position: logPositionSchema,
          behind_positions: z.int(),
          behind_ms: z.int(),
          problem: z.string().nullable(),
        }),
      ),
    }),
  ),
} as const;
