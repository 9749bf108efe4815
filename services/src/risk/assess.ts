import type { Money } from '@sentinel/contracts/kernel';
import type {
  AssessedAccount,
  CheckCode,
  LimitsDocument,
  OrderIntent,
  RiskCheck,
  RiskFacts,
} from '@sentinel/contracts/risk';
import { exposureOf, isReducing } from './account.ts';
import {
  creditThreshold,
  dailyDrawdown,
  perTradeRisk,
  weeklyDrawdown,
} from './checks/account-limits.ts';
import type { Check, CheckInput, Finding } from './checks/check.ts';
import { priceCollar, withCollar } from './checks/collar.ts';
import { committee } from './checks/committee.ts';
import { duplicateOrder, maxMessages, repeatedExecution } from './checks/conduct.ts';
import {
  addedExposure,
  correlation,
  grossExposure,
  maxPositions,
  positionSize,
  sectorConcentration,
} from './checks/exposure.ts';
import {
  liquidity,
  lossCooldown,
  slippage,
  spread,
  staleData,
  tradingHours,
} from './checks/market.ts';
import { maxOrderValue, maxOrderVolume, selfMatch } from './checks/order.ts';
import {
  killState,
  shortSale,
  strategyState,
  tickSize,
  unresolvedOrder,
} from './checks/permission.ts';
import { exitOrders, positionSide } from './checks/position.ts';
import { regulatoryPreOrder, restricted } from './checks/regulatory.ts';
import { currentPolicy, type Policy } from './policies.ts';
import { cashToReserve } from './reserve.ts';

/** One check for each code: a code without one does not compile. */
const checks: Readonly<Record<CheckCode, Check>> = {
  KILL_STATE: killState,
  STRATEGY_STATE: strategyState,
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
};

declare const seal: unique symbol;

/**
 * Leave to submit one order. Only an assessment that passed makes one: the seal is not exported, so
 * no other module can build the type, and an order event cannot be built without it.
 */
export type Approval = {
  readonly [seal]: true;
  readonly intent: OrderIntent;
  /** True when the order can only shrink a position. */
  readonly reducing: boolean;
  /** Cash to set aside in the same append. */
  readonly reservedCash: Money;
};

/** What an assessment is made from. */
export type AssessmentInputs = {
  readonly intent: OrderIntent;
  readonly facts: RiskFacts;
  readonly limits: LimitsDocument;
  readonly account: AssessedAccount;
};

export type Assessment = {
  readonly reducing: boolean;
  readonly checks: readonly RiskCheck[];
  readonly verdict:
    | { readonly outcome: 'APPROVED'; readonly approval: Approval }
    | { readonly outcome: 'DENIED'; readonly code: CheckCode; readonly message: string };
};

/**
 * Judges an order. A pure function of what is recorded: the same intent, facts, limits and account
 * give the same assessment on any machine in any year, which is what makes a decision provable.
 */
export const assess = (
  { intent, facts, limits, account }: AssessmentInputs,
  policy: Policy = currentPolicy,
): Assessment => {
  const reducing = isReducing(intent, account);
  const input: CheckInput = {
    intent,
    facts,
    limits: limits.limits,
    account,
    reducing,
    exposure: exposureOf(account, facts),
    added: addedExposure({ intent, facts, limits: limits.limits }),
  };
  const results = policy.codes.map((code) => judge(code, input));
  const blocking = results.find(
    ({ hard, status }) => hard && (status === 'FAIL' || status === 'SKIPPED'),
  );
  if (blocking !== undefined) {
    return {
      reducing,
      checks: results,
      verdict: { outcome: 'DENIED', code: blocking.code, message: blocking.message },
    };
  }
  const reservedCash = cashToReserve(intent, { facts, limits: limits.limits, reducing });
  if (reservedCash === null)
    throw new Error('an order that cannot be priced has passed: STALE_DATA must block it');
  return {
    reducing,
    checks: results,
    verdict: {
      outcome: 'APPROVED',
      approval: { intent: withCollar(intent, input), reducing, reservedCash } as Approval,
    },
  };
};

const judge = (code: CheckCode, input: CheckInput): RiskCheck => {
  const check = checks[code];
  const finding: Finding =
    input.reducing && !check.judgesReducing
      ? { kind: 'not_applicable', message: 'The order can only shrink a position.' }
      : check.find(input);
  const common = { code, hard: check.hard, unit: check.unit, message: finding.message };
  switch (finding.kind) {
    case 'measured':
      return {
        ...common,
        status: finding.passes ? 'PASS' : 'FAIL',
        value: finding.value,
        limit: finding.limit,
      };
    case 'skipped':
      return { ...common, status: 'SKIPPED', value: null, limit: finding.limit };
    case 'not_applicable':
      return { ...common, status: 'NOT_APPLICABLE', value: null, limit: null };
  }
};
