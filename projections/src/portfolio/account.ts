import type {
  Execution,
  ExecutionBusted,
  ExecutionCorrected,
  SessionOpened,
} from '@sentinel/contracts/execution';
import {
  type Money,
  money,
  moneySchema,
  type OrderId,
  orderIdSchema,
  priceSchema,
  quantitySchema,
  tradingDateSchema,
  z,
} from '@sentinel/contracts/kernel';
import { tickerSchema } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import { codedRow, type Fact, projection } from '../kernel/index.ts';

const held = z.strictObject({
  symbol: tickerSchema,
  quantity: quantitySchema,
  averagePrice: priceSchema,
  cost: moneySchema,
});

const row = z.strictObject({
  account: z.string(),
  date: tradingDateSchema,
  cash: moneySchema,
  positions: held.array(),
  realizedPnl: moneySchema,
  fees: moneySchema,
  dayStartEquity: moneySchema,
  working: z.strictObject({ orderId: orderIdSchema, reservedCash: moneySchema }).array(),
});
export type Account = z.output<typeof row>;

const types = [
  'SessionOpened',
  'WorkingOrdersCarried',
  'OrderSubmitted',
  'OrderAdopted',
  'OrderReplaced',
  'OrderRejected',
  'OrderPartiallyFilled',
  'OrderFilled',
  'ExecutionBusted',
  'ExecutionCorrected',
  'OrderCanceled',
  'OrderExpired',
  'CorporateActionApplied',
  'BorrowFeeCharged',
] as const;

const heldOf = ({
  symbol,
  quantity,
  averagePrice,
  cost,
}: PositionState): z.output<typeof held> => ({
  symbol,
  quantity,
  averagePrice,
  cost,
});

const opened = (books: SessionOpened): Account => ({
  account: books.account,
  date: books.date,
  cash: books.cash,
  positions: books.positions.map(heldOf),
  realizedPnl: money.zero,
  fees: money.zero,
  dayStartEquity: books.equity,
  working: books.workingOrders.map(({ orderId, reservedCash }) => ({ orderId, reservedCash })),
});

const without = ({ working }: Account, gone: OrderId) =>
  working.filter(({ orderId }) => orderId !== gone);

/** Cash and position are taken from the execution, which the session reckoned once for all. */
const traded = (
  account: Account,
  execution: Execution | ExecutionBusted | ExecutionCorrected,
  working: Account['working'],
): Account => {
  const others = account.positions.filter(({ symbol }) => symbol !== execution.symbol);
  return {
    ...account,
    cash: execution.cash,
    positions: execution.position === null ? others : [...others, heldOf(execution.position)],
    realizedPnl: money.add(account.realizedPnl, execution.realizedPnl),
    fees: money.add(account.fees, execution.fees),
    working,
  };
};

/** A split or a dividend, with the books as it left them. */
const acted = (
  account: Account,
  { action, cash, position }: Fact<'CorporateActionApplied'>['event']['data'],
): Account => {
  const others = account.positions.filter(({ symbol }) => symbol !== action.symbol);
  return { ...account, cash, positions: position === null ? others : [...others, position] };
};

/** Orders that work, with what one of them sets aside from now on. */
const reserving = ({ working }: Account, orderId: OrderId, reservedCash: Money) =>
  working.map((order) => (order.orderId === orderId ? { orderId, reservedCash } : order));

const evolve = (
  account: Account,
  { event }: Fact<Exclude<(typeof types)[number], 'SessionOpened'>>,
): Account => {
  if (event.type === 'WorkingOrdersCarried') {
    const carried = event.data.orders.map(({ orderId, reservedCash }) => ({
      orderId,
      reservedCash,
    }));
    return { ...account, working: [...account.working, ...carried] };
  }
  if (event.type === 'BorrowFeeCharged')
    return { ...account, cash: event.data.cash, fees: money.add(account.fees, event.data.fee) };
  if (event.type === 'CorporateActionApplied') return acted(account, event.data);
  const { orderId } = event.data;
  switch (event.type) {
    case 'OrderSubmitted':
    case 'OrderAdopted':
      return {
        ...account,
        working: [...account.working, { orderId, reservedCash: event.data.reservedCash }],
      };
    case 'OrderReplaced':
      return { ...account, working: reserving(account, orderId, event.data.reservedCash) };
    case 'OrderPartiallyFilled':
    case 'ExecutionBusted':
    case 'ExecutionCorrected': {
      const working = reserving(account, orderId, event.data.reservedCash);
      return traded(account, event.data, working);
    }
    case 'OrderFilled':
      return traded(account, event.data, without(account, orderId));
    case 'OrderRejected':
    case 'OrderCanceled':
    case 'OrderExpired':
      return { ...account, working: without(account, orderId) };
  }
};

/** `session-<account>-<yyyy-mm-dd>`: the account may hold dashes itself. */
const sessionPattern = /^session-(.+)-\d{4}-\d{2}-\d{2}$/;

/** One row for each account: its money, positions and working orders in the newest session. */
export const accounts = projection({
  view: 'accounts',
  version: 3,
  row: codedRow(row),
  types,
  begins: ['SessionOpened'],
  keys: ({ recorded }) => {
    const account = sessionPattern.exec(recorded.stream)?.[1];
    if (account === undefined) throw new Error(`${recorded.stream} is no session`);
    return [account];
  },
  evolve: (account, { event, recorded }) => {
    if (event.type === 'SessionOpened') return opened(event.data);
    if (account === undefined) throw new Error(`${event.type} before the session was opened`);
    return evolve(account, { event, recorded });
  },
  fields: [],
  fieldsOf: () => ({}),
});
