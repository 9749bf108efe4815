import { z } from 'zod';
import { priceSchema, quantitySchema } from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';

export const sideSchema = z.enum(['buy', 'sell']);
export type Side = z.output<typeof sideSchema>;

export const orderTypeSchema = z.enum(['market', 'limit']);
export type OrderType = z.output<typeof orderTypeSchema>;

export const timeInForceSchema = z.enum(['day', 'gtc']);
export type TimeInForce = z.output<typeof timeInForceSchema>;

/** What somebody wants to do, before anybody has judged it. */
export const orderIntentSchema = z.strictObject({
  symbol: tickerSchema,
  side: sideSchema,
  quantity: quantitySchema,
  orderType: orderTypeSchema,
  /** Present exactly when the type is `limit`. */
  limitPrice: priceSchema.nullable(),
  /** Where the caller means to get out; sizes the risk of the trade and places no order. */
  stopPrice: priceSchema.nullable(),
  timeInForce: timeInForceSchema,
  strategyId: z.string().nullable(),
});
export type OrderIntent = z.output<typeof orderIntentSchema>;
