import { z } from 'zod';
import {
  instantSchema,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
} from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';
import { positionStateSchema } from '../portfolio/index.ts';
import { sideSchema } from '../risk/index.ts';

/** What the venue's change of an execution leaves behind, as an execution itself does. */
const changed = {
  orderId: orderIdSchema,
  symbol: tickerSchema,
  side: sideSchema,
  /** The venue's id of this report, and the id under which the execution was first reported. */
  venueExecutionId: z.string(),
  refers: z.string(),
  /** Change of the fees: negative when some are given back. */
  fees: moneySchema,
  cumulativeQuantity: quantitySchema,
  leavesQuantity: quantitySchema,
  filledNotional: moneySchema,
  /** Null when nothing is left that was filled. */
  averagePrice: priceSchema.nullable(),
  reservedCash: moneySchema,
  cash: moneySchema,
  /** Null when the account is flat in this symbol. */
  position: positionStateSchema.nullable(),
  /** Change of the profit or loss that was realised, before fees. */
  realizedPnl: moneySchema,
  at: instantSchema,
};

/**
 * The venue has taken an execution back (FIX trade cancel). Of one that was not heard of before, nothing
 * is taken back, and it will not count when it comes: then `lastQuantity` is zero.
 */
export const executionBustedSchema = z.strictObject({
  ...changed,
  lastQuantity: quantitySchema,
  lastPrice: priceSchema.nullable(),
  reason: z.string(),
});
export type ExecutionBusted = z.output<typeof executionBustedSchema>;

/** The venue has corrected the shares or the price of an execution (FIX trade correct). */
export const executionCorrectedSchema = z.strictObject({
  ...changed,
  before: z.strictObject({ quantity: quantitySchema, price: priceSchema }),
  lastQuantity: quantitySchema,
  lastPrice: priceSchema,
});
export type ExecutionCorrected = z.output<typeof executionCorrectedSchema>;
