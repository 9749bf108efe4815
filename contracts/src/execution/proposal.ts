import { z } from 'zod';
import {
  approvalRequestIdSchema,
  decisionIdSchema,
  grantIdSchema,
  instantSchema,
  moneySchema,
  orderIdSchema,
  sha256Schema,
} from '../kernel/index.ts';
import { orderIntentSchema, riskCheckSchema } from '../risk/index.ts';

/** An order that waits for a human: nothing is set aside for it, and nothing is sent. */
export const orderProposedSchema = z.strictObject({
  orderId: orderIdSchema,
  decisionId: decisionIdSchema,
  requestId: approvalRequestIdSchema,
  intent: orderIntentSchema,
  /** True where its caller wanted a human to decide, and not the limits or the committee alone. */
  wanted: z.boolean(),
  /** What it would trade for, at the price of then; null where that is not known. */
  value: moneySchema.nullable(),
  /** What the checks said that a human should read, in their order; how many passed. */
  checks: z.array(riskCheckSchema.pick({ code: true, status: true, message: true })),
  passed: z.int().min(0),
  /** By which grant it was proposed: without it a human's yes places nothing. Absent for who needs none. */
  grantId: grantIdSchema.optional(),
  idempotencyKey: z.string().nullable(),
  paramsDigest: sha256Schema,
  givenReason: z.string().nullable(),
  at: instantSchema,
});
