import type { Handlers } from '@sentinel/contracts';
import { shortOf, viewOfOrder } from '@sentinel/contracts/execution';
import {
  accepted,
  type OrderId,
  type ReadStore,
  type Row,
  refused,
  type z,
} from '@sentinel/contracts/kernel';
import { type MarketSource, tradingMode } from '@sentinel/contracts/market';
import { answering, codedRow, readPage, sortable } from '../kernel/index.ts';
import { type FillRow, orderRow } from './order-row.ts';
import { openField, orders } from './orders.ts';

/** An order of a list: its fills and transitions are many, and stay unread. */
const { parse } = codedRow(orderRow);
const listed = {
  view: orders.view,
  row: {
    parse: (stored: unknown): z.output<typeof orderRow> => {
      const { transitions, fills, ...order } = stored as Row;
      return parse(order);
    },
  },
};

const shownFill = ({ eventId, price, quantity, fees, at }: FillRow) => ({
  event_id: eventId,
  price,
  qty: quantity,
  fees,
  at,
});

export const executionQueryHandlers = ({
  readStore,
  source,
}: {
  readonly readStore: ReadStore;
  readonly source: MarketSource;
}): Handlers<'GetOrder' | 'ListOrders'> => ({
  GetOrder: ({ order_id, min_position }) =>
    answering(readStore, min_position, async () => {
      // Read before the order, so that the answer is nowhere older than it says.
      const exits = await readStore.find(orders.view, { where: { exit_of: order_id }, limit: 100 });
      const { value: stored } = await readStore.get(orders.view, order_id);
      const { logPosition } = exits;
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
        value: accepted({
          mode: tradingMode(source),
          order: viewOfOrder(order),
          exits: exits.value.map(({ key }) => key as OrderId),
          fills: order.fills.map(shownFill),
          transitions,
        }),
        logPosition,
      };
    }),
  ListOrders: ({ open, status, symbol, start, end, detail, limit, cursor, min_position }) =>
    answering(readStore, min_position, async () => {
      const { rows, nextCursor, logPosition } = await readPage(readStore, listed, {
        newestFirst: true,
        limit,
        where: {
          ...(open === true && { open: openField }),
          ...(status !== undefined && { status }),
          ...(symbol !== undefined && { symbol }),
        },
        ...((start ?? end) !== undefined && { between: between(start, end) }),
        ...(cursor !== undefined && { cursor }),
      });
      return {
        value: accepted({
          mode: tradingMode(source),
          orders: rows
            .map(viewOfOrder)
            .map((order) => (detail === 'full' ? order : shortOf(order))),
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
