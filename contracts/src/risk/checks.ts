import { z } from 'zod';

/**
 * Every check, in its order of precedence: the first that fails gives the denial its code. What
 * a code asks never changes, and another question is another code; which function answers it is part
 * of the policy.
 */
export const checkCodes = [
  'KILL_STATE',
  'AUTHORISED',
  'VIEWS_CURRENT',
  'STRATEGY_STATE',
  'UNRESOLVED_ORDER',
  'RESTRICTED',
  'REGULATORY_PRE_ORDER',
  'POSITION_SIDE',
  'SHORT_SALE',
  'TICK_SIZE',
  'EXIT_ORDERS',
  'STALE_DATA',
  'TRADING_HOURS',
  'PRICE_COLLAR',
  'MAX_ORDER_VALUE',
  'MAX_ORDER_VOLUME',
  'MAX_MESSAGES',
  'REPEATED_EXECUTION',
  'DUPLICATE_ORDER',
  'CREDIT_THRESHOLD',
  'SELF_MATCH',
  'DAILY_DRAWDOWN',
  'WEEKLY_DRAWDOWN',
  'PER_TRADE_RISK',
  'POSITION_SIZE',
  'GROSS_EXPOSURE',
  'MAX_POSITIONS',
  'SPREAD',
  'LIQUIDITY',
  'COMMITTEE',
  'SECTOR_CONCENTRATION',
  'CORRELATION',
  'LOSS_COOLDOWN',
  'SLIPPAGE',
  'HUMAN_APPROVAL',
] as const;

export const checkCodeSchema = z.enum(checkCodes);
export type CheckCode = z.output<typeof checkCodeSchema>;

/**
 * SKIPPED is a missing input and blocks where the check is hard; it is never a PASS. NEEDS_HUMAN is what
 * the check must not decide: where nothing blocks, a human is asked.
 */
export const checkStatusSchema = z.enum([
  'PASS',
  'FAIL',
  'SKIPPED',
  'NOT_APPLICABLE',
  'NEEDS_HUMAN',
]);
export type CheckStatus = z.output<typeof checkStatusSchema>;

export const checkUnitSchema = z.enum([
  'bps',
  'usd',
  'shares',
  'count',
  'ms',
  'state',
  'usd/share',
  'instant',
]);
export type CheckUnit = z.output<typeof checkUnitSchema>;

export const riskCheckSchema = z.strictObject({
  code: checkCodeSchema,
  status: checkStatusSchema,
  /** A hard check that does not pass blocks; a soft one warns. */
  hard: z.boolean(),
  /** Measured value and limit as exact text in `unit`; null where nothing could be measured. */
  value: z.string().nullable(),
  limit: z.string().nullable(),
  unit: checkUnitSchema,
  /** One sentence, for people and models. */
  message: z.string(),
});
export type RiskCheck = z.output<typeof riskCheckSchema>;
