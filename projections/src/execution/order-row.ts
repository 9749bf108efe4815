import { orderStatusSchema } from '@sentinel/contracts/execution';
import {
  decisionIdSchema,
  eventIdSchema,
  instantSchema,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
  signalIdSchema,
  z,
} from '@sentinel/contracts/kernel';
import { tickerSchema } from '@sentinel/contracts/market';
import {
  orderTypeSchema,
  sideSchema,
  timeInForceSchema,
  trailSchema,
} from '@sentinel/contracts/risk';

const termsRow = z.strictObject({
  symbol: tickerSchema,
  side: sideSchema,
  quantity: quantitySchema,
  orderType: orderTypeSchema,
  limitPrice: priceSchema.nullable(),
  timeInForce: timeInForceSchema,
  strategyId: z.string().nullable(),
  signalId: signalIdSchema.optional(),
  trail: trailSchema.optional(),
});

/** An order without its transitions. */
export const orderRow = z.strictObject({
  orderId: orderIdSchema,
  decisionId: decisionIdSchema,
  intent: termsRow,
  /** Where its stop stands; null for other types, and until it is known. */
  stopAt: priceSchema.nullable(),
  link: z.strictObject({ parentId: orderIdSchema }).nullable(),
  /** Whether others placed it. */
  external: z.boolean(),
  status: orderStatusSchema,
  statusBefore: orderStatusSchema.nullable(),
  cumulativeQuantity: quantitySchema,
  filledNotional: moneySchema,
  fees: moneySchema,
  reason: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** The words of whoever placed it: data. */
  givenReason: z.string().nullable(),
  submittedAt: instantSchema,
  updatedAt: instantSchema,
});

/** An execution that counts, by the venue's id of it: null where none was recorded. */
const fillRow = z.strictObject({
  eventId: eventIdSchema,
  venueExecutionId: z.string().nullable(),
  quantity: quantitySchema,
  price: priceSchema,
  fees: moneySchema,
  at: instantSchema,
});
export type FillRow = z.output<typeof fillRow>;

/** The row as it is stored. */
export const storedRow = orderRow.extend({
  fills: fillRow.array(),
  transitions: z
    .strictObject({
      event_id: eventIdSchema,
      type: z.string(),
      status: orderStatusSchema,
      at: instantSchema,
      reason: z.string().nullable(),
    })
    .array(),
});
export type OrderRow = z.output<typeof storedRow>;
