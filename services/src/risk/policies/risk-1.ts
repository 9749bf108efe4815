import { asItStands, exposureOf, isReducing } from '../account.ts';
import {
  creditThreshold,
  dailyDrawdown,
  perTradeRisk,
  weeklyDrawdown,
} from '../checks/account-limits.ts';
import { withCollar } from '../checks/collar.ts';
import { duplicateOrder, maxMessages } from '../checks/conduct.ts';
import {
  addedExposure,
  correlation,
  grossExposure,
  maxPositions,
  positionSize,
  sectorConcentration,
} from '../checks/exposure.ts';
import { killState } from '../checks/halts.ts';
import {
  liquidity,
  lossCooldown,
  slippage,
  spread,
  staleData,
  tradingHours,
} from '../checks/market.ts';
import { shortSale, tickSize, unresolvedOrder } from '../checks/permission.ts';
import { strategyState } from '../checks/strategy-state.ts';
import type { Policy } from '../policy.ts';
import { cashToReserve } from '../reserve.ts';

/** Decided until decision record 14. It never changes. */
export const risk1: Policy = {
  version: 'risk-1',
  checks: {
    KILL_STATE: killState,
    STRATEGY_STATE: strategyState,
    UNRESOLVED_ORDER: unresolvedOrder,
    SHORT_SALE: shortSale,
    TICK_SIZE: tickSize,
    STALE_DATA: staleData,
    TRADING_HOURS: tradingHours,
    MAX_MESSAGES: maxMessages,
    DUPLICATE_ORDER: duplicateOrder,
    CREDIT_THRESHOLD: creditThreshold,
    DAILY_DRAWDOWN: dailyDrawdown,
    WEEKLY_DRAWDOWN: weeklyDrawdown,
    PER_TRADE_RISK: perTradeRisk,
    POSITION_SIZE: positionSize,
    GROSS_EXPOSURE: grossExposure,
    MAX_POSITIONS: maxPositions,
    SPREAD: spread,
    LIQUIDITY: liquidity,
    SECTOR_CONCENTRATION: sectorConcentration,
    CORRELATION: correlation,
    LOSS_COOLDOWN: lossCooldown,
    SLIPPAGE: slippage,
  },
  rules: {
    accountSeen: asItStands,
    isReducing,
    exposureOf,
    addedExposure,
    cashToReserve,
    withCollar,
  },
  sees: { limitPrices: false, executions: false, venue: false, terms: false },
  digestsProse: true,
};
