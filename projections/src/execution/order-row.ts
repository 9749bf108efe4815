import {
  type Execution,
  type ExecutionBusted,
  type ExecutionCorrected,
  executionQueries,
  nextStatus,
  nextStatusBefore,
  type OrderTrigger,
  orderStatusSchema,
  orderView,
} from '@sentinel/contracts/execution';
import { type DecisionId, EventStoreCorrupt, money, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import type { Fact } from '../kernel/index.ts';

/** An order as the view keeps it: what is answered of it, and what moves it. */
export const orderRow = orderView.extend({
  status_before: orderStatusSchema.nullable(),
  transitions: executionQueries.GetOrder.output.shape.transitions,
});
export type OrderRow = ReturnType<typeof orderRow.parse>;

/** An order from its first event. */
export const begun = (
  { event, recorded }: Fact<'OrderSubmitted' | 'OrderDenied'>,
  intent: OrderIntent,
): OrderRow => {
  const { orderId, decisionId, at } = event.data;
  const status = event.type === 'OrderDenied' ? 'denied' : 'submitted';
  return {
    order_id: orderId,
    decision_id: decisionId,
    symbol: intent.symbol,
    side: intent.side,
    qty: intent.quantity,
    order_type: intent.orderType,
    limit_price: intent.limitPrice,
    stop_price: intent.triggerPrice ?? null,
    exit_of: event.type === 'OrderSubmitted' ? exitOf(event.data) : null,
    external: false,
    time_in_force: intent.timeInForce,
    strategy_id: intent.strategyId,
    status,
    cumulative_qty: quantity.zero,
    leaves_qty: status === 'denied' ? quantity.zero : intent.quantity,
    average_price: null,
    fees: money.zero,
    reason:
      event.type === 'OrderDenied' ? { code: event.data.code, message: event.data.message } : null,
    submitted_at: at,
    updated_at: at,
    status_before: null,
    transitions: [{ event_id: recorded.id, type: event.type, status, at }],
  };
};

/** The order whose fill set this one out; of a pair that was placed as one, none did. */
const exitOf = ({ link, orderId }: Fact<'OrderSubmitted'>['event']['data']) =>
  link === undefined || link.parentId === orderId ? null : link.parentId;

/** An order that others placed: its own id stands where that of a decision would. */
export const adopted = ({ event, recorded }: Fact<'OrderAdopted'>): OrderRow => {
  const { orderId, intent, submittedAt, at } = event.data;
  return {
    order_id: orderId,
    decision_id: orderId as string as DecisionId,
    symbol: intent.symbol,
    side: intent.side,
    qty: intent.quantity,
    order_type: intent.orderType,
    limit_price: intent.limitPrice,
    stop_price: intent.triggerPrice ?? null,
    exit_of: null,
    external: true,
    time_in_force: intent.timeInForce,
    strategy_id: intent.strategyId,
    status: 'accepted',
    cumulative_qty: quantity.zero,
    leaves_qty: intent.quantity,
    average_price: null,
    fees: money.zero,
    reason: null,
    submitted_at: submittedAt,
    updated_at: at,
    status_before: null,
    transitions: [{ event_id: recorded.id, type: event.type, status: 'accepted', at }],
  };
};

const filled = (order: OrderRow, execution: Execution | ExecutionBusted | ExecutionCorrected) => ({
  cumulative_qty: execution.cumulativeQuantity,
  leaves_qty: execution.leavesQuantity,
  average_price: execution.averagePrice,
  fees: money.add(order.fees, execution.fees),
});

const replaced = ({ intent, leavesQuantity }: Fact<'OrderReplaced'>['event']['data']) => ({
  qty: intent.quantity,
  leaves_qty: leavesQuantity,
  limit_price: intent.limitPrice,
  // A trailing stop stands where it has moved to.
  ...(intent.trail === undefined && { stop_price: intent.triggerPrice ?? null }),
});

/** The events that move an order once it is submitted. */
type MovingType = Exclude<OrderTrigger, 'OrderDenied' | 'OrderSubmitted' | 'OrderAdopted'>;

/** The order after one more of its events. */
export const move = (order: OrderRow, { event, recorded }: Fact<MovingType>): OrderRow => {
  const status = nextStatus(order.status, order.status_before, event.type);
  if (status === undefined) {
    throw new EventStoreCorrupt(`${event.type} of an order that is ${order.status}`);
  }
  const before = nextStatusBefore(order.status, order.status_before, event.type);
  const { at } = event.data;
  return {
    ...order,
    ...('lastQuantity' in event.data && filled(order, event.data)),
    ...('stopAt' in event.data && { stop_price: event.data.stopAt }),
    ...(event.type === 'OrderReplaced' && replaced(event.data)),
    ...(event.type === 'OrderRejected' && {
      reason: { code: 'VENUE_REJECTED', message: event.data.reason },
    }),
    status,
    status_before: before,
    updated_at: at,
    transitions: [...order.transitions, { event_id: recorded.id, type: event.type, status, at }],
  };
};
