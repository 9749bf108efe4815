import { type Money, money, quantity } from '@sentinel/contracts/kernel';
import type { RiskLimits } from '@sentinel/contracts/risk';
import type { Config } from './schema.ts';

/**
 * The limits document with which a fresh log begins: the house's defaults, with what the environment
 * overrides. Once a document stands in the log, it changes by an event alone.
 */
export const riskLimitsOf = (config: Config): RiskLimits => ({
  maxDailyDrawdownBps: config.MAX_DAILY_DRAWDOWN_PCT,
  maxWeeklyDrawdownBps: 400,
  maxConcurrentPositions: config.MAX_CONCURRENT_POSITIONS,
  maxTradeRiskBps: config.MAX_TRADE_RISK_PCT,
  maxPositionBps: config.MAX_POSITION_PCT,
  maxGrossExposureBps: config.MAX_GROSS_EXPOSURE_PCT,
  maxSectorBps: 2_500,
  maxCorrelationBps: 7_000,
  maxSpreadBps: 30,
  maxSlippageBps: 10,
  minAverageDailyVolume: quantity.fromShares(500_000),
  maxOrderVolumeBps: 100,
  maxQuoteAgeMs: 5_000,
  duplicateWindowMs: 30_000,
  closingWindowMinutes: 5,
  lossCooldownCount: 3,
  lossCooldownMinutes: 30,
  maxMessagesPerSecond: config.MAX_ORDERS_PER_SECOND,
  maxMessagesPerMinute: config.MAX_ORDERS_PER_MINUTE,
  maxMessagesPerDay: config.MAX_ORDERS_PER_DAY,
  order: {
    maxValue: money.of('25000'),
    maxValueBps: 1_000,
    maxQuantity: quantity.fromShares(10_000),
  },
  ...(config.PAPER_ACCOUNT_TYPE === 'margin' && {
    margin: { initialBps: 5_000, maintenanceBps: 3_000, shortMarkBps: 10_300 },
  }),
  collar: { bps: 500, under25Bps: 1_000, under5Bps: 2_000 },
  repeatedExecution: { perWindow: 5, windowMinutes: 10, perDay: 20 },
  restricted: { symbols: config.RESTRICTED_SYMBOLS, notShortable: config.NOT_SHORTABLE_SYMBOLS },
  ...(config.APPROVAL_ABOVE_USD !== undefined && {
    approval: { aboveValue: config.APPROVAL_ABOVE_USD as Money },
  }),
  guard: { maxRejects: 5, amongOrders: 20, unresolvedSeconds: 60, staleSeconds: 60 },
});
