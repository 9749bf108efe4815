import { divide, type Money, money, notional, type Price } from '@sentinel/contracts/kernel';
import type { OrderIntent, RiskFacts, RiskLimits } from '@sentinel/contracts/risk';

/** How far above the ask a market order may end up, in basis points: what is set aside for it. */
const marketCushionBps = 100n;
/** The same for what trades later than now: at a stop, at the opening, at the close. */
const laterCushionBps = 300n;

/** The price at which the order would trade: its limit, its stop, or the far side of the quote. */
export const expectedPrice = (intent: OrderIntent, facts: RiskFacts): Price | null => {
  if (intent.limitPrice !== null) return intent.limitPrice;
  if (intent.triggerPrice !== undefined) return intent.triggerPrice;
  if (facts.quote === null) return null;
  const far = intent.side === 'buy' ? facts.quote.ask : facts.quote.bid;
  if (intent.trail === undefined) return far;
  const { amount, bps } = intent.trail;
  const trail = amount ?? divide(far * BigInt(bps ?? 0), 10_000n, 'up');
  const stop = intent.side === 'buy' ? far + trail : far - trail;
  return (stop > 0n ? stop : 1n) as Price;
};

/** What the order would trade for; null when it cannot be priced. */
export const worthOf = (intent: OrderIntent, facts: RiskFacts): Money | null => {
  const each = expectedPrice(intent, facts);
  return each === null ? null : notional(each, intent.quantity, 'up');
};

const cushionBps = ({ orderType, limitPrice }: OrderIntent): bigint =>
  limitPrice !== null ? 0n : orderType === 'market' ? marketCushionBps : laterCushionBps;

/**
 * What an order that opens or adds to a position sets aside until it trades or ends, its fees
 * included: the cost of a buy, or what a short sale comes to owe. Null when it cannot be priced.
 */
export const openingValue = (
  intent: OrderIntent,
  facts: RiskFacts,
  { margin }: RiskLimits,
): Money | null => {
  const each = expectedPrice(intent, facts);
  if (each === null) return null;
  if (intent.side === 'sell_short') {
    if (facts.quote === null || margin === undefined) return null;
    const marked = divide(facts.quote.ask * BigInt(margin.shortMarkBps), 10_000n, 'up') as Price;
    const owed = notional(each > marked ? each : marked, intent.quantity, 'up');
    return money.add(owed, facts.estimatedFees);
  }
  const cost = notional(each, intent.quantity, 'up');
  return money.add(cost, money.atBps(cost, cushionBps(intent), 'up'), facts.estimatedFees);
};

/** What an order sets aside; nothing when it can only shrink a position. */
export const cashToReserve = (
  intent: OrderIntent,
  { facts, limits, reducing }: { facts: RiskFacts; limits: RiskLimits; reducing: boolean },
): Money | null =>
  intent.side === 'sell' || reducing ? money.zero : openingValue(intent, facts, limits);
