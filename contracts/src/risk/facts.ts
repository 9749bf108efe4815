import { z } from 'zod';
import { standingGrantSchema } from '../access/index.ts';
import {
  approvalRequestIdSchema,
  eventIdSchema,
  instantSchema,
  moneySchema,
  priceSchema,
  quantitySchema,
  sha256Schema,
} from '../kernel/index.ts';
import {
  borrowTermsSchema,
  marketSessionSchema,
  quoteSchema,
  tickerSchema,
} from '../market/index.ts';
import { committeeFactsSchema } from './committee.ts';

/** A figure computed from a window of bars, and the evidence that lets anybody compute it again. */
const measuredFromBars = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({ value, barsDigest: sha256Schema }).nullable();

/**
 * All that an assessment knew of the world outside the session, as it was then. A fact that could
 * not be had is null, and the check that needs it says SKIPPED.
 */
export const riskFactsSchema = z.strictObject({
  /** The market's clock when the facts were gathered. */
  at: instantSchema,
  session: marketSessionSchema,
  quote: quoteSchema.nullable(),
  /**
   * The last trade in the symbol, and whether the market says that there is no other; null where it never
   * traded, absent where it has a quote of this session, or the market is closed.
   */
  lastTrade: z
    .strictObject({ price: priceSchema, at: instantSchema, ended: z.boolean() })
    .nullable()
    .optional(),
  /** Mean daily volume of the last 20 completed daily bars, in shares. */
  averageDailyVolume: measuredFromBars(quantitySchema),
  /** Wilder's ATR(14) of daily bars, in dollars per share. */
  averageTrueRange: measuredFromBars(priceSchema),
  sector: z.string().nullable(),
  /** Marks of what the account holds or has working, by symbol; one that is missing blocks new risk. */
  marks: z.array(
    z.strictObject({
      symbol: tickerSchema,
      price: priceSchema,
      at: instantSchema,
      sector: z.string().nullable(),
    }),
  ),
  /** Correlation of daily returns with each symbol held, in basis points; null when not computed. */
  correlations: z
    .array(
      z.strictObject({ symbol: tickerSchema, correlationBps: z.int().min(-10_000).max(10_000) }),
    )
    .nullable(),
  /** What a short sale could borrow; null when that is not known, absent for other orders. */
  borrow: borrowTermsSchema.nullable().optional(),
  /** The signal that the order names; null when it is not known, absent when it names none. */
  committee: committeeFactsSchema.nullable().optional(),
  /** Whether the views that people judge risk by are folded; absent where nobody watches views. */
  views: z.strictObject({ problem: z.string().nullable() }).optional(),
  /**
   * Why what adds risk is not taken by any gateway just now: how often the principal asked cannot be
   * counted for all of them, or is more than is allowed. Absent where nobody counts.
   */
  counting: z.strictObject({ problem: z.string().nullable() }).optional(),
  /** What a human has to do with it; absent for an order about which nobody was to be asked. */
  human: z
    .strictObject({
      /** True where the caller wants a human to decide. */
      wanted: z.boolean(),
      /** The yes of a human, to exactly this order under exactly these limits; null before it. */
      approval: z
        .strictObject({
          requestId: approvalRequestIdSchema,
          requestDigest: sha256Schema,
          approvedBy: z.string(),
          at: instantSchema,
        })
        .nullable(),
    })
    .optional(),
  /**
   * The grant of the client that asks, as the log had it; null where it needs one and has none, absent for
   * a human at the machine and for the house, who need none.
   */
  grant: standingGrantSchema
    .extend({
      /** Which ability the order takes. */
      asks: z.enum(['propose', 'trade']),
      /** Wall clock: grants expire by it. */
      at: instantSchema,
    })
    .nullable()
    .optional(),
  /** Upper estimate of the fees of this order. */
  estimatedFees: moneySchema,
  strategy: z
    .strictObject({ strategyId: z.string(), state: z.string(), eventId: eventIdSchema })
    .nullable(),
});
export type RiskFacts = z.output<typeof riskFactsSchema>;
