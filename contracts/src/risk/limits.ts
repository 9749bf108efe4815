import { z } from 'zod';
import { moneySchema, quantitySchema } from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';

const bps = z.int().min(0).max(1_000_000);

/**
 * Every number that the assessment compares with, in one versioned document. It changes by an event
 * alone; no check has a default of its own. Shares of equity are in basis points.
 */
export const riskLimitsSchema = z.strictObject({
  maxDailyDrawdownBps: bps,
  maxWeeklyDrawdownBps: bps,
  maxConcurrentPositions: z.int().min(0).max(10_000),
  maxTradeRiskBps: bps,
  maxPositionBps: bps,
  maxGrossExposureBps: bps,
  maxSectorBps: bps,
  /** Absolute correlation in basis points: 7,000 is 0.70. */
  maxCorrelationBps: z.int().min(0).max(10_000),
  maxSpreadBps: bps,
  maxSlippageBps: bps,
  /** Average daily volume over 20 days, in shares. */
  minAverageDailyVolume: quantitySchema,
  /** An order's quantity as a share of that volume. */
  maxOrderVolumeBps: bps,
  maxQuoteAgeMs: z.int().min(0),
  duplicateWindowMs: z.int().min(0),
  /** No new risk in this many minutes before the close. */
  closingWindowMinutes: z.int().min(0).max(390),
  lossCooldownCount: z.int().min(1).max(100),
  lossCooldownMinutes: z.int().min(0),
  maxMessagesPerSecond: z.int().min(0),
  maxMessagesPerMinute: z.int().min(0),
  maxMessagesPerDay: z.int().min(0),
  /** What one order may be, by RTS 6 article 15(1). Documents from before policy risk-2 have none. */
  order: z
    .strictObject({
      /** The smaller of an amount and a share of equity. */
      maxValue: moneySchema,
      maxValueBps: bps,
      /** Beside the share of the average day, which LIQUIDITY holds. */
      maxQuantity: quantitySchema,
    })
    .optional(),
  /** Margin by Regulation T. Without it an account pays in full and never sells short. */
  margin: z
    .strictObject({
      /** What a position must bring of its value when it is opened. */
      initialBps: bps,
      /** What equity must be of the value of all positions; below it nothing but exits trade. */
      maintenanceBps: bps,
      /** A short is valued at its limit, or at this share of the ask where that is more. */
      shortMarkBps: bps,
    })
    .optional(),
  /** How far on the losing side of the reference an order may trade, by the reference's size. */
  collar: z.strictObject({ bps, under25Bps: bps, under5Bps: bps }).optional(),
  /** Orders of one strategy in one symbol on one side (RTS 6, article 15(3)). */
  repeatedExecution: z
    .strictObject({
      perWindow: z.int().min(0),
      windowMinutes: z.int().min(1),
      perDay: z.int().min(0),
    })
    .optional(),
  /** Above which value of one order a human is asked; zero: about each that opens. Absent: about none. */
  approval: z.strictObject({ aboveValue: moneySchema }).optional(),
  restricted: z
    .strictObject({
      /** Nothing new is bought or sold short. */
      symbols: z.array(tickerSchema),
      notShortable: z.array(tickerSchema),
    })
    .optional(),
  /** What halts the house by itself. */
  guard: z
    .strictObject({
      /** Rejections by the venue among the last orders, at which it halts. */
      maxRejects: z.int().min(1),
      amongOrders: z.int().min(1).max(1_000),
      /** How long an outcome may stay unknown. */
      unresolvedSeconds: z.int().min(0),
      /** How old the quote of something held may get while its market is open. */
      staleSeconds: z.int().min(0),
    })
    .optional(),
});
export type RiskLimits = z.output<typeof riskLimitsSchema>;

export const limitsDocumentSchema = z.strictObject({
  /** Counts from 1 in the order in which documents came into force. */
  version: z.int().min(1),
  limits: riskLimitsSchema,
});
export type LimitsDocument = z.output<typeof limitsDocumentSchema>;
