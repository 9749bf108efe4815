import { z } from 'zod';
import {
  decisionIdSchema,
  event,
  instantSchema,
  type Json,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
  sha256Schema,
  tradingDateSchema,
} from '../kernel/index.ts';
import { corporateActionSchema, tickerSchema } from '../market/index.ts';
import { positionStateSchema } from '../portfolio/index.ts';
import {
  checkCodeSchema,
  haltEvents,
  haltSchema,
  limitsDocumentSchema,
  orderIntentSchema,
  riskAssessedSchema,
} from '../risk/index.ts';
import { executionSchema } from './execution.ts';
import { orderLinkSchema, usedKeySchema, venueTermsSchema, workingOrderSchema } from './order.ts';

const orderFact = z.strictObject({
  orderId: orderIdSchema,
  /** Null in an event from before it was recorded. */
  symbol: tickerSchema.nullable(),
  at: instantSchema,
});

const orderAt = orderFact.extend({ symbol: tickerSchema });

/** What happened to an order, from version 2 on with its symbol, so that it is found by it. */
const orderEvent = <Schema extends z.ZodType<object>>(schema: Schema) =>
  event(2, schema, { 1: (data) => ({ ...(data as object), symbol: null }) });

/** Executions met nothing but quotes before version 2. */
const executionEvent = event(2, executionSchema, {
  1: (data) => ({ ...(data as object), bar: null }),
});

const books = {
  account: z.string(),
  date: tradingDateSchema,
  at: instantSchema,
  cash: moneySchema,
  positions: z.array(positionStateSchema),
  /** Prices by which the books are valued; what has none is valued at cost. */
  marks: z.array(z.strictObject({ symbol: tickerSchema, price: priceSchema, at: instantSchema })),
  equity: moneySchema,
  lossStreak: z.strictObject({ count: z.int(), lastLossAt: instantSchema.nullable() }),
  /** How many orders work on in the next session: they are carried by events of their own. */
  carriedOrders: z.int().min(0),
};

export const sessionOpenedSchema = z.strictObject({
  ...books,
  /** The stream whose closing these books continue; null for the account's first session. */
  previous: z.string().nullable(),
  /** The date of that session. */
  previousDate: tradingDateSchema.nullable(),
  /** Orders and idempotency keys that older events hold themselves; empty in newer ones. */
  workingOrders: z.array(workingOrderSchema),
  usedKeys: z.array(usedKeySchema),
  /** True in older events alone: since then trading begins with TradingEnabled. */
  tradingEnabled: z.boolean(),
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

/** Version 1 held the carried orders and the keys of a day itself, and trading began with it. */
const sessionOpenedEvent = event(2, sessionOpenedSchema, {
  1: (data) => {
    const { previous } = data as { readonly previous: string | null };
    const previousDate = previous?.slice(-'yyyy-mm-dd'.length) ?? null;
    return { ...(data as object), previousDate, carriedOrders: 0, tradingEnabled: true };
  },
});

/** Version 1 repeated orders and keys that the session's own events hold. */
const sessionClosedEvent = event(2, sessionClosedSchema, {
  1: (data) => {
    const {
      workingOrders,
      usedKeys: _,
      ...books
    } = data as { workingOrders: Json[] } & object & {
        usedKeys: Json;
      };
    return { ...books, carriedOrders: workingOrders.length };
  },
});

/** Everything that a `session-<account>-<date>` stream holds. */
export const sessionEvents = {
  SessionOpened: sessionOpenedEvent,
  /** Orders that work on from the session before, in as many events as they take. */
  WorkingOrdersCarried: event(
    1,
    z.strictObject({ orders: z.array(workingOrderSchema).min(1), at: instantSchema }),
  ),
  /** What a night has done to the books is written down: from here on orders are taken. */
  TradingEnabled: event(1, z.strictObject({ at: instantSchema })),
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
      /** Present for an exit, which the approval of its parent covers. */
      link: orderLinkSchema.optional(),
    }),
  ),
  OrderTriggered: event(1, orderAt.extend({ stopAt: priceSchema })),
  /** The best price since it began to work has taken a trailing stop along. */
  OrderStopMoved: event(1, orderAt.extend({ stopAt: priceSchema })),
  OrderPendingReplace: event(
    1,
    orderAt.extend({
      /** The assessment that let the new terms pass. */
      decisionId: decisionIdSchema,
      intent: orderIntentSchema,
      reservedCash: moneySchema,
    }),
  ),
  OrderReplaced: event(
    1,
    orderAt.extend({
      /** The terms from here on; the quantity counts what is filled already. */
      intent: orderIntentSchema,
      leavesQuantity: quantitySchema,
      reservedCash: moneySchema,
    }),
  ),
  OrderReplaceRejected: event(1, orderAt.extend({ reason: z.string() })),
  OrderAccepted: orderEvent(orderFact),
  OrderRejected: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderPartiallyFilled: executionEvent,
  OrderFilled: executionEvent,
  OrderPendingCancel: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderCancelRejected: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderCanceled: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderExpired: orderEvent(orderFact),
  OrderOutcomeUnknown: orderEvent(orderFact.extend({ reason: z.string() })),
  /** What an action did to the books; the orders it moved follow as OrderReplaced. */
  CorporateActionApplied: event(
    1,
    z.strictObject({
      action: corporateActionSchema,
      cash: moneySchema,
      position: positionStateSchema.nullable(),
      at: instantSchema,
    }),
  ),
  /** The price of having borrowed what was sold short, for the nights since the last charge. */
  BorrowFeeCharged: event(
    1,
    z.strictObject({
      symbol: tickerSchema,
      shares: quantitySchema,
      mark: priceSchema,
      annualFeeBps: z.int().min(0),
      nights: z.int().min(1),
      fee: moneySchema,
      cash: moneySchema,
      at: instantSchema,
    }),
  ),
  ...haltEvents,
  SessionClosed: sessionClosedEvent,
} as const;
