import {
  type DecisionId,
  type OrderId,
  type Price,
  price,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Side } from '@sentinel/contracts/risk';
import type { Decided, Entry } from './entries.ts';

/** An order as far as a trade or a fill rate is measured by it. */
export type StrategyOrder = {
  readonly strategyId: string | null;
  readonly side: Side;
  readonly isExit: boolean;
  readonly ordered: Quantity;
  readonly filled: Quantity;
  /** The session in which it ended; null while it works. */
  readonly endedOn: TradingDate | null;
  /** Where its owner means to get out. */
  readonly stop: Price | null;
  readonly decided: Decided | undefined;
};

export type Orders = ReadonlyMap<OrderId, StrategyOrder>;

/** Orders under their ids, with what was known when each was decided, and those that work on from before. */
export const orderBook = (carried: Orders = new Map()) => {
  const orders = new Map<OrderId, StrategyOrder>(carried);
  const decisions = new Map<DecisionId, Decided>();
  const change = (id: OrderId, by: (order: StrategyOrder) => Partial<StrategyOrder>) => {
    const order = orders.get(id);
    if (order !== undefined) orders.set(id, { ...order, ...by(order) });
  };
  return {
    orders: orders as Orders,
    note: (entry: Entry, date: TradingDate): void => {
      switch (entry.kind) {
        case 'decided':
          decisions.set(entry.decisionId, entry);
          return;
        case 'ordered': {
          // An order that works on from the day before is the same order.
          if (orders.has(entry.orderId)) return;
          const { intent, isExit } = entry;
          const decided = decisions.get(entry.decisionId);
          orders.set(entry.orderId, {
            strategyId: intent.strategyId,
            side: intent.side,
            isExit,
            ordered: intent.quantity,
            filled: quantity.zero,
            endedOn: null,
            stop: intent.exits?.stopLoss ?? intent.stopPrice ?? decided?.signalStop ?? null,
            decided,
          });
          return;
        }
        case 'terms':
          change(entry.orderId, () => ({ ordered: entry.intent.quantity }));
          return;
        case 'filled':
          change(entry.orderId, ({ filled }) => ({ filled: quantity.add(filled, entry.quantity) }));
          return;
        case 'ended':
          change(entry.orderId, () => ({ endedOn: date }));
          return;
        default:
          return;
      }
    },
  };
};

/** Dollars per share at risk when shares are got at this price; null where nobody can say. */
export const riskPerShare = (
  { stop, decided }: Pick<StrategyOrder, 'stop' | 'decided'>,
  at: Price,
): Price | null => {
  if (stop !== null && stop !== at) return (stop > at ? stop - at : at - stop) as Price;
  const usual = decided?.usualRisk ?? null;
  return usual === null || usual <= 0n ? null : usual;
};

/** How far the price was from the mid at the decision, adverse positive, in basis points. */
export const slippageOf = ({ side, decided }: StrategyOrder, at: Price): number | null => {
  const mid = decided?.mid ?? null;
  if (mid === null || mid <= 0n) return null;
  const sign = side === 'buy' ? 1 : -1;
  return (sign * (price.toFloat(at) - price.toFloat(mid)) * 10_000) / price.toFloat(mid);
};
