import { z } from 'zod';
import { backtestResultSchema } from '../governance/index.ts';
import {
  backtestIdSchema,
  instantSchema,
  moneySchema,
  priceSchema,
  quantitySchema,
  sha256Schema,
  tradingDateSchema,
} from '../kernel/index.ts';
import { corporateActionSchema, tickerSchema } from '../market/index.ts';

/** The way of a position from flat to flat, in a backtest. */
export const backtestTradeSchema = z.strictObject({
  symbol: tickerSchema,
  side: z.enum(['long', 'short']),
  openedAt: instantSchema,
  closedAt: instantSchema,
  /** Of the day on which it was closed, after every split until then, as the entry is. */
  shares: quantitySchema,
  entry: priceSchema,
  /** After fees, dividends and the price of borrowed shares. */
  pnl: moneySchema,
  /** What stood at risk between entry and stop; null without a stop. */
  risk: moneySchema.nullable(),
});
export type BacktestTrade = z.output<typeof backtestTradeSchema>;

/** Equity at the close of a trading day. */
export const backtestDaySchema = z.strictObject({ date: tradingDateSchema, equity: moneySchema });
export type BacktestDay = z.output<typeof backtestDaySchema>;

/** Figures beside what governance reads. Ratios are of daily figures, brought to a year of 252 days. */
export const backtestFiguresSchema = z.strictObject({
  totalReturn: z.number(),
  annualReturn: z.number().nullable(),
  sharpe: z.number().nullable(),
  sortino: z.number().nullable(),
  /** A year's return over the deepest drawdown. */
  calmar: z.number().nullable(),
  longestDrawdownDays: z.int(),
  profitFactor: z.number().nullable(),
  /** Holding the symbols in equal parts from the first day to the last instead, dividends included. */
  benchmark: z.strictObject({
    totalReturn: z.number(),
    excessReturn: z.number(),
    beta: z.number().nullable(),
    alpha: z.number().nullable(),
    correlation: z.number().nullable(),
    informationRatio: z.number().nullable(),
  }),
});
export type BacktestFigures = z.output<typeof backtestFiguresSchema>;

/** Whether stretches of the run come out the same on bars that end where the stretch does. */
export const lookAheadSchema = z.strictObject({
  cuts: z.int(),
  eventsCompared: z.int(),
  result: z.enum(['equal', 'different']),
  firstDifferenceAt: instantSchema.nullable(),
});

/** The bars of a symbol, as evidence, in pieces, with what happened to its shares meanwhile. */
export const testedBarsSchema = z.strictObject({
  symbol: tickerSchema,
  digests: z.array(sha256Schema),
  /** Splits and dividends after the first day that is traded, up to the market's now; absent without any. */
  actions: z.array(corporateActionSchema).optional(),
});
export type TestedBars = z.output<typeof testedBarsSchema>;

/** A finished run: what governance reads, with what stands behind it. */
export const backtestRecordSchema = z.strictObject({
  result: backtestResultSchema,
  parameters: z.record(z.string(), z.number()),
  limitsVersion: z.int(),
  bars: z.array(testedBarsSchema),
  figures: backtestFiguresSchema,
  lookAhead: lookAheadSchema,
  counts: z.strictObject({
    bars: z.int(),
    events: z.int(),
    signals: z.int(),
    entries: z.int(),
    /** By a check. */
    denied: z.int(),
    /** Of which not one share fitted. */
    unsized: z.int(),
    /** That could not be asked: a gap has left an exit on the wrong side of the market. */
    refused: z.int(),
  }),
});
export type BacktestRecord = z.output<typeof backtestRecordSchema>;

/** One window of a walk forward: parameters are chosen on its first part and tried on its second. */
export const walkWindowSchema = z.strictObject({
  trainFrom: tradingDateSchema,
  testFrom: tradingDateSchema,
  testTo: tradingDateSchema,
  /** Those that did best in training, by a year's Sharpe ratio; the first of those that did alike. */
  parameters: z.record(z.string(), z.number()),
  trainSharpe: z.number().nullable(),
  trainTrades: z.int(),
  testSharpe: z.number().nullable(),
  testTrades: z.int(),
  testReturn: z.number(),
  testProfit: moneySchema,
  testLoss: moneySchema,
});
export type WalkWindow = z.output<typeof walkWindowSchema>;

export const walkVerdictSchema = z.enum(['robust', 'marginal', 'fragile', 'no_trades']);

/** A finished walk forward. */
export const walkRecordSchema = z.strictObject({
  runId: backtestIdSchema,
  strategyId: z.string(),
  symbols: z.array(tickerSchema),
  grid: z.record(z.string(), z.array(z.number())),
  windows: z.array(walkWindowSchema),
  /** Share of the test windows with a profit. */
  consistency: z.number(),
  /** Of all test windows together; null without a loss. */
  profitFactor: z.number().nullable(),
  verdict: walkVerdictSchema,
  /** Runs in training. */
  trials: z.int(),
  bars: z.array(testedBarsSchema),
  evidenceDigest: sha256Schema,
  codeDigest: sha256Schema,
  at: instantSchema,
});
export type WalkRecord = z.output<typeof walkRecordSchema>;
