import { z } from 'zod';
import {
  backtestIdSchema,
  instantSchema,
  logPositionSchema,
  moneySchema,
  sha256Schema,
  tradingDateSchema,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerSchema, timeframeSchema } from '../market/index.ts';

/**
 * What closed trades come to. A trade is the way of a position from flat to flat; its profit is after
 * fees, and its R is that profit over what stood at risk between entry and stop.
 */
export const tradeSummarySchema = z.strictObject({
  count: z.int().min(0),
  wins: z.int().min(0),
  /** Sums of the profits and of the losses, neither below zero. */
  grossProfit: moneySchema,
  grossLoss: moneySchema,
  /** How many have an R, the mean of them, and their standard deviation (by n − 1; null below two). */
  rCount: z.int().min(0),
  meanR: z.number().nullable(),
  stdevR: z.number().min(0).nullable(),
  /** Largest loss of one trade as a share of the equity with which its session began, 0 to 1. */
  worstLoss: z.number().min(0),
  /** Mean slippage of the entries against the mid at the decision, adverse positive; null without any. */
  slippageBps: z.number().nullable(),
  /** Mean share of their quantity that ended orders were filled, 0 to 1; null without any. */
  fillRate: z.number().min(0).max(1).nullable(),
});
export type TradeSummary = z.output<typeof tradeSummarySchema>;

/** Returns of one trading day each, as shares of the day's first equity; days without a trade count. */
export const returnSummarySchema = z.strictObject({
  days: z.int().min(0),
  mean: z.number(),
  /** By n − 1; zero below two days. */
  stdev: z.number().min(0),
  /** The third and fourth standardised moments, 0 and 3 of a normal distribution and where none is. */
  skewness: z.number(),
  kurtosis: z.number(),
});
export type ReturnSummary = z.output<typeof returnSummarySchema>;

/** What every piece of evidence measures, whether it was lived through or reckoned. */
export const measuredSchema = z.strictObject({
  from: tradingDateSchema,
  to: tradingDateSchema,
  trades: tradeSummarySchema,
  returns: returnSummarySchema,
  /** Greatest fall of the equity curve, starting capital included, from its peak, 0 to 1. */
  maxDrawdown: z.number().min(0),
});
export type Measured = z.output<typeof measuredSchema>;

/**
 * The result of a backtest as governance reads it. Whoever runs one keeps trades and curve as evidence
 * under `evidenceDigest`; the figures here must follow from it.
 */
export const backtestResultSchema = measuredSchema.extend({
  runId: backtestIdSchema,
  strategyId: z.string(),
  /** Of what exactly was tried: type, rule, timeframe and parameters (`configurationDigest`). */
  configurationDigest: sha256Schema,
  evidenceDigest: sha256Schema,
  codeDigest: sha256Schema,
  policyVersion: z.string(),
  source: marketSourceSchema,
  symbols: z.array(tickerSchema),
  timeframe: timeframeSchema,
  startingCash: moneySchema,
  /** How many configurations were tried in this run, the reported one among them. */
  trials: z.int().min(1),
  /** Variance of their daily Sharpe ratios over these trials; null where it was not kept. */
  trialsVariance: z.number().min(0).nullable(),
  at: instantSchema,
});
export type BacktestResult = z.output<typeof backtestResultSchema>;

/** What a strategy did in recorded sessions since it came into its state, within the window. */
export const forwardRecordSchema = measuredSchema.extend({
  /** Sessions in which a trade of it was closed. */
  sessions: z.int().min(0),
  /** Calendar days since it came into its state. */
  calendarDays: z.int().min(0),
  /** Over the trades, canonical: what anybody who folds the sessions again must come to. */
  digest: sha256Schema,
  /** The log as it was read. */
  asOf: logPositionSchema,
});
export type ForwardRecord = z.output<typeof forwardRecordSchema>;
