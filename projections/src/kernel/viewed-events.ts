import { events } from '@sentinel/contracts';
import { type EventOf, event } from '@sentinel/contracts/kernel';
import {
  committeeFactsSchema,
  riskAssessedSchema,
  riskCheckSchema,
  riskFactsSchema,
} from '@sentinel/contracts/risk';

const { version, upcasters } = events.RiskAssessed;

/**
 * What views look at of an assessment. It is a third of all events and nine tenths of a log's bytes, and
 * most of it is there to be judged again: that is read, and proved by its digests, where it is.
 */
const assessmentInViews = riskAssessedSchema
  .pick({
    decisionId: true,
    purpose: true,
    at: true,
    intent: true,
    outcome: true,
    denialCode: true,
  })
  .extend({
    checks: riskCheckSchema.pick({ code: true, status: true }).strip().array(),
    facts: riskFactsSchema
      .pick({ quote: true })
      .extend({
        committee: committeeFactsSchema.pick({ stop: true }).strip().nullable().optional(),
      })
      .strip(),
  })
  .strip();

/** Every event as views see it: no member is decoded at which none of them looks. */
export const viewedEvents = {
  ...events,
  RiskAssessed: event(version, assessmentInViews, upcasters),
};
export type ViewedEvent = EventOf<typeof viewedEvents>;
