import { z } from 'zod';
import {
  instantSchema,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
} from '../kernel/index.ts';
import { marketBarSchema, quoteSchema, tickerSchema } from '../market/index.ts';
import { positionStateSchema } from '../portfolio/index.ts';
import { sideSchema } from '../risk/index.ts';

/** A trade at whose price a holding was closed that nobody traded any more. */
export const lastTradeSchema = z.strictObject({ price: priceSchema, at: instantSchema });
export type LastTrade = z.output<typeof lastTradeSchema>;

/**
 * One execution, with what it left behind: the fold copies cash and position rather than reckoning
 * them a second time, and a test holds that they conserve.
 */
export const executionSchema = z.strictObject({
  orderId: orderIdSchema,
  symbol: tickerSchema,
  side: sideSchema,
  /** Counts the fills of the order from 1. */
  fill: z.int(),
  /** The venue's id of it (ExecID), by which it is known again; null in an event from before. */
  venueExecutionId: z.string().nullable(),
  lastQuantity: quantitySchema,
  lastPrice: priceSchema,
  fees: moneySchema,
  cumulativeQuantity: quantitySchema,
  leavesQuantity: quantitySchema,
  /** Gross value of all fills so far, and the mean price that follows from it. */
  filledNotional: moneySchema,
  averagePrice: priceSchema,
  reservedCash: moneySchema,
  /** What it met at the venue: a quote or a completed bar. */
  quote: quoteSchema.nullable(),
  bar: marketBarSchema.nullable(),
  /**
   * The mark of a holding that was closed at its last price, since nobody traded it any more; null for a
   * trade in the market, and before version 4.
   */
  lastTrade: lastTradeSchema.nullable(),
  cash: moneySchema,
  /** Null when the fill left the account flat in this symbol. */
  position: positionStateSchema.nullable(),
  /** Profit or loss that this fill realised, before fees. */
  realizedPnl: moneySchema,
  at: instantSchema,
});
export type Execution = z.output<typeof executionSchema>;
