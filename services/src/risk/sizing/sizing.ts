import {
  divide,
  type Money,
  money,
  type Price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { RegimeLabel } from '@sentinel/contracts/regime';
import type {
  AssessedAccount,
  OrderIntent,
  RiskFacts,
  RiskLimits,
  SizingCap,
} from '@sentinel/contracts/risk';
import { exposureOf } from '../account.ts';
import { marginNeeded, marginUsed } from '../maintenance.ts';
import { openingValue } from '../reserve.ts';

/** What a size is reckoned from. Everything but the wish itself is what an assessment would see. */
export type SizingInput = {
  /** Its quantity counts for nothing. */
  readonly intent: OrderIntent;
  readonly entry: Price;
  readonly stop: Price;
  /** 0 to 10,000. */
  readonly confidenceBps: number;
  /** Null when the regime is not known, which counts as the worst. */
  readonly regime: { readonly label: RegimeLabel; readonly tradeabilityBps: number } | null;
  readonly facts: RiskFacts;
  readonly limits: RiskLimits;
  readonly account: AssessedAccount;
};

export type Sizing = {
  readonly shares: Quantity;
  /** The smallest of all caps: what one would have to change to trade more. */
  readonly binding: SizingCap;
  readonly riskBudget: Money;
  /** What each share may lose: the distance to the stop, with slippage both ways. */
  readonly riskPerShare: Price;
  readonly volatilityScalarBps: number;
  readonly confidenceScalarBps: number;
  /** Shares that each cap allows, whole and never below zero. */
  readonly caps: Readonly<Record<SizingCap, Quantity>>;
};

const full = 10_000;
const half = 5_000;
const leastConfidenceScalar = 7_000;
const wild: ReadonlySet<RegimeLabel> = new Set(['high_vol_unstable', 'risk_off']);

/** Half in a wild or unknown market, in a doubtful one as much as it may be traded, else all. */
const volatilityScalar = (regime: SizingInput['regime']): number => {
  if (regime === null || wild.has(regime.label)) return half;
  return regime.tradeabilityBps < half ? Math.max(half, regime.tradeabilityBps) : full;
};

/** 0.70 up to a confidence of one half, then in a straight line to 1.00. */
const confidenceScalar = (confidenceBps: number): number =>
  confidenceBps <= half
    ? leastConfidenceScalar
    : leastConfidenceScalar + Math.floor(((confidenceBps - half) * 6) / 10);

const oneShare = quantity.fromShares(1);
/** A stop nearer than this is no distance: a hundredth of a cent. */
const leastDistance = 100n;

const whole = (shares: bigint): Quantity =>
  (shares <= 0n ? 0n : shares - (shares % oneShare)) as Quantity;

/** Whole shares that an amount pays at so much each; none for an amount below zero. */
const sharesFor = (amount: Money, each: bigint): Quantity =>
  amount <= 0n || each <= 0n ? quantity.zero : whole(divide(amount * oneShare, each, 'down'));

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/**
 * How many shares to trade (domain rules, section 7): the risk budget over what each share may lose,
 * scaled by the market and by confidence, and no more than any limit leaves room for. Whole shares,
 * rounded down: where not one fits the answer is none, never one.
 */
export const sizePosition = (input: SizingInput): Sizing => {
  const { entry, stop, limits, confidenceBps } = input;
  const exposure = exposureOf(input.account, input.facts);
  const equity = exposure === null ? money.zero : money.max(money.zero, exposure.equity);
  const riskBudget = money.atBps(equity, BigInt(limits.maxTradeRiskBps), 'down');
  const distance = absolute(entry - stop);
  const slippage = divide(entry * 2n * BigInt(limits.maxSlippageBps), 10_000n, 'up');
  const riskPerShare = (distance + slippage) as Price;
  const volatilityScalarBps = volatilityScalar(input.regime);
  const confidenceScalarBps = confidenceScalar(confidenceBps);
  const scaled = money.atBps(
    money.atBps(riskBudget, BigInt(volatilityScalarBps), 'down'),
    BigInt(confidenceScalarBps),
    'down',
  );
  const hasDistance = entry > 0n && distance >= leastDistance;
  const risk = hasDistance ? sharesFor(scaled, riskPerShare) : quantity.zero;
  const caps = { ...capsOf(input, exposure), risk };
  const [binding, shares] = Object.entries(caps).reduce((least, each) =>
    each[1] < least[1] ? each : least,
  ) as [SizingCap, Quantity];
  return {
    shares,
    binding,
    riskBudget,
    riskPerShare,
    volatilityScalarBps,
    confidenceScalarBps,
    caps,
  };
};

/** Room that the limits leave, by what each share would set aside. */
const capsOf = (
  input: SizingInput,
  exposure: ReturnType<typeof exposureOf>,
): Omit<Record<SizingCap, Quantity>, 'risk'> => {
  const { intent, facts, limits } = input;
  const none = quantity.zero;
  const free = { ...facts, estimatedFees: money.zero };
  const each = openingValue({ ...intent, quantity: oneShare }, free, limits);
  if (exposure === null || each === null)
    return { position: none, grossExposure: none, volume: none, credit: none, order: none };
  const { equity, gross, bySymbol } = exposure;
  const share = (bps: number) => money.atBps(equity, BigInt(bps), 'down');
  const room = (limit: Money, used: Money) =>
    sharesFor(money.subtract(money.subtract(limit, used), facts.estimatedFees), each);
  const volume = facts.averageDailyVolume?.value ?? none;
  const ofDay = divide(volume * BigInt(limits.maxOrderVolumeBps), 10_000n, 'down');
  return {
    position: room(share(limits.maxPositionBps), bySymbol.get(intent.symbol) ?? money.zero),
    grossExposure: room(share(limits.maxGrossExposureBps), gross),
    volume: whole(volume < limits.minAverageDailyVolume ? 0n : ofDay),
    credit: creditRoom(input, exposure, each),
    order: orderRoom(limits, equity, each),
  };
};

const creditRoom = (
  { intent, facts, limits, account }: SizingInput,
  exposure: NonNullable<ReturnType<typeof exposureOf>>,
  each: Money,
): Quantity => {
  const { margin } = limits;
  if (margin === undefined)
    return sharesFor(money.subtract(account.cash, exposure.reservedCash), each);
  const used = marginUsed(account, exposure, { facts, margin });
  const own = marginNeeded({ ...intent, quantity: oneShare }, each, margin);
  return sharesFor(money.subtract(exposure.equity, used), own);
};

const orderRoom = ({ order }: RiskLimits, equity: Money, each: Money): Quantity => {
  if (order === undefined) return whole(10n ** 18n);
  const most = money.min(order.maxValue, money.atBps(equity, BigInt(order.maxValueBps), 'down'));
  return whole(quantity.min(sharesFor(most, each), order.maxQuantity));
};
