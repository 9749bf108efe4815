import {
  isWorking,
  nextStatus,
  nextStatusBefore,
  type OrderTrigger,
  orderTriggers,
} from '@sentinel/contracts/execution';
import { type DecisionId, EventStoreCorrupt, money, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { codedRow, type Fact, projection, sortable } from '../kernel/index.ts';
import { type ExecutionType, fillsAfter, isExecution } from './fills.ts';
import { type OrderRow, storedRow } from './order-row.ts';

const termsOf = (intent: OrderIntent): OrderRow['intent'] => ({
  symbol: intent.symbol,
  side: intent.side,
  quantity: intent.quantity,
  orderType: intent.orderType,
  limitPrice: intent.limitPrice,
  timeInForce: intent.timeInForce,
  strategyId: intent.strategyId,
  signalId: intent.signalId,
  trail: intent.trail,
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
    fills: [],
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
    fills: [],
    transitions: [
      { event_id: recorded.id, type: event.type, status: 'accepted', at, reason: null },
    ],
  };
};

const filled = (order: OrderRow, { event, recorded }: Fact<ExecutionType>) => ({
  cumulativeQuantity: event.data.cumulativeQuantity,
  filledNotional: event.data.filledNotional,
  fees: money.add(order.fees, event.data.fees),
  fills: fillsAfter(order.fills, { event, recorded }),
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
    ...(isExecution(event) && filled(order, { event, recorded })),
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

/** What the field `open` says of an order that works or may. */
export const openField = 'yes';

/** One row for each order, by its id: ids count up with time, so the newest sorts last. */
export const orders = projection({
  view: 'orders',
  version: 8,
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
  fields: ['status', 'open', 'symbol', 'exit_of', 'submitted'],
  fieldsOf: ({ status, intent, link, orderId, submittedAt }) => ({
    status,
    open: isWorking(status) ? openField : null,
    symbol: intent.symbol,
    // Of a pair that was placed as one neither set the other out.
    exit_of: link === null || link.parentId === orderId ? null : link.parentId,
    submitted: sortable(submittedAt),
  }),
});
