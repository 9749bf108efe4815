import {
  type Execution,
  type ExecutionBusted,
  type ExecutionCorrected,
  nextStatus,
  nextStatusBefore,
  type OrderTrigger,
  orderTriggers,
} from '@sentinel/contracts/execution';
import { type DecisionId, EventStoreCorrupt, money, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { codedRow, type Fact, projection, sortable } from '../kernel/index.ts';
import { type OrderRow, storedRow } from './order-row.ts';

const termsOf = (intent: OrderIntent): OrderRow['intent'] => ({
  symbol: intent.symbol,
  side: intent.side,
  quantity: intent.quantity,
  orderType: intent.orderType,
  limitPrice: intent.limitPrice,
  timeInForce: intent.timeInForce,
  strategyId: intent.strategyId,
});

/** A proposal waits; what a human says yes to begins as an order like any other. */
const statusOf = {
  OrderProposed: 'initialized',
  OrderSubmitted: 'submitted',
  OrderDenied: 'denied',
} as const;

const begun = ({
  event,
  recorded,
}: Fact<'OrderProposed' | 'OrderSubmitted' | 'OrderDenied'>): OrderRow => {
  const { orderId, decisionId, intent, at } = event.data;
  const status = statusOf[event.type];
  const link = event.type === 'OrderSubmitted' ? event.data.link : undefined;
  return {
    orderId,
    decisionId,
    intent: termsOf(intent),
    stopAt: intent.triggerPrice ?? null,
    link: link === undefined ? null : { parentId: link.parentId },
    external: false,
    status,
    statusBefore: null,
    cumulativeQuantity: quantity.zero,
    filledNotional: money.zero,
    fees: money.zero,
    reason:
      event.type === 'OrderDenied' ? { code: event.data.code, message: event.data.message } : null,
    givenReason: event.data.givenReason,
    submittedAt: at,
    updatedAt: at,
    transitions: [
      { event_id: recorded.id, type: event.type, status, at, reason: event.data.givenReason },
    ],
  };
};

/** An order that others placed: its own id stands where that of a decision would. */
const adopted = ({ event, recorded }: Fact<'OrderAdopted'>): OrderRow => {
  const { orderId, intent, submittedAt, at } = event.data;
  return {
    orderId,
    decisionId: orderId as string as DecisionId,
    intent: termsOf(intent),
    stopAt: intent.triggerPrice ?? null,
    link: null,
    external: true,
    status: 'accepted',
    statusBefore: null,
    cumulativeQuantity: quantity.zero,
    filledNotional: money.zero,
    fees: money.zero,
    reason: null,
    givenReason: null,
    submittedAt,
    updatedAt: at,
    transitions: [
      { event_id: recorded.id, type: event.type, status: 'accepted', at, reason: null },
    ],
  };
};

const filled = (order: OrderRow, execution: Execution | ExecutionBusted | ExecutionCorrected) => ({
  cumulativeQuantity: execution.cumulativeQuantity,
  filledNotional: execution.filledNotional,
  fees: money.add(order.fees, execution.fees),
});

const replaced = ({ intent, stopAt }: Fact<'OrderReplaced'>['event']['data']) => ({
  intent: termsOf(intent),
  // A trailing stop stands where it has moved to.
  ...(intent.trail === undefined && { stopAt: intent.triggerPrice ?? null }),
  ...(stopAt !== null && { stopAt }),
});

/** Where an action took a trailing stop, in an event from before the orders' own events said it. */
const carriedStop = (
  order: OrderRow,
  { data }: Fact<'CorporateActionApplied'>['event'],
): OrderRow => {
  const stop = data.stops?.find(({ orderId }) => orderId === order.orderId);
  return stop === undefined ? order : { ...order, stopAt: stop.stopAt };
};

/** The events that move an order once it is submitted. */
type MovingType = Exclude<
  OrderTrigger,
  'OrderProposed' | 'OrderDenied' | 'OrderSubmitted' | 'OrderAdopted'
>;

/** The words that came with an event: of a caller, of the venue or of the house. */
const saidWith = ({ data }: Fact<MovingType>['event']): string | null =>
  'reason' in data ? data.reason : null;

const move = (order: OrderRow, { event, recorded }: Fact<MovingType>): OrderRow => {
  const status = nextStatus(order.status, order.statusBefore, event.type);
  if (status === undefined) {
    throw new EventStoreCorrupt(`${event.type} of an order that is ${order.status}`);
  }
  const before = nextStatusBefore(order.status, order.statusBefore, event.type);
  const { at } = event.data;
  return {
    ...order,
    ...('lastQuantity' in event.data && filled(order, event.data)),
    ...((event.type === 'OrderStopMoved' || event.type === 'OrderTriggered') && {
      stopAt: event.data.stopAt,
    }),
    ...(event.type === 'OrderReplaced' && replaced(event.data)),
    ...(event.type === 'OrderRejected' && {
      reason: { code: 'VENUE_REJECTED', message: event.data.reason },
    }),
    status,
    statusBefore: before,
    updatedAt: at,
    transitions: [
      ...order.transitions,
      { event_id: recorded.id, type: event.type, status, at, reason: saidWith(event) },
    ],
  };
};

/** One row for each order, by its id: ids count up with time, so the newest sorts last. */
export const orders = projection({
  view: 'orders',
  version: 7,
  row: codedRow(storedRow),
  types: [...orderTriggers, 'CorporateActionApplied'],
  begins: ['OrderProposed', 'OrderDenied', 'OrderSubmitted', 'OrderAdopted'],
  keys: ({ event }) =>
    event.type === 'CorporateActionApplied'
      ? (event.data.stops ?? []).map(({ orderId }) => orderId)
      : [event.data.orderId],
  evolve: (order, fact) => {
    const { event, recorded } = fact;
    if (
      event.type === 'OrderProposed' ||
      event.type === 'OrderDenied' ||
      event.type === 'OrderSubmitted'
    )
      return begun({ event, recorded });
    if (event.type === 'OrderAdopted') return adopted({ event, recorded });
    if (order === undefined) throw new Error(`${event.type} of an order that was never submitted`);
    if (event.type === 'CorporateActionApplied') return carriedStop(order, event);
    return move(order, { event, recorded });
  },
  fields: ['status', 'symbol', 'submitted'],
  fieldsOf: ({ status, intent, submittedAt }) => ({
    status,
    symbol: intent.symbol,
    submitted: sortable(submittedAt),
  }),
});
