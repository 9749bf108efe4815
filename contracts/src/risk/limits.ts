import { z } from 'zod';
import { moneySchema, quantitySchema } from '../kernel/index.ts';

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
});
export type RiskLimits = z.output<typeof riskLimitsSchema>;

export const limitsDocumentSchema = z.strictObject({
  /** Counts from 1 in the order in which documents came into force. */
  version: z.int().min(1),
  limits: riskLimitsSchema,
});
export type LimitsDocument = z.output<typeof limitsDocumentSchema>;
