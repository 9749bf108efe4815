import { z } from 'zod';
import { approvalEvents } from '../approval/index.ts';
import {
  approvalRequestIdSchema,
  decisionIdSchema,
  event,
  haltIdSchema,
  instantSchema,
  orderIdSchema,
  sha256Schema,
  tradingDateSchema,
} from '../kernel/index.ts';
import { accountBindingSchema, marketBindingSchema } from './binding.ts';
import { checkCodeSchema, riskCheckSchema } from './checks.ts';
import { riskFactsSchema } from './facts.ts';
import { haltSchema, releaseRequestSchema } from './halts.ts';
import { limitsDocumentSchema, riskLimitsSchema } from './limits.ts';
import { orderIntentSchema } from './order-intent.ts';

/** APPROVAL_REQUIRED: nothing blocks it, and a human decides. It is judged again when they do. */
export const assessmentOutcomeSchema = z.enum(['APPROVED', 'DENIED', 'APPROVAL_REQUIRED']);
export type AssessmentOutcome = z.output<typeof assessmentOutcomeSchema>;

export const riskAssessedSchema = z.strictObject({
  decisionId: decisionIdSchema,
  /** A preview is recorded like any other, and submits nothing; a proposal waits for a human. */
  purpose: z.enum(['order', 'preview', 'proposal']),
  at: instantSchema,
  intent: orderIntentSchema,
  /** The working order whose place the intent would take; absent for a new order. */
  replaces: orderIdSchema.optional(),
  facts: riskFactsSchema,
  limitsVersion: z.int(),
  /** Which policy was applied; it changes with the meaning of any check. */
  policyVersion: z.string(),
  /** SHA-256 of the sources that decided. */
  codeDigest: sha256Schema,
  /** True when the order could only shrink a position. */
  reducing: z.boolean(),
  checks: z.array(riskCheckSchema),
  outcome: assessmentOutcomeSchema,
  denialCode: checkCodeSchema.nullable(),
  /** Digest of intent, facts, limits and the account's state that went in. */
  inputsDigest: sha256Schema,
  /** Digest of checks and outcome that came out; without their prose since policy risk-4. */
  resultDigest: sha256Schema,
});
export type RiskAssessed = z.output<typeof riskAssessedSchema>;

/** In force at once for all that follows in the stream in which it stands. */
export const haltEvents = {
  /** Version 1 knew no halt of one account: what it says holds for every account. */
  HaltEngaged: event(2, haltSchema, { 1: (data) => data }),
  HaltReleased: event(
    1,
    z.strictObject({
      haltId: haltIdSchema,
      requestId: approvalRequestIdSchema,
      /** The human who approved, as the approval page knew them. */
      releasedBy: z.string(),
      releasedAt: instantSchema,
    }),
  ),
  LimitsAdopted: event(
    1,
    z.strictObject({
      document: limitsDocumentSchema,
      /** The account that they hold for; absent where they hold for every account without its own. */
      account: z.string().optional(),
      at: instantSchema,
    }),
  ),
} as const;

const sessionOfAccount = z.strictObject({
  session: z.string(),
  account: z.string(),
  date: tradingDateSchema,
  at: instantSchema,
});

/** Before version 2 account and date stood in the stream's name alone. */
const sessionEvent = event(2, sessionOfAccount, {
  1: (data) => {
    const { session } = data as { readonly session: string };
    const dateLength = 'yyyy-mm-dd'.length;
    return {
      ...(data as object),
      account: session.slice('session-'.length, -dateLength - 1),
      date: session.slice(-dateLength),
    };
  },
});

/** The `control` stream: halts and limits that hold for every session, and which sessions are open. */
export const controlEvents = {
  ...haltEvents,
  ...approvalEvents,
  /** Limits that wait for a human beside the request that names them: some of them are looser. */
  LimitsProposed: event(
    1,
    z.strictObject({
      requestId: approvalRequestIdSchema,
      limits: riskLimitsSchema,
      at: instantSchema,
    }),
  ),
  /** The first event of a log; a later one says to which bars that have come since it is bound as well. */
  MarketBound: event(1, marketBindingSchema.extend({ at: instantSchema })),
  AccountBound: event(1, accountBindingSchema.extend({ at: instantSchema })),
  HaltReleaseRequested: event(1, releaseRequestSchema),
  /** Nobody answered it in time. */
  HaltReleaseExpired: event(
    1,
    z.strictObject({
      requestId: approvalRequestIdSchema,
      haltId: haltIdSchema,
      at: instantSchema,
    }),
  ),
  /** Stands before the session's own first event, so that a halt always finds the session. */
  SessionRegistered: sessionEvent,
  SessionDeregistered: sessionEvent,
} as const;
