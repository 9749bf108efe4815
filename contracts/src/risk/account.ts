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
import { haltSchema } from './halts.ts';
import { sideSchema } from './order-intent.ts';

/** Where orders go: a simulated market, or one with money in it. */
export const venueKindSchema = z.enum(['paper', 'live']);
export type VenueKind = z.output<typeof venueKindSchema>;

/** A working order as the assessment sees it: what it may still do to the account. */
export const reservationSchema = z.strictObject({
  symbol: tickerSchema,
  side: sideSchema,
  leavesQuantity: quantitySchema,
  /** Null for an order without a limit. */
  limitPrice: priceSchema.nullable(),
  /** Cash set aside; what a working buy counts for in every exposure. */
  reservedCash: moneySchema,
  /** True while nobody can say what became of it. */
  unresolved: z.boolean(),
  /** Present and true for a stop that does not trade yet. */
  dormant: z.boolean().optional(),
  /** Present for the exits of one order: of a pair only one can trade in full. */
  exitOf: orderIdSchema.optional(),
});
export type Reservation = z.output<typeof reservationSchema>;

/**
 * The account at the moment of a decision, folded from its session. Everything that the checks
 * compare with and that is not a fact of the outside world stands here and nowhere else. It is not
 * stored, since the session gives it back; its digest is.
 */
export const assessedAccountSchema = z.strictObject({
  cash: moneySchema,
  positions: z.array(positionStateSchema),
  reservations: z.array(reservationSchema),
  halts: z.array(haltSchema),
  dayStartEquity: moneySchema,
  weekStartEquity: moneySchema,
  /** Losing executions in a row: what policies before risk-5 counted. */
  lossStreak: z.strictObject({ count: z.int(), lastLossAt: instantSchema.nullable() }),
  /** Positions closed at a loss in a row; absent before the first, and before policy risk-5. */
  closedLosses: z.strictObject({ count: z.int(), lastLossAt: instantSchema.nullable() }).optional(),
  /** The same without closings that a bust has undone; absent where that changes nothing, and before risk-6. */
  standingLosses: z
    .strictObject({ count: z.int(), lastLossAt: instantSchema.nullable() })
    .optional(),
  /**
   * The order of whose exits the intent takes the place of one: of a pair only one can trade in full, so
   * the other makes room for it too. Absent for all else, and before policy risk-5.
   */
  exitOf: orderIdSchema.optional(),
  /** Messages to the venue before this one, in the trailing second and minute, and in the session. */
  messages: z.strictObject({ lastSecond: z.int(), lastMinute: z.int(), today: z.int() }),
  /** Orders of the same strategy, symbol and side before this one; absent before policy risk-3. */
  executions: z.strictObject({ inWindow: z.int(), today: z.int() }).optional(),
  /** When an order of the same symbol, side, quantity and price was last submitted. */
  sameOrderAt: instantSchema.nullable(),
  /**
   * The last order that was submitted with the very same terms and has them still, and whether it ended
   * before it was filled. Absent when there is none, and before policy risk-5.
   */
  sameTerms: z.strictObject({ at: instantSchema, ended: z.boolean() }).optional(),
  /** What orders of the same grant that opened something count for in this session; absent without a grant. */
  grantedToday: moneySchema.optional(),
  /** Absent for paper, and before policy risk-4. */
  venue: venueKindSchema.optional(),
});
export type AssessedAccount = z.output<typeof assessedAccountSchema>;
