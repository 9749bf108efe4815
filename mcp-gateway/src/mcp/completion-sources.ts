import type { ToolName } from '@sentinel/contracts';

export type Source = {
  readonly tool: ToolName;
  readonly args: object;
  /** The values in what the tool answers. */
  readonly valuesOf: (answer: Readonly<Record<string, unknown>>) => readonly string[];
};

/** The field of each row of a list. */
const column =
  (list: string, field: string): Source['valuesOf'] =>
  (answer) =>
    (answer[list] as readonly Readonly<Record<string, string>>[]).map((row) => row[field] ?? '');

const orderIds = column('orders', 'order_id');

/** Values that something can have, read by the tools that show them. */
export const sources = {
  symbols: {
    tool: 'watchlist.list',
    args: { limit: 200 },
    valuesOf: column('entries', 'symbol'),
  },
  groups: { tool: 'watchlist.groups', args: {}, valuesOf: column('groups', 'group') },
  strategies: {
    tool: 'governance.list_strategies',
    args: { limit: 100 },
    valuesOf: column('strategies', 'strategy'),
  },
  orders: { tool: 'execution.list_orders', args: { limit: 100 }, valuesOf: orderIds },
  deniedOrders: {
    tool: 'execution.list_orders',
    args: { limit: 100, status: 'denied' },
    valuesOf: orderIds,
  },
  accounts: {
    tool: 'portfolio.status',
    args: {},
    valuesOf: ({ account }) => [account as string],
  },
  days: {
    tool: 'portfolio.status',
    args: {},
    valuesOf: ({ session_date: day }) => [day as string],
  },
} as const satisfies Record<string, Source>;

/** What an argument is completed by. */
export type Completes = keyof typeof sources | 'targets';
