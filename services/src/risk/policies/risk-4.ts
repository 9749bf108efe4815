import { asItStands, exposureOf, isReducing } from '../account.ts';
import {
  creditThreshold,
  dailyDrawdown,
  perTradeRisk,
  weeklyDrawdown,
} from '../checks/account-limits.ts';
import { priceCollar, withCollar } from '../checks/collar.ts';
import { committee } from '../checks/committee.ts';
import { duplicateOrder, maxMessages, repeatedExecution } from '../checks/conduct.ts';
import {
  addedExposure,
  correlation,
  grossExposure,
  maxPositions,
  positionSize,
  sectorConcentration,
} from '../checks/exposure.ts';
import { killStateOfAccount, viewsCurrent } from '../checks/halts.ts';
import {
  liquidity,
  lossCooldown,
  slippage,
  spread,
  staleData,
  tradingHours,
} from '../checks/market.ts';
import { maxOrderValue, maxOrderVolume, selfMatch } from '../checks/order.ts';
import { shortSale, tickSize, unresolvedOrder } from '../checks/permission.ts';
import { exitOrders, positionSide } from '../checks/position.ts';
import { regulatoryPreOrder, restricted } from '../checks/regulatory.ts';
import { strategyStateOfVenue } from '../checks/strategy-state.ts';
import type { Policy } from '../policy.ts';
import { cashToReserve } from '../reserve.ts';

/** Decided from decision record 20 to 30. It never changes. */
export const risk4: Policy = {
  version: 'risk-4',
  checks: {
    KILL_STATE: killStateOfAccount,
    VIEWS_CURRENT: viewsCurrent,
    STRATEGY_STATE: strategyStateOfVenue,
    UNRESOLVED_ORDER: unresolvedOrder,
    RESTRICTED: restricted,
    REGULATORY_PRE_ORDER: regulatoryPreOrder,
    POSITION_SIDE: positionSide,
    SHORT_SALE: shortSale,
    TICK_SIZE: tickSize,
    EXIT_ORDERS: exitOrders,
    STALE_DATA: staleData,
    TRADING_HOURS: tradingHours,
    PRICE_COLLAR: priceCollar,
    MAX_ORDER_VALUE: maxOrderValue,
    MAX_ORDER_VOLUME: maxOrderVolume,
    MAX_MESSAGES: maxMessages,
    REPEATED_EXECUTION: repeatedExecution,
    DUPLICATE_ORDER: duplicateOrder,
    CREDIT_THRESHOLD: creditThreshold,
    SELF_MATCH: selfMatch,
    DAILY_DRAWDOWN: dailyDrawdown,
    WEEKLY_DRAWDOWN: weeklyDrawdown,
    PER_TRADE_RISK: perTradeRisk,
    POSITION_SIZE: positionSize,
    GROSS_EXPOSURE: grossExposure,
    MAX_POSITIONS: maxPositions,
    SPREAD: spread,
    LIQUIDITY: liquidity,
    COMMITTEE: committee,
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
  sees: { limitPrices: true, executions: true, venue: true, terms: false },
  digestsProse: false,
};
