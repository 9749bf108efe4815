import type { OrderView } from '@sentinel/contracts/execution';
import { averagePrice, quantity } from '@sentinel/contracts/kernel';
import type { OrderRecord } from './session/index.ts';

/** The order whose fill set this one out; of a pair that was placed as one, none did. */
const exitOf = ({ link, orderId }: OrderRecord) =>
  link === undefined || link.parentId === orderId ? null : link.parentId;

/** An order as a command answers it, from the session's own memory. */
export const viewOfOrder = (record: OrderRecord): OrderView => ({
  order_id: record.orderId,
  decision_id: record.decisionId,
  symbol: record.intent.symbol,
  side: record.intent.side,
  qty: record.intent.quantity,
  order_type: record.intent.orderType,
  limit_price: record.intent.limitPrice,
  stop_price: record.stopAt ?? null,
  exit_of: exitOf(record),
  external: record.external,
  time_in_force: record.intent.timeInForce,
  strategy_id: record.intent.strategyId,
  status: record.status,
  cumulative_qty: record.cumulativeQuantity,
  leaves_qty:
    record.status === 'denied'
      ? quantity.zero
      : quantity.subtract(record.intent.quantity, record.cumulativeQuantity),
  average_price:
    record.cumulativeQuantity === 0n
      ? null
      : averagePrice(record.filledNotional, record.cumulativeQuantity, 'half-even'),
  fees: record.fees,
  reason: record.reason,
  submitted_at: record.submittedAt,
  updated_at: record.updatedAt,
});
