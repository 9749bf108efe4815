import { z } from 'zod';
import { grantedOrderSchema } from '../access/index.ts';
import {
  decisionIdSchema,
  instantSchema,
  moneySchema,
  orderIdSchema,
  sha256Schema,
  windDownIdSchema,
} from '../kernel/index.ts';
import { checkCodeSchema, orderIntentSchema } from '../risk/index.ts';
import { orderLinkSchema } from './order.ts';

/** What whoever placed an order gave as a reason: text of others, which is data; null for none, and before version 2. */
const givenReason = z.string().nullable();

/** Our own no to an order. */
export const orderDeniedSchema = z.strictObject({
  orderId: orderIdSchema,
  decisionId: decisionIdSchema,
  intent: orderIntentSchema,
  code: checkCodeSchema,
  message: z.string(),
  idempotencyKey: z.string().nullable(),
  paramsDigest: sha256Schema,
  givenReason,
  at: instantSchema,
});

/** An order on its way to the venue. */
export const orderSubmittedSchema = z.strictObject({
  orderId: orderIdSchema,
  decisionId: decisionIdSchema,
  sequence: z.int(),
  intent: orderIntentSchema,
  reservedCash: moneySchema,
  idempotencyKey: z.string().nullable(),
  paramsDigest: sha256Schema,
  givenReason,
  at: instantSchema,
  /** Present for an exit, which the approval of its parent covers. */
  link: orderLinkSchema.optional(),
  /** Present for an order of a client that acts by a grant. */
  granted: grantedOrderSchema.optional(),
  /** Present for an order that closes a position for a wish to wind down. */
  windDownId: windDownIdSchema.optional(),
});
