import type {
  Execution,
  ExecutionBusted,
  ExecutionCorrected,
  SessionOpened,
} from '@sentinel/contracts/execution';
import {
  money,
  moneySchema,
  priceSchema,
  quantitySchema,
  tradingDateSchema,
  z,
} from '@sentinel/contracts/kernel';
import { type Ticker, tickerSchema } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import type { LimitsDocument } from '@sentinel/contracts/risk';
import { codedRow, type Fact, projection } from '../kernel/index.ts';
import { begun, movedOrders, workingOf, workingRow } from './working.ts';

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
  /** Regulation T's initial margin in an account that has it; null in a cash account. */
  initialMarginBps: z.int().nullable(),
  working: workingRow.array(),
});
export type Account = z.output<typeof row>;

const orderTypes = [
  'OrderSubmitted',
  'OrderAdopted',
  'OrderAccepted',
  'OrderTriggered',
  'OrderPendingReplace',
  'OrderReplaced',
  'OrderReplaceRejected',
  'OrderPendingCancel',
  'OrderCancelRejected',
  'OrderOutcomeUnknown',
  'OrderRejected',
  'OrderPartiallyFilled',
  'OrderFilled',
  'ExecutionBusted',
  'ExecutionCorrected',
  'OrderCanceled',
  'OrderExpired',
] as const;

const types = [
  ...orderTypes,
  'SessionOpened',
  'WorkingOrdersCarried',
  'CorporateActionApplied',
  'BorrowFeeCharged',
  'PaperAccountReset',
  'LimitsAdopted',
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

const marginOf = ({ limits }: LimitsDocument): number | null => limits.margin?.initialBps ?? null;

const opened = (books: SessionOpened): Account => ({
  account: books.account,
  date: books.date,
  cash: books.cash,
  positions: books.positions.map(heldOf),
  realizedPnl: money.zero,
  fees: money.zero,
  dayStartEquity: books.equity,
  initialMarginBps: marginOf(books.limits),
  working: books.workingOrders.map(workingOf),
});

const withPosition = (
  { positions }: Account,
  symbol: Ticker,
  position: PositionState | null,
): Account['positions'] => {
  const others = positions.filter((each) => each.symbol !== symbol);
  return position === null ? others : [...others, heldOf(position)];
};

/** Cash and position are taken from the execution, which the session reckoned once for all. */
const traded = (
  account: Account,
  execution: Execution | ExecutionBusted | ExecutionCorrected,
): Account => ({
  ...account,
  cash: execution.cash,
  positions: withPosition(account, execution.symbol, execution.position),
  realizedPnl: money.add(account.realizedPnl, execution.realizedPnl),
  fees: money.add(account.fees, execution.fees),
});

/** What an event of one order changes: the order by the table of states, and what it set aside. */
const ordered = (account: Account, event: Fact<(typeof orderTypes)[number]>['event']): Account => {
  const { working } = account;
  const { orderId } = event.data;
  switch (event.type) {
    case 'OrderSubmitted':
      return { ...account, working: [...working, begun('submitted', event.data)] };
    case 'OrderAdopted':
      return { ...account, working: [...working, begun('accepted', event.data)] };
    case 'OrderPendingReplace': {
      const asked = { orderId, askedCash: event.data.reservedCash };
      return { ...account, working: movedOrders(working, asked, event.type) };
    }
    case 'OrderReplaced':
    case 'OrderPartiallyFilled':
    case 'OrderFilled':
    case 'ExecutionBusted':
    case 'ExecutionCorrected': {
      const { reservedCash } = event.data;
      const moved = movedOrders(working, { orderId, reservedCash }, event.type);
      const next = { ...account, working: moved };
      return event.type === 'OrderReplaced' ? next : traded(next, event.data);
    }
    default:
      return { ...account, working: movedOrders(working, { orderId }, event.type) };
  }
};

const evolve = (
  account: Account,
  { event }: Fact<Exclude<(typeof types)[number], 'SessionOpened'>>,
): Account => {
  switch (event.type) {
    case 'WorkingOrdersCarried':
      return { ...account, working: [...account.working, ...event.data.orders.map(workingOf)] };
    case 'BorrowFeeCharged':
      return { ...account, cash: event.data.cash, fees: money.add(account.fees, event.data.fee) };
    case 'CorporateActionApplied': {
      const { action, cash, position } = event.data;
      return { ...account, cash, positions: withPosition(account, action.symbol, position) };
    }
    case 'PaperAccountReset':
      return {
        ...account,
        cash: event.data.cash,
        dayStartEquity: event.data.cash,
        positions: [],
        realizedPnl: money.zero,
        fees: money.zero,
      };
    case 'LimitsAdopted':
      return { ...account, initialMarginBps: marginOf(event.data.document) };
    default:
      return ordered(account, event);
  }
};

/** `session-<account>-<yyyy-mm-dd>`: the account may hold dashes itself. */
const sessionPattern = /^session-(.+)-\d{4}-\d{2}-\d{2}$/;

/** One row for each account: its money, positions and working orders in the newest session. */
export const accounts = projection({
  view: 'accounts',
  version: 6,
  row: codedRow(row),
  types,
  begins: ['SessionOpened'],
  keys: ({ recorded }) => {
    // Limits stand in the control stream as well, and hold for a session once they stand in its own.
    if (recorded.stream === 'control') return [];
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
