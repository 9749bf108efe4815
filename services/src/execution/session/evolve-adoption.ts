import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type DecisionId, money, quantity } from '@sentinel/contracts/kernel';
import { type DataOf, later, recordOf } from './evolve-order.ts';
import type { Session } from './state.ts';

/**
 * An order that others placed works from here on like any other. Nobody here decided it: its own id
 * stands where that of a decision would, and leads to none.
 */
export const adopt = (session: Session, data: DataOf<'OrderAdopted'>): Session => {
  const { orderId, venueOrderId } = data;
  const order: WorkingOrder = {
    orderId,
    decisionId: orderId as string as DecisionId,
    sequence: data.sequence,
    status: 'accepted',
    statusBefore: null,
    cancelRequestedAt: null,
    intent: data.intent,
    submittedAt: data.submittedAt,
    cumulativeQuantity: quantity.zero,
    leavesQuantity: data.intent.quantity,
    filledNotional: money.zero,
    fills: 0,
    fees: money.zero,
    reservedCash: data.reservedCash,
    venueOrderId,
    external: true,
  };
  return {
    ...session,
    lastAt: later(session.lastAt, data.at),
    working: session.working.with(orderId, order),
    orders: session.orders.with(orderId, recordOf(order)),
    adopted: new Map(session.adopted).set(venueOrderId, orderId),
    orderSequence: data.sequence,
  };
};
