import { type Money, money, notional, type Price } from '@sentinel/contracts/kernel';
import type { OrderIntent, RiskFacts } from '@sentinel/contracts/risk';

/** How far above the ask a market order may end up, in basis points: what is set aside for it. */
const marketCushionBps = 100n;

/** The price at which the order would trade now: its limit, or the far side of the quote. */
export const expectedPrice = (intent: OrderIntent, facts: RiskFacts): Price | null => {
  if (intent.limitPrice !== null) return intent.limitPrice;
  if (facts.quote === null) return null;
  return intent.side === 'buy' ? facts.quote.ask : facts.quote.bid;
};

/** Cash that a buy sets aside until it trades or ends, its fees included; nothing for a sell. */
export const cashToReserve = (intent: OrderIntent, facts: RiskFacts): Money | null => {
  if (intent.side === 'sell') return money.zero;
  const each = expectedPrice(intent, facts);
  if (each === null) return null;
  const cost = notional(each, intent.quantity, 'up');
  const cushion =
    intent.orderType === 'market' ? money.atBps(cost, marketCushionBps, 'up') : money.zero;
  return money.add(cost, cushion, facts.estimatedFees);
};
