import { z } from 'zod';
import {
  event,
  instantSchema,
  type Json,
  moneySchema,
  priceSchema,
  tradingDateSchema,
} from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';
import { positionStateSchema } from '../portfolio/index.ts';
import { haltSchema, limitsDocumentSchema } from '../risk/index.ts';
import { usedKeySchema, venueTermsSchema, workingOrderSchema } from './order.ts';

/** A streak of positions that were closed at a loss, and what those still open have realised so far. */
export const closedLossesSchema = z.strictObject({
  count: z.int(),
  lastLossAt: instantSchema.nullable(),
  open: z.array(z.strictObject({ symbol: tickerSchema, realizedPnl: moneySchema })),
});
export type ClosedLosses = z.output<typeof closedLossesSchema>;

const books = {
  account: z.string(),
  date: tradingDateSchema,
  at: instantSchema,
  cash: moneySchema,
  positions: z.array(positionStateSchema),
  /** Last prices by which the books are valued, however old; what never had one is valued at cost. */
  marks: z.array(z.strictObject({ symbol: tickerSchema, price: priceSchema, at: instantSchema })),
  equity: moneySchema,
  lossStreak: z.strictObject({ count: z.int(), lastLossAt: instantSchema.nullable() }),
  /** Positions closed at a loss in a row; absent in books from before. */
  closedLosses: closedLossesSchema.optional(),
  /** How often the paper account has begun, the first time counted; absent before it began anew. */
  epoch: z.int().min(2).optional(),
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
  /** The first instant after the session: nothing of it is dated later. Null in older events. */
  endsAt: instantSchema.nullable(),
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

/**
 * Version 1 held the carried orders and the keys of a day itself, and trading began with it. Version 2
 * did not say when the session ends.
 */
const sessionOpenedEvent = event(3, sessionOpenedSchema, {
  2: (data) => ({ ...(data as object), endsAt: null }),
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

/** How the books of a session open and close. */
export const booksEvents = {
  SessionOpened: sessionOpenedEvent,
  /** Orders that work on from the session before, in as many events as they take. */
  WorkingOrdersCarried: event(
    1,
    z.strictObject({ orders: z.array(workingOrderSchema), at: instantSchema }),
  ),
  /** What a night has done to the books is written down: from here on orders are taken. */
  TradingEnabled: event(1, z.strictObject({ at: instantSchema })),
  SessionClosed: sessionClosedEvent,
} as const;
