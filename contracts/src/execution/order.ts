import { z } from 'zod';
import {
  decisionIdSchema,
  instantSchema,
  moneySchema,
  orderIdSchema,
  quantitySchema,
  sha256Schema,
} from '../kernel/index.ts';
import { orderIntentSchema } from '../risk/index.ts';

/**
 * FIX's order states, trimmed. *Denied* is ours, *rejected* is the venue's; *unknown* is an order of
 * which we cannot say what became of it, and which keeps its exposure until we can.
 */
export const orderStatuses = [
  'initialized',
  'denied',
  'submitted',
  'accepted',
  'rejected',
  'triggered',
  'partially_filled',
  'filled',
  'pending_cancel',
  'pending_replace',
  'canceled',
  'expired',
  'unknown',
] as const;
export const orderStatusSchema = z.enum(orderStatuses);
export type OrderStatus = z.output<typeof orderStatusSchema>;

/** An order that may still trade, as the books carry it from one session to the next. */
export const workingOrderSchema = z.strictObject({
  orderId: orderIdSchema,
  decisionId: decisionIdSchema,
  /** Counts the orders of a session from 1: what the venue's chance is drawn by. */
  sequence: z.int(),
  status: orderStatusSchema,
  /** The state to go back to when a pending cancel is refused; null outside of one. */
  statusBefore: orderStatusSchema.nullable(),
  /** When the pending cancel was asked for; null when none is. */
  cancelRequestedAt: instantSchema.nullable(),
  intent: orderIntentSchema,
  submittedAt: instantSchema,
  cumulativeQuantity: quantitySchema,
  leavesQuantity: quantitySchema,
  /** Gross value of the fills so far. */
  filledNotional: moneySchema,
  /** How many executions it had, and what they cost in fees. */
  fills: z.int(),
  fees: moneySchema,
  /** Cash set aside for a buy until it trades or ends; zero for a sell. */
  reservedCash: moneySchema,
});
export type WorkingOrder = z.output<typeof workingOrderSchema>;

/** An idempotency key with the outcome that it answers. */
export const usedKeySchema = z.strictObject({
  key: z.string(),
  paramsDigest: sha256Schema,
  orderId: orderIdSchema,
  at: instantSchema,
});
export type UsedKey = z.output<typeof usedKeySchema>;

/** How the paper venue behaves; stands in the books so that a session replays alone. */
export const venueTermsSchema = z.strictObject({
  seed: z.int(),
  latencyMs: z.int().min(0).max(60_000),
  slippageBps: z.int().min(0).max(1000),
  /** Names the dated fee table. */
  feeSchedule: z.literal('us-equity-1'),
});
export type VenueTerms = z.output<typeof venueTermsSchema>;
