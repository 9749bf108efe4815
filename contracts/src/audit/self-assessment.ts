import { z } from 'zod';
import {
  endArgument,
  eventIdSchema,
  instantSchema,
  logPositionSchema,
  query,
  startArgument,
} from '../kernel/index.ts';

const count = z.int().min(0);
const countsByName = z.record(z.string(), count);

/** Below `least_sample` nothing is said but that it is too little. */
const verdict = z.strictObject({
  area: z.enum(['slippage', 'regime', 'drift', 'gaps', 'approvals', 'reading']),
  sample: count,
  least_sample: count,
  verdict: z.enum(['insufficient', 'in_order', 'look']),
  says: z.string(),
});
export type AssessmentVerdict = z.output<typeof verdict>;

export const selfAssessmentQueries = {
  AssessSelf: query(
    z.strictObject({ start: startArgument, end: endArgument }),
    z.strictObject({
      mode: z.string(),
      from: instantSchema,
      until: instantSchema,
      events_count: count,
      decisions: z.strictObject({
        by_purpose: countsByName,
        by_outcome: countsByName,
        denied_by_check: countsByName.meta({ description: 'by the check that gave the code' }),
        warned_by_check: countsByName.meta({
          description: 'soft checks that failed and stopped nothing',
        }),
      }),
      overrides: z.strictObject({
        asked: countsByName.meta({ description: 'what waited for a human, by kind' }),
        granted: countsByName,
        declined: countsByName,
        expired: countsByName,
        approved_despite_warning: count,
      }),
      stops: z.strictObject({
        halts_by_the_house: count,
        halts_by_others: count,
        suspended_for_drift: count,
        suspended_otherwise: count,
      }),
      slippage: z.strictObject({
        orders_after_signals: count,
        measured: count,
        mean_bps: z.number().nullable().meta({ description: 'positive: worse than the signal' }),
        worst_bps: z.number().nullable(),
      }),
      regime: z
        .array(
          z.strictObject({
            label: z.string(),
            calls: count,
            followed: count.meta({ description: 'with a later close on record' }),
            as_called: count.nullable().meta({ description: 'null: it calls no direction' }),
            mean_move_bps: z.number().nullable(),
          }),
        )
        .meta({ description: 'calls against the first close recorded 5 bars or more later' }),
      gaps: z.strictObject({
        versions_missing: count,
        approved_without_order: count,
        orders_of_unknown_outcome: count,
        sessions_never_closed: count,
      }),
      approvals: z
        .strictObject({
          signed: count,
          proved: count,
          failed: z.array(z.strictObject({ event_id: eventIdSchema, why: z.string() })),
        })
        .meta({ description: 'by passkey, each signature verified again' }),
      unread: z.array(
        z.strictObject({ what: z.string(), count, first_event_id: eventIdSchema.nullable() }),
      ),
      verdicts: z.array(verdict),
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
