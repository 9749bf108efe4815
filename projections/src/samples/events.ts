import type { AnyEvent } from '@sentinel/contracts';
import type { Execution } from '@sentinel/contracts/execution';
import {
  averagePrice,
  type DecisionId,
  type HaltId,
  type Money,
  money,
  notional,
  type OrderId,
  price,
  quantity,
  type Sha256,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import type { Halt, OrderIntent, RiskAssessed } from '@sentinel/contracts/risk';
import { sampleId } from './ids.ts';

export type EventOfType<Type extends AnyEvent['type']> = Extract<AnyEvent, { readonly type: Type }>;
type Data<Type extends AnyEvent['type']> = EventOfType<Type>['data'];

export const noon = Temporal.Instant.from('2026-03-02T17:00:00Z');
export const sampleDate = '2026-03-02' as TradingDate;
const sampleDigest = 'a'.repeat(64) as Sha256;
export const ticker = (symbol: string): Ticker => symbol as Ticker;
export const minutesLater = (minutes: number): Temporal.Instant => noon.add({ minutes });

export const intentOf = (
  symbol: string,
  shares: number,
  rest: Partial<OrderIntent> = {},
): OrderIntent => ({
  symbol: ticker(symbol),
  side: 'buy',
  quantity: quantity.fromShares(shares),
  orderType: 'market',
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'day',
  strategyId: null,
  ...rest,
});

export const opened = (books: Partial<Data<'SessionOpened'>> = {}): AnyEvent => ({
  type: 'SessionOpened',
  data: {
    account: 'paper',
    date: sampleDate,
    at: noon,
    endsAt: noon.add({ hours: 4 }),
    cash: money.of('100000'),
    positions: [],
    carriedOrders: 0,
    workingOrders: [],
    tradingEnabled: true,
    previousDate: null,
    marks: [],
    equity: money.of('100000'),
    lossStreak: { count: 0, lastLossAt: null },
    usedKeys: [],
    previous: null,
    weekOf: sampleDate,
    weekStartEquity: money.of('100000'),
    limits: { version: 1, limits: sampleLimits },
    halts: [],
    venue: { seed: 1, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' },
    ...books,
  },
});

export const submitted = (n: number, intent: OrderIntent, at = noon): AnyEvent => ({
  type: 'OrderSubmitted',
  data: {
    orderId: sampleId(n) as OrderId,
    decisionId: sampleId(n + 0x1000) as DecisionId,
    sequence: n,
    intent,
    reservedCash: notional(price.of('120'), intent.quantity, 'up'),
    idempotencyKey: null,
    paramsDigest: sampleDigest,
    givenReason: 'for a test',
    at,
  },
});

export const denied = (n: number, intent: OrderIntent, at = noon): AnyEvent => ({
  type: 'OrderDenied',
  data: {
    orderId: sampleId(n) as OrderId,
    decisionId: sampleId(n + 0x1000) as DecisionId,
    intent,
    code: 'SPREAD',
    message: 'The spread is too wide.',
    idempotencyKey: null,
    paramsDigest: sampleDigest,
    givenReason: 'for a test',
    at,
  },
});

export const assessed = (n: number, intent: OrderIntent, at = noon): AnyEvent => ({
  type: 'RiskAssessed',
  data: {
    decisionId: sampleId(n + 0x1000) as DecisionId,
    purpose: 'order',
    at,
    intent,
    facts: sampleFacts,
    limitsVersion: 1,
    policyVersion: '1',
    codeDigest: sampleDigest,
    reducing: false,
    checks: [],
    outcome: 'APPROVED',
    denialCode: null,
    inputsDigest: sampleDigest,
    resultDigest: sampleDigest,
  },
});

type OrderFactType = 'OrderAccepted' | 'OrderExpired';
type ReasonedType =
  | 'OrderRejected'
  | 'OrderPendingCancel'
  | 'OrderCancelRejected'
  | 'OrderCanceled'
  | 'OrderOutcomeUnknown';

export const happened = (type: OrderFactType, n: number, at = noon): AnyEvent => {
  const fact = { orderId: sampleId(n) as OrderId, symbol: null, at };
  return type === 'OrderAccepted'
    ? { type, data: { ...fact, venueOrderId: `venue-${n}` } }
    : { type, data: fact };
};

export const reasoned = (type: ReasonedType, n: number, at = noon): AnyEvent => {
  const fact = { orderId: sampleId(n) as OrderId, symbol: null, at, reason: 'for a test' };
  return type === 'OrderPendingCancel'
    ? { type, data: { ...fact, windDownId: null } }
    : { type, data: fact };
};

/** A fill at 100 dollars without fees; `before` is what of the order had traded. */
export const filled = (
  n: number,
  intent: OrderIntent,
  {
    shares,
    before,
    cash,
    at = noon,
  }: {
    readonly shares: number;
    readonly before: number;
    readonly cash: Money;
    readonly at?: Temporal.Instant;
  },
): AnyEvent => {
  const each = price.of('100');
  const cumulativeQuantity = quantity.fromShares(before + shares);
  const leavesQuantity = quantity.subtract(intent.quantity, cumulativeQuantity);
  const filledNotional = notional(each, cumulativeQuantity, 'half-even');
  const position: PositionState = {
    symbol: intent.symbol,
    quantity: cumulativeQuantity,
    averagePrice: averagePrice(filledNotional, cumulativeQuantity, 'up'),
    cost: filledNotional,
  };
  const data: Execution = {
    orderId: sampleId(n) as OrderId,
    symbol: intent.symbol,
    side: intent.side,
    fill: 1,
    venueExecutionId: `venue-${n}-${before + shares}`,
    lastQuantity: quantity.fromShares(shares),
    lastPrice: each,
    lastTrade: null,
    fees: money.of('0.01'),
    cumulativeQuantity,
    leavesQuantity,
    filledNotional,
    averagePrice: each,
    reservedCash:
      leavesQuantity === 0n ? money.zero : notional(price.of('120'), leavesQuantity, 'up'),
    quote: sampleQuote(intent.symbol),
    bar: null,
    cash,
    position,
    realizedPnl: money.zero,
    at,
  };
  return { type: leavesQuantity === 0n ? 'OrderFilled' : 'OrderPartiallyFilled', data };
};

export const halted = (
  n: number,
  scope: Halt['scope'] = 'global',
  target: string | null = null,
): AnyEvent => ({
  type: 'HaltEngaged',
  data: {
    haltId: sampleId(n) as HaltId,
    scope,
    target,
    reason: 'for a test of the halt',
    engagedBy: 'local:test',
    engagedAt: noon,
  },
});

export const sampleQuote = (symbol: Ticker) => ({
  symbol,
  bid: price.of('99.99'),
  bidSize: quantity.fromShares(100),
  ask: price.of('100.01'),
  askSize: quantity.fromShares(100),
  last: price.of('100'),
  at: noon,
  source: 'mock' as const,
});

const sampleLimits: Data<'LimitsAdopted'>['document']['limits'] = {
  maxDailyDrawdownBps: 200,
  maxWeeklyDrawdownBps: 400,
  maxConcurrentPositions: 10,
  maxTradeRiskBps: 100,
  maxPositionBps: 500,
  maxGrossExposureBps: 8000,
  maxSectorBps: 2500,
  maxCorrelationBps: 7000,
  maxSpreadBps: 30,
  maxSlippageBps: 10,
  minAverageDailyVolume: quantity.fromShares(500_000),
  maxOrderVolumeBps: 100,
  maxQuoteAgeMs: 5000,
  duplicateWindowMs: 30_000,
  closingWindowMinutes: 5,
  lossCooldownCount: 3,
  lossCooldownMinutes: 30,
  maxMessagesPerSecond: 5,
  maxMessagesPerMinute: 30,
  maxMessagesPerDay: 500,
};

const sampleFacts: RiskAssessed['facts'] = {
  at: noon,
  session: { state: 'open', date: sampleDate, opensAt: null, closesAt: null, calendar: 'test' },
  quote: null,
  averageDailyVolume: null,
  averageTrueRange: null,
  sector: null,
  marks: [],
  correlations: null,
  estimatedFees: money.zero,
  strategy: null,
};
