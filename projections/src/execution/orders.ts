import type { Handlers } from '@sentinel/contracts';
import {
  type Execution,
  type ExecutionBusted,
  type ExecutionCorrected,
  executionQueries,
  nextStatus,
  nextStatusBefore,
  type OrderTrigger,
  type OrderView,
  orderStatusSchema,
  orderTriggers,
  orderView,
} from '@sentinel/contracts/execution';
import {
  accepted,
  type DecisionId,
  EventStoreCorrupt,
  money,
  quantity,
  type ReadStore,
  type Row,
  refused,
} from '@sentinel/contracts/kernel';
import { type MarketSource, tradingMode } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { answering, codedRow, type Fact, projection, readPage } from '../kernel/index.ts';

const row = orderView.extend({
  status_before: orderStatusSchema.nullable(),
  transitions: executionQueries.GetOrder.output.shape.transitions,
});
type OrderRow = ReturnType<typeof row.parse>;

/** Text that sorts as the instant does, for times from 1970 to 2286. */
const sortable = (instant: Temporal.Instant): string =>
  `${instant.epochNanoseconds}`.padStart(19, '0');

const begun = (
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
const adopted = ({ event, recorded }: Fact<'OrderAdopted'>): OrderRow => {
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

const move = (order: OrderRow, { event, recorded }: Fact<MovingType>): OrderRow => {
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

/** One row for each order, by its id: ids count up with time, so the newest sorts last. */
export const orders = projection({
  view: 'orders',
  version: 3,
  row: codedRow(row),
  types: orderTriggers,
  begins: ['OrderDenied', 'OrderSubmitted', 'OrderAdopted'],
  keys: ({ event }) => [event.data.orderId],
  evolve: (order, fact) => {
    const { event, recorded } = fact;
    if (event.type === 'OrderDenied' || event.type === 'OrderSubmitted')
      return begun({ event, recorded }, event.data.intent);
    if (event.type === 'OrderAdopted') return adopted({ event, recorded });
    if (order === undefined) throw new Error(`${event.type} of an order that was never submitted`);
    return move(order, { event, recorded });
  },
  fields: ['status', 'symbol', 'submitted'],
  fieldsOf: ({ status, symbol, submitted_at }) => ({
    status,
    symbol,
    submitted: sortable(submitted_at),
  }),
});

const viewOf = ({ status_before, transitions, ...order }: OrderRow) => order;

/** An order of a list: its transitions are many, and stay unread. */
const listed = {
  view: orders.view,
  row: {
    parse: (stored: unknown): OrderView => {
      const { status_before, transitions, ...order } = stored as Row;
      return orderView.parse(order);
    },
  },
};

export const executionQueryHandlers = ({
  readStore,
  source,
}: {
  readonly readStore: ReadStore;
  readonly source: MarketSource;
}): Handlers<'GetOrder' | 'ListOrders'> => ({
  GetOrder: ({ order_id, min_position }) =>
    answering(readStore, min_position, async () => {
      const { value: stored, position } = await readStore.get(orders.view, order_id);
      if (stored === undefined) {
        const remedy =
          'Take the order id from the answer to execution.paper_order, or list the orders.';
        return {
          value: refused('UNKNOWN_ORDER', `There is no order ${order_id}.`, remedy),
          position,
        };
      }
      const order = orders.row.parse(stored);
      const { transitions } = order;
      return {
        value: accepted({ mode: tradingMode(source), order: viewOf(order), transitions }),
        position,
      };
    }),
  ListOrders: ({ status, symbol, start, end, limit, cursor, min_position }) =>
    answering(readStore, min_position, async () => {
      const { rows, nextCursor, position } = await readPage(readStore, listed, {
        newestFirst: true,
        limit,
        where: { ...(status !== undefined && { status }), ...(symbol !== undefined && { symbol }) },
        ...((start ?? end) !== undefined && { between: between(start, end) }),
        ...(cursor !== undefined && { cursor }),
      });
      return {
        value: accepted({
          mode: tradingMode(source),
          orders: [...rows],
          next_cursor: nextCursor,
        }),
        position,
      };
    }),
});

const between = (start: Temporal.Instant | undefined, end: Temporal.Instant | undefined) => ({
  field: 'submitted',
  ...(start !== undefined && { from: sortable(start) }),
  ...(end !== undefined && { to: sortable(end) }),
});
