import { z } from 'zod';
import {
  decisionIdSchema,
  event,
  instantSchema,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
  sha256Schema,
  tradingDateSchema,
} from '../kernel/index.ts';
import { quoteSchema, tickerSchema } from '../market/index.ts';
import { positionStateSchema } from '../portfolio/index.ts';
import {
  checkCodeSchema,
  haltEvents,
  haltSchema,
  limitsDocumentSchema,
  orderIntentSchema,
  riskAssessedSchema,
  sideSchema,
} from '../risk/index.ts';
import { usedKeySchema, venueTermsSchema, workingOrderSchema } from './order.ts';

const orderFact = z.strictObject({
  orderId: orderIdSchema,
  /** Null in an event from before it was recorded. */
  symbol: tickerSchema.nullable(),
  at: instantSchema,
});

/** What happened to an order, from version 2 on with its symbol, so that it is found by it. */
const orderEvent = <Schema extends z.ZodType<object>>(schema: Schema) =>
  event(2, schema, { 1: (data) => ({ ...(data as object), symbol: null }) });

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
  lastQuantity: quantitySchema,
  lastPrice: priceSchema,
  fees: moneySchema,
  cumulativeQuantity: quantitySchema,
  leavesQuantity: quantitySchema,
  /** Gross value of all fills so far, and the mean price that follows from it. */
  filledNotional: moneySchema,
  averagePrice: priceSchema,
  reservedCash: moneySchema,
  quote: quoteSchema,
  cash: moneySchema,
  /** Null when the fill left the account flat in this symbol. */
  position: positionStateSchema.nullable(),
  /** Profit or loss that this fill realised, before fees. */
  realizedPnl: moneySchema,
  at: instantSchema,
});
export type Execution = z.output<typeof executionSchema>;

const books = {
  account: z.string(),
  date: tradingDateSchema,
  at: instantSchema,
  cash: moneySchema,
  positions: z.array(positionStateSchema),
  workingOrders: z.array(workingOrderSchema),
  /** Prices by which the books are valued; what has none is valued at cost. */
  marks: z.array(z.strictObject({ symbol: tickerSchema, price: priceSchema, at: instantSchema })),
  equity: moneySchema,
  lossStreak: z.strictObject({ count: z.int(), lastLossAt: instantSchema.nullable() }),
  usedKeys: z.array(usedKeySchema),
};

export const sessionOpenedSchema = z.strictObject({
  ...books,
  /** The stream whose closing these books continue; null for the account's first session. */
  previous: z.string().nullable(),
  weekOf: tradingDateSchema,
  weekStartEquity: moneySchema,
  limits: limitsDocumentSchema,
  halts: z.array(haltSchema),
  venue: venueTermsSchema,
});
export type SessionOpened = z.output<typeof sessionOpenedSchema>;

export const sessionClosedSchema = z.strictObject({
  ...books,
  weekOf: tradingDateSchema,
  weekStartEquity: moneySchema,
  realizedPnl: moneySchema,
  fees: moneySchema,
});
export type SessionClosed = z.output<typeof sessionClosedSchema>;

/** Everything that a `session-<account>-<date>` stream holds. */
export const sessionEvents = {
  SessionOpened: event(1, sessionOpenedSchema),
  RiskAssessed: event(1, riskAssessedSchema),
  OrderDenied: event(
    1,
    z.strictObject({
      orderId: orderIdSchema,
      decisionId: decisionIdSchema,
      intent: orderIntentSchema,
      code: checkCodeSchema,
      message: z.string(),
      idempotencyKey: z.string().nullable(),
      paramsDigest: sha256Schema,
      at: instantSchema,
    }),
  ),
  OrderSubmitted: event(
    1,
    z.strictObject({
      orderId: orderIdSchema,
      decisionId: decisionIdSchema,
      sequence: z.int(),
      intent: orderIntentSchema,
      reservedCash: moneySchema,
      idempotencyKey: z.string().nullable(),
      paramsDigest: sha256Schema,
      at: instantSchema,
    }),
  ),
  OrderAccepted: orderEvent(orderFact),
  OrderRejected: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderPartiallyFilled: event(1, executionSchema),
  OrderFilled: event(1, executionSchema),
  OrderPendingCancel: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderCancelRejected: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderCanceled: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderExpired: orderEvent(orderFact),
  OrderOutcomeUnknown: orderEvent(orderFact.extend({ reason: z.string() })),
  ...haltEvents,
  SessionClosed: event(1, sessionClosedSchema),
} as const;
