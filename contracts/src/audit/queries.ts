import { z } from 'zod';
import {
  cursorArgument,
  eventIdSchema,
  instantSchema,
  logPositionSchema,
  minPositionArgument,
  nextCursorSchema,
  query,
  textArgument,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerArgument } from '../market/index.ts';
import { historyQueries } from './history-queries.ts';
import { difference, replayQueries } from './replay.ts';
import { selfAssessmentQueries } from './self-assessment.ts';
import { whatIfQueries } from './what-if.ts';

const line = z.strictObject({
  /** One sentence. */
  text: z.string(),
  /** The event on which the sentence rests. */
  event_id: eventIdSchema,
});

export const auditQueries = {
  ...replayQueries,
  ...whatIfQueries,
  ...historyQueries,
  ...selfAssessmentQueries,
  ListRecentEvents: query(
    z.strictObject({
      symbol: tickerArgument.optional(),
      strategy: textArgument(100).optional(),
      type: textArgument(60).optional(),
      detail: z.enum(['short', 'full']).optional(),
      limit: z.int().min(1).max(100).default(8),
      cursor: cursorArgument,
      min_position: minPositionArgument,
    }),
    z.strictObject({
      events: z
        .array(
          z.strictObject({
            event_id: eventIdSchema,
            type: z.string(),
            stream: z.string().optional(),
            log_position: logPositionSchema,
            recorded_at: instantSchema,
            symbol: z.string().nullable(),
            strategy: z.string().nullable().optional(),
            order_id: z.string().nullable(),
            decision_id: z.string().nullable().optional(),
            principal: z.string(),
            tool: z.string().optional(),
            summary: z.string(),
          }),
        )
        .meta({ description: 'newest first' }),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
  ExplainTrade: query(
    z.strictObject({
      audit_event_id: textArgument(60).meta({
        description: 'the id of an event, a decision, an order, a halt, a request or a session',
      }),
      detail: z
        .enum(['note', 'full'])
        .optional()
        .meta({ description: 'full tells every check; a note those that failed or came nearest' }),
      min_position: minPositionArgument,
    }),
    z.strictObject({
      decision_id: z.string().meta({ description: 'of what is no order its event id' }),
      order_id: z.string().nullable(),
      /** The decision run again over what was recorded: `equal`, or where it differs. */
      re_executed: z.strictObject({
        result: z.enum(['equal', 'different', 'not_re_executable']).meta({
          description: 'not_re_executable: no rule decided it, or what it needs was not kept',
        }),
        recorded_inputs_digest: z.string().nullable(),
        recomputed_inputs_digest: z.string().nullable(),
        recorded_result_digest: z.string().nullable(),
        recomputed_result_digest: z.string().nullable(),
        same_code: z
          .boolean()
          .meta({ description: 'whether the sources that decided are those that run now' }),
        recorded_code_digest: z.string().nullable(),
        policy_version: z.string().nullable(),
        limits_version: z.int().nullable().meta({ description: 'null for what no limits decide' }),
        differences: z.array(difference),
      }),
      /** The bars behind the facts, fetched by digest and reckoned again. */
      evidence: z.array(
        z.strictObject({
          fact: z.string(),
          digest: z.string(),
          event_id: z.string().nullable(),
          result: z.enum(['equal', 'different', 'missing']),
          detail: z.string(),
        }),
      ),
      headline: z.string().meta({ description: 'outcome, and profit or loss once it is closed' }),
      narrative: z.array(line),
      mode: z.string(),
      source: marketSourceSchema.nullable(),
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
