import type { Handlers } from '@sentinel/contracts';
import { viewOfOrder } from '@sentinel/contracts/execution';
import { accepted, type ReadStore, type Row, refused, type z } from '@sentinel/contracts/kernel';
import { type MarketSource, tradingMode } from '@sentinel/contracts/market';
import { answering, codedRow, readPage, sortable } from '../kernel/index.ts';
import { orderRow } from './order-row.ts';
import { orders } from './orders.ts';

/** An order of a list: its transitions are many, and stay unread. */
const { parse } = codedRow(orderRow);
const listed = {
  view: orders.view,
  row: {
    parse: (stored: unknown): z.output<typeof orderRow> => {
      const { transitions, ...order } = stored as Row;
      return parse(order);
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
      const { value: stored, logPosition } = await readStore.get(orders.view, order_id);
      if (stored === undefined) {
        const remedy =
          'Take the order id from the answer to execution.paper_order, or list the orders.';
        return {
          value: refused('UNKNOWN_ORDER', `There is no order ${order_id}.`, remedy),
          logPosition,
        };
      }
      const order = orders.row.parse(stored);
      const { transitions } = order;
      return {
        value: accepted({ mode: tradingMode(source), order: viewOfOrder(order), transitions }),
        logPosition,
      };
    }),
  ListOrders: ({ status, symbol, start, end, limit, cursor, min_position }) =>
    answering(readStore, min_position, async () => {
      const { rows, nextCursor, logPosition } = await readPage(readStore, listed, {
        newestFirst: true,
        limit,
        where: { ...(status !== undefined && { status }), ...(symbol !== undefined && { symbol }) },
        ...((start ?? end) !== undefined && { between: between(start, end) }),
        ...(cursor !== undefined && { cursor }),
      });
      return {
        value: accepted({
          mode: tradingMode(source),
          orders: rows.map(viewOfOrder),
          next_cursor: nextCursor,
        }),
        logPosition,
      };
    }),
});

const between = (start: Temporal.Instant | undefined, end: Temporal.Instant | undefined) => ({
  field: 'submitted',
  ...(start !== undefined && { from: sortable(start) }),
  ...(end !== undefined && { to: sortable(end) }),
});
