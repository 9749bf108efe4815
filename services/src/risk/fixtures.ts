import {
  type HaltId,
  money,
  type Price,
  price,
  quantity,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { Quote, Ticker } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import type {
  AssessedAccount,
  CommitteeFacts,
  Halt,
  LimitsDocument,
  OrderIntent,
  RiskFacts,
  RiskLimits,
} from '@sentinel/contracts/risk';

/** Values for tests: an ordinary moment on an ordinary day, in which an ordinary order passes. */
export const noon = Temporal.Instant.from('2026-03-02T17:00:00Z');
export const nvda = 'NVDA' as Ticker;
const someDigest = 'a'.repeat(64) as Sha256;

export const ordinaryLimits: RiskLimits = {
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
  order: {
    maxValue: money.of('25000'),
    maxValueBps: 1000,
    maxQuantity: quantity.fromShares(10_000),
  },
  collar: { bps: 500, under25Bps: 1_000, under5Bps: 2_000 },
  repeatedExecution: { perWindow: 5, windowMinutes: 10, perDay: 20 },
  restricted: { symbols: [], notShortable: [] },
  guard: { maxRejects: 5, amongOrders: 20, unresolvedSeconds: 60, staleSeconds: 60 },
};

/** An account that may sell short. */
export const marginLimits: RiskLimits = {
  ...ordinaryLimits,
  margin: { initialBps: 5_000, maintenanceBps: 3_000, shortMarkBps: 10_300 },
};

export const limitsWith = (limits: Partial<RiskLimits> = {}, version = 1): LimitsDocument => ({
  version,
  limits: { ...ordinaryLimits, ...limits },
});

/** A quote from texts such as "119.95/120", bid before ask. */
export const quoteOf = (symbol: Ticker, prices: string, at = noon): Quote => {
  const [bid = '', ask = ''] = prices.split('/');
  return {
    symbol,
    bid: price.of(bid),
    bidSize: quantity.fromShares(400),
    ask: price.of(ask),
    askSize: quantity.fromShares(300),
    last: price.of(bid),
    at,
    source: 'mock',
  };
};

export const ordinaryFacts = (facts: Partial<RiskFacts> = {}): RiskFacts => ({
  at: noon,
  session: {
    state: 'open',
    date: '2026-03-02' as RiskFacts['session']['date'],
    opensAt: Temporal.Instant.from('2026-03-02T14:30:00Z'),
    closesAt: Temporal.Instant.from('2026-03-02T21:00:00Z'),
    calendar: 'test',
  },
  quote: quoteOf(nvda, '119.95/120'),
  averageDailyVolume: { value: quantity.fromShares(40_000_000), barsDigest: someDigest },
  averageTrueRange: { value: price.of('3.5'), barsDigest: someDigest },
  sector: 'Technology',
  marks: [],
  correlations: [],
  estimatedFees: money.of('0.01'),
  strategy: null,
  ...facts,
});

export const ordinaryAccount = (account: Partial<AssessedAccount> = {}): AssessedAccount => ({
  cash: money.of('100000'),
  positions: [],
  reservations: [],
  halts: [],
  dayStartEquity: money.of('100000'),
  weekStartEquity: money.of('100000'),
  lossStreak: { count: 0, lastLossAt: null },
  messages: { lastSecond: 0, lastMinute: 0, today: 0 },
  sameOrderAt: null,
  ...account,
});

export const buy = (shares: number, intent: Partial<OrderIntent> = {}): OrderIntent => ({
  symbol: nvda,
  side: 'buy',
  quantity: quantity.fromShares(shares),
  orderType: 'market',
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'day',
  strategyId: null,
  ...intent,
});

export const held = (symbol: Ticker, shares: number, at: string): PositionState => {
  const averagePrice = price.of(at);
  return {
    symbol,
    quantity: quantity.fromShares(shares),
    averagePrice,
    cost: (averagePrice * BigInt(shares)) as PositionState['cost'],
  };
};

export const markAt = (symbol: Ticker, at: string, sector: string | null = null) => ({
  symbol,
  price: price.of(at) as Price,
  at: noon,
  sector,
});

export const haltOf = (scope: Halt['scope'], target: string | null): Halt => ({
  haltId: '01890000-0000-7000-8000-0000000000aa' as HaltId,
  scope,
  target,
  reason: 'for a test of the halt',
  engagedBy: 'test',
  engagedAt: noon,
});

/** A signal that every voter of the committee approves of. */
export const signalFacts = (rest: Partial<CommitteeFacts> = {}): CommitteeFacts => ({
  signalId: '01890000-0000-7000-8000-0000000000dd' as CommitteeFacts['signalId'],
  eventId: '01890000-0000-7000-8000-0000000000ee' as CommitteeFacts['eventId'],
  strategyId: 'x',
  symbol: nvda,
  side: 'buy',
  entry: price.of('120'),
  stop: price.of('117'),
  target: price.of('126'),
  confidenceBps: 7_000,
  label: 'trending_bull',
  tradeabilityBps: 8_000,
  compatible: true,
  fitBps: 9_000,
  averageTrueRangeBps: 200,
  contextMoveBps: 10,
  barVolume: quantity.fromShares(1_000_000),
  ...rest,
});

type Granted = NonNullable<RiskFacts['grant']>;

/** A grant to trade without limits, in force. */
export const grantFact = (
  terms: Partial<Granted['grant']> = {},
  how: Partial<Omit<Granted, 'grant'>> = {},
): Granted => ({
  grant: {
    grantId: '01890000-0000-7000-8000-0000000000a1' as Granted['grant']['grantId'],
    client: { id: 'claude', name: 'Claude' },
    principal: 'human:alice',
    abilities: ['look', 'trade'],
    ...{ symbols: null, accounts: null, maxOrderValue: null, maxDayValue: null, expiresAt: null },
    ...terms,
  },
  ...{ version: 2, standing: 'in_force', asks: 'trade', at: noon },
  ...how,
});
