import { z } from 'zod';
import { grantedOrderSchema, sessionAccessEvents } from '../access/index.ts';
import { approvalEvents } from '../approval/index.ts';
import {
  decisionIdSchema,
  event,
  instantSchema,
  type Json,
  moneySchema,
  orderIdSchema,
  priceSchema,
  quantitySchema,
  windDownIdSchema,
} from '../kernel/index.ts';
import { corporateActionSchema, tickerSchema } from '../market/index.ts';
import { positionStateSchema } from '../portfolio/index.ts';
import { haltEvents, orderIntentSchema, riskAssessedSchema } from '../risk/index.ts';
import { booksEvents } from './books.ts';
import { executionSchema } from './execution.ts';
import { executionBustedSchema, executionCorrectedSchema } from './execution-change.ts';
import { orderProposedSchema } from './proposal.ts';
import { orderDeniedSchema, orderSubmittedSchema } from './submission.ts';
import { windDownEvents } from './wind-down.ts';

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

/** Before version 2 nobody gave a reason. */
const withoutReason = (data: Json): Json => ({ ...(data as object), givenReason: null });

/**
 * Executions met nothing but quotes before version 2, had no id of the venue's before 3, and were always
 * trades in the market before 4.
 */
const executionEvent = event(4, executionSchema, {
  1: (data) => ({ ...(data as object), bar: null }),
  2: (data) => ({ ...(data as object), venueExecutionId: null }),
  3: (data) => ({ ...(data as object), lastTrade: null }),
});

/** From version 2 on with the start of the bar that it came of: null for whatever came of none. */
const metEvent = <Shape extends z.ZodRawShape>(shape: Shape) =>
  event(2, orderAt.extend({ ...shape, bar: instantSchema.nullable() }), {
    1: (data) => ({ ...(data as object), bar: null }),
  });

/** Everything that a `session-<account>-<date>` stream holds. */
export const sessionEvents = {
  ...booksEvents,
  ...windDownEvents,
  /** Version 1 knew two outcomes and nobody to ask. */
  RiskAssessed: event(2, riskAssessedSchema, { 1: (data) => data }),
  OrderProposed: event(1, orderProposedSchema),
  OrderDenied: event(2, orderDeniedSchema, { 1: withoutReason }),
  OrderSubmitted: event(2, orderSubmittedSchema, { 1: withoutReason }),
  /** An order that others placed in the account, from when we heard of it. */
  OrderAdopted: event(
    1,
    orderAt.extend({
      venueOrderId: z.string(),
      sequence: z.int(),
      /** Its terms; the quantity is what was left of it when we heard of it. */
      intent: orderIntentSchema,
      /** What had traded of it before: no part of our books. */
      tradedBefore: quantitySchema,
      reservedCash: moneySchema,
      submittedAt: instantSchema,
    }),
  ),
  OrderTriggered: metEvent({ stopAt: priceSchema }),
  /**
   * The best price since it began to work has taken a trailing stop along: on quotes by a tenth of the
   * trail at the least, on bars as far as it had come when it mattered.
   */
  OrderStopMoved: metEvent({ stopAt: priceSchema }),
  OrderPendingReplace: event(
    1,
    orderAt.extend({
      /** The assessment that let the new terms pass. */
      decisionId: decisionIdSchema,
      intent: orderIntentSchema,
      reservedCash: moneySchema,
      /** By which grant the new terms were asked for, and what they add to its day. */
      granted: grantedOrderSchema.optional(),
    }),
  ),
  OrderReplaced: event(
    3,
    orderAt.extend({
      /** The terms from here on; the quantity counts what is filled already. */
      intent: orderIntentSchema,
      leavesQuantity: quantitySchema,
      reservedCash: moneySchema,
      bar: instantSchema.nullable(),
      /** Where a stop that trails stands from here on; null where it stays, and before version 3. */
      stopAt: priceSchema.nullable(),
    }),
    {
      1: (data) => ({ ...(data as object), bar: null }),
      2: (data) => ({ ...(data as object), stopAt: null }),
    },
  ),
  OrderReplaceRejected: metEvent({ reason: z.string() }),
  OrderAccepted: event(3, orderFact.extend({ venueOrderId: z.string().nullable() }), {
    1: (data) => ({ ...(data as object), symbol: null }),
    2: (data) => ({ ...(data as object), venueOrderId: null }),
  }),
  OrderRejected: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderPartiallyFilled: executionEvent,
  OrderFilled: executionEvent,
  ExecutionBusted: event(1, executionBustedSchema),
  ExecutionCorrected: event(1, executionCorrectedSchema),
  OrderPendingCancel: event(
    3,
    orderFact.extend({
      reason: z.string(),
      /** The wish to wind down that it belongs to, which has a budget of its own; null for others. */
      windDownId: windDownIdSchema.nullable(),
    }),
    {
      1: (data) => ({ ...(data as object), symbol: null }),
      2: (data) => ({ ...(data as object), windDownId: null }),
    },
  ),
  OrderCancelRejected: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderCanceled: orderEvent(orderFact.extend({ reason: z.string() })),
  OrderExpired: orderEvent(orderFact),
  OrderOutcomeUnknown: orderEvent(orderFact.extend({ reason: z.string() })),
  /** What an action did to the books; the orders it moved follow as OrderReplaced. */
  CorporateActionApplied: event(
    2,
    z.strictObject({
      action: corporateActionSchema,
      cash: moneySchema,
      position: positionStateSchema.nullable(),
      /**
       * The last price known, in the new shares and without what was paid on them: holding and cash are
       * worth what they were. Null where none is known, and in version 1, which did not say.
       */
      mark: priceSchema.nullable(),
      /**
       * Where stops stand that trail, where the orders that follow do not say; null in version 1, where they
       * follow from the action.
       */
      stops: z.array(z.strictObject({ orderId: orderIdSchema, stopAt: priceSchema })).nullable(),
      at: instantSchema,
    }),
    { 1: (data) => ({ ...(data as object), mark: null, stops: null }) },
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
  ...approvalEvents,
  ...sessionAccessEvents,
} as const;
