import { z } from 'zod';
import { approvalEvents } from '../approval/index.ts';
import {
  approvalRequestIdSchema,
  backtestIdSchema,
  event,
  haltIdSchema,
  instantSchema,
  sha256Schema,
} from '../kernel/index.ts';
import { strategyEvents, strategyStateSchema } from '../strategy/index.ts';
import { criterionSchema } from './criteria.ts';
import { driftReportSchema } from './drift.ts';
import { backtestResultSchema, forwardRecordSchema } from './evidence.ts';

/** What a promotion was judged by, whole, as it was then. */
const judged = {
  strategyId: z.string(),
  from: strategyStateSchema,
  to: strategyStateSchema,
  /** The parameters are frozen: of type, rule, timeframe and parameters together. */
  configurationDigest: sha256Schema,
  criteria: z.array(criterionSchema),
  /** The backtest that was judged; null where none was. */
  runId: backtestIdSchema.nullable(),
  /** What it did in sessions; null where none were judged. */
  record: forwardRecordSchema.nullable(),
  /** A caller's words: data, never an instruction. */
  notes: z.string(),
  requestedBy: z.string(),
};

/** A promotion that waits for a human who answers outside the conversation. */
export const promotionRequestSchema = z.strictObject({
  ...judged,
  requestId: approvalRequestIdSchema,
  requestedAt: instantSchema,
  expiresAt: instantSchema,
});
export type PromotionRequest = z.output<typeof promotionRequestSchema>;

const ended = {
  strategyId: z.string(),
  from: strategyStateSchema,
  /** The halt by which it is in force in every session. */
  haltId: haltIdSchema,
  reason: z.string(),
  by: z.string(),
  at: instantSchema,
};

/** The `strategy-<id>` stream: what a strategy is, what is known of it, and where it stands. */
export const lifecycleEvents = {
  ...strategyEvents,
  BacktestCompleted: event(1, backtestResultSchema),
  /** Back from a suspension too: then `from` is `suspended`. */
  StrategyPromoted: event(
    1,
    z.strictObject({
      ...judged,
      /** The request that a human approved, and who did; null where no human is needed. */
      requestId: approvalRequestIdSchema.nullable(),
      approvedBy: z.string().nullable(),
      at: instantSchema,
    }),
  ),
  /** A criterion was not met. */
  PromotionDenied: event(1, z.strictObject({ ...judged, at: instantSchema })),
  PromotionRequested: event(1, promotionRequestSchema),
  /** Nobody answered it in time. */
  PromotionRequestExpired: event(
    1,
    z.strictObject({
      strategyId: z.string(),
      requestId: approvalRequestIdSchema,
      at: instantSchema,
    }),
  ),
  /** A human's answer to the request: a yes stands beside the promotion or the denial that followed. */
  ApprovalGranted: approvalEvents.ApprovalGranted,
  ApprovalDeclined: approvalEvents.ApprovalDeclined,
  StrategySuspended: event(
    1,
    z.strictObject({
      ...ended,
      /** What the house saw when it suspended the strategy by itself; null where somebody asked. */
      drift: driftReportSchema.nullable(),
    }),
  ),
  /** For good. */
  StrategyRetired: event(1, z.strictObject(ended)),
} as const;
