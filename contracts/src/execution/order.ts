import { z } from 'zod';
import {
  decisionIdSchema,
  instantSchema,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
  sha256Schema,
  windDownIdSchema,
} from '../kernel/index.ts';
import { timeframeSchema } from '../market/index.ts';
import { orderIntentSchema, venueKindSchema } from '../risk/index.ts';

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

/**
 * The part that an order plays for another: an exit trades only what its parent has filled, and of two
 * exits of one parent a fill of one shrinks the other.
 */
export const orderLinkSchema = z.strictObject({
  role: z.enum(['take_profit', 'stop_loss']),
  parentId: orderIdSchema,
});
export type OrderLink = z.output<typeof orderLinkSchema>;

/** An execution that counts towards an order: what a bust takes back and a correction changes. */
export const takenExecutionSchema = z.strictObject({
  /** The venue's id under which it was first reported; null where none was recorded. */
  venueExecutionId: z.string().nullable(),
  quantity: quantitySchema,
  price: priceSchema,
  fees: moneySchema,
  realizedPnl: moneySchema,
  /** The venue's time of what was said of it last. */
  at: instantSchema,
});
export type TakenExecution = z.output<typeof takenExecutionSchema>;

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
  /** What is set aside until it trades or ends; zero for what can only shrink a position. */
  reservedCash: moneySchema,
  /** Where a stop now stands: a trailing one moves. Absent for other types, and until it is known. */
  stopAt: priceSchema.optional(),
  /** When a stop began to trade. */
  triggeredAt: instantSchema.optional(),
  link: orderLinkSchema.optional(),
  /** What a pending replacement asks for, and when it was asked. */
  replacement: z
    .strictObject({ intent: orderIntentSchema, at: instantSchema, reservedCash: moneySchema })
    .optional(),
  /** The venue's own id of it (OrderID), once it has told it. */
  venueOrderId: z.string().optional(),
  /** Present for an order that others placed in the account: no decision of ours stands behind it. */
  external: z.literal(true).optional(),
  /** Since when it has the prices that it has, if not from the beginning. */
  termsAt: instantSchema.optional(),
  /** Its executions, oldest first; absent before the first, and in books from before. */
  executions: z.array(takenExecutionSchema).optional(),
  /** What whoever placed it gave as a reason: text of others, which is data. Absent where they gave none. */
  givenReason: z.string().optional(),
  /** Present where it closes a position for a wish to wind down. */
  windDownId: windDownIdSchema.optional(),
  /** Ids of executions that the venue has busted: none of them counts, however late it is reported. */
  busted: z.array(z.string()).optional(),
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

/** How often, in basis points of orders or of fills, the paper venue misbehaves as real ones do. */
export const venueFaultsSchema = z.strictObject({
  /** Rejects an order that is in order. */
  rejectBps: z.int().min(0).max(10_000),
  /** Does not answer an order, half of which have arrived all the same. */
  timeoutBps: z.int().min(0).max(10_000),
  /** Reports a fill twice. */
  duplicateFillBps: z.int().min(0).max(10_000),
  /** Reports a fill only after the order was canceled. */
  lateFillBps: z.int().min(0).max(10_000),
  /** Loses the connection for a look: nothing is heard of any order. */
  disconnectBps: z.int().min(0).max(10_000),
});
export type VenueFaults = z.output<typeof venueFaultsSchema>;

/** How the paper venue behaves; stands in the books so that a session replays alone. */
export const venueTermsSchema = z.strictObject({
  /** Absent for paper. */
  venue: venueKindSchema.optional(),
  seed: z.int(),
  latencyMs: z.int().min(0).max(60_000),
  slippageBps: z.int().min(0).max(1000),
  /** Names the dated fee table. */
  feeSchedule: z.literal('us-equity-1'),
  /** What orders meet: quotes where it is absent, or completed bars of this length. */
  bars: timeframeSchema.optional(),
  /** Of a bar's volume or of displayed sizes, what our orders may take at the most. */
  participationBps: z.int().min(1).max(10_000).optional(),
  faults: venueFaultsSchema.optional(),
});
export type VenueTerms = z.output<typeof venueTermsSchema>;
