import type { Handlers } from '@sentinel/contracts';
import { type OrderView, orderTriggers, orderView } from '@sentinel/contracts/execution';
import { accepted, type ReadStore, type Row, refused } from '@sentinel/contracts/kernel';
import { type MarketSource, tradingMode } from '@sentinel/contracts/market';
import { answering, codedRow, projection, readPage } from '../kernel/index.ts';
import { adopted, begun, move, type OrderRow, orderRow } from './order-row.ts';

/** Text that sorts as the instant does, for times from 1970 to 2286. */
const sortable = (instant: Temporal.Instant): string =>
  `${instant.epochNanoseconds}`.padStart(19, '0');

/** One row for each order, by its id: ids count up with time, so the newest sorts last. */
export const orders = projection({
  view: 'orders',
  version: 3,
  row: codedRow(orderRow),
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
