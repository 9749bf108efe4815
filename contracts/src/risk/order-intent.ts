import { z } from 'zod';
import { priceSchema, quantitySchema, signalIdSchema } from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';

/**
 * A sale of shares that are not held is marked as such (FIX 5, Reg SHO rule 200(g)): a plain `sell`
 * never opens a short position.
 */
export const sideSchema = z.enum(['buy', 'sell', 'sell_short']);
export type Side = z.output<typeof sideSchema>;

export const orderTypeSchema = z.enum([
  'market',
  'limit',
  'stop',
  'stop_limit',
  'trailing_stop',
  'market_on_open',
  'market_on_close',
]);
export type OrderType = z.output<typeof orderTypeSchema>;

/** `opg` and `cls` take part in the opening or the closing alone. A gtc order lives 90 days. */
export const timeInForceSchema = z.enum(['day', 'gtc', 'ioc', 'fok', 'opg', 'cls']);
export type TimeInForce = z.output<typeof timeInForceSchema>;

/** How far a trailing stop stays behind the best price since it began to work: one of the two. */
export const trailSchema = z.strictObject({
  /** Dollars per share. */
  amount: priceSchema.nullable(),
  /** Basis points of the best price. */
  bps: z.int().min(1).max(5_000).nullable(),
});
export type Trail = z.output<typeof trailSchema>;

/** Orders that the venue sets out for what this one fills: with both, one's fill shrinks the other. */
export const exitsSchema = z.strictObject({
  takeProfit: priceSchema.nullable(),
  stopLoss: priceSchema.nullable(),
});
export type Exits = z.output<typeof exitsSchema>;

/**
 * What somebody wants to do, before anybody has judged it. Members that came later are absent where
 * they do not apply, so that an older intent has the digest that it always had.
 */
export const orderIntentSchema = z.strictObject({
  symbol: tickerSchema,
  side: sideSchema,
  quantity: quantitySchema,
  orderType: orderTypeSchema,
  /** Present exactly when the type is `limit` or `stop_limit`. */
  limitPrice: priceSchema.nullable(),
  /** Where the caller means to get out; sizes the risk of the trade and places no order. */
  stopPrice: priceSchema.nullable(),
  timeInForce: timeInForceSchema,
  strategyId: z.string().nullable(),
  /** Present exactly when the type is `stop` or `stop_limit`: where it begins to trade. */
  triggerPrice: priceSchema.optional(),
  /** Present exactly when the type is `trailing_stop`. */
  trail: trailSchema.optional(),
  exits: exitsSchema.optional(),
  /** The signal that the order follows, which the decision committee judges. */
  signalId: signalIdSchema.optional(),
  /** The protective limit that the assessment gave an order without one of its own. */
  collar: priceSchema.optional(),
});
export type OrderIntent = z.output<typeof orderIntentSchema>;
