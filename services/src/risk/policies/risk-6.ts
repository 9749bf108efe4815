import type { CheckCode } from '@sentinel/contracts/risk';
import { exposureOf, isReducing, withoutOtherExit } from '../account.ts';
import {
  creditThresholdOfShorts,
  dailyDrawdown,
  perTradeRisk,
  weeklyDrawdown,
} from '../checks/account-limits.ts';
import type { Check } from '../checks/check.ts';
import { priceCollarOrLast, withCollar } from '../checks/collar.ts';
import { committee } from '../checks/committee.ts';
import { duplicateTerms, maxMessages, repeatedExecution } from '../checks/conduct.ts';
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
  slippage,
  spread,
  staleDataOrLast,
  standingLossCooldown,
  tradingHours,
} from '../checks/market.ts';
import { maxOrderValue, maxOrderVolume, selfMatch } from '../checks/order.ts';
import { shortSale, tickSize, unresolvedOrder } from '../checks/permission.ts';
import { exitOrders, positionSide } from '../checks/position.ts';
import { regulatoryPreOrderInAll, restricted } from '../checks/regulatory.ts';
import { strategyStateOfVenue } from '../checks/strategy-state.ts';
import type { Policy } from '../policy.ts';
import { cashToReserve } from '../reserve.ts';

/** Decided from decision record 35 to 41. It never changes. */
export const risk6: Policy = {
  version: 'risk-6',
  checks: {
    KILL_STATE: killStateOfAccount,
    VIEWS_CURRENT: viewsCurrent,
    STRATEGY_STATE: strategyStateOfVenue,
    UNRESOLVED_ORDER: unresolvedOrder,
    RESTRICTED: restricted,
    REGULATORY_PRE_ORDER: regulatoryPreOrderInAll,
    POSITION_SIDE: positionSide,
    SHORT_SALE: shortSale,
    TICK_SIZE: tickSize,
    EXIT_ORDERS: exitOrders,
    STALE_DATA: staleDataOrLast,
    TRADING_HOURS: tradingHours,
    PRICE_COLLAR: priceCollarOrLast,
    MAX_ORDER_VALUE: maxOrderValue,
    MAX_ORDER_VOLUME: maxOrderVolume,
    MAX_MESSAGES: maxMessages,
    REPEATED_EXECUTION: repeatedExecution,
    DUPLICATE_ORDER: duplicateTerms,
    CREDIT_THRESHOLD: creditThresholdOfShorts,
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
    LOSS_COOLDOWN: standingLossCooldown,
    SLIPPAGE: slippage,
  } satisfies Readonly<Record<Exclude<CheckCode, 'AUTHORISED' | 'HUMAN_APPROVAL'>, Check>>,
  rules: {
    accountSeen: withoutOtherExit,
    isReducing,
    exposureOf,
    addedExposure,
    cashToReserve,
    withCollar,
  },
  sees: { limitPrices: true, executions: true, venue: true, terms: true, standing: true },
  digestsProse: false,
};
