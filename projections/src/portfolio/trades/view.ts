import type { TradingDate } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { codedRow, type Fact, positionKey, projection, type SetRow } from '../../kernel/index.ts';
import { acted, amended, charged, filled, type Place } from './book.ts';
import { adopted, assessed, orderEnded, replaced, submitted, triggered } from './orders.ts';
import { type Book, row, type Trade, type TradesRow } from './rows.ts';

const types = [
  'RiskAssessed',
  'OrderSubmitted',
  'OrderAdopted',
  'OrderReplaced',
  'OrderTriggered',
  'OrderRejected',
  'OrderCanceled',
  'OrderExpired',
  'OrderPartiallyFilled',
  'OrderFilled',
  'ExecutionBusted',
  'ExecutionCorrected',
  'CorporateActionApplied',
  'BorrowFeeCharged',
] as const;
type Told = Fact<(typeof types)[number]>;

/** `session-<account>-<yyyy-mm-dd>`: the account may hold dashes itself. */
const sessionPattern = /^session-(.+)-(\d{4}-\d{2}-\d{2})$/;

const sessionOf = ({
  recorded,
}: Told): { readonly account: string; readonly date: TradingDate } => {
  const [, account, date] = sessionPattern.exec(recorded.stream) ?? [];
  if (account === undefined || date === undefined)
    throw new Error(`${recorded.stream} is no session`);
  return { account, date: date as TradingDate };
};

/** Null in an event from before orders said which symbol they are of. */
const symbolOf = ({ event: { data } }: Told): Ticker | null => {
  if ('symbol' in data) return data.symbol;
  return 'intent' in data ? data.intent.symbol : data.action.symbol;
};

/** Closed trades have keys of digits alone, by which they sort: books stand behind them. */
export const bookKey = (account: string, symbol: Ticker): string => `book ${account} ${symbol}`;

const evolve = (book: Book, { event, recorded }: Told, place: Place): Book => {
  switch (event.type) {
    case 'RiskAssessed':
      return assessed(book, { event, recorded });
    case 'OrderSubmitted':
      return submitted(book, { event, recorded });
    case 'OrderAdopted':
      return adopted(book, { event, recorded });
    case 'OrderReplaced':
      return replaced(book, { event, recorded });
    case 'OrderTriggered':
      return triggered(book, { event, recorded });
    case 'OrderRejected':
    case 'OrderCanceled':
    case 'OrderExpired':
      return orderEnded(book, event.data.orderId);
    case 'OrderPartiallyFilled':
    case 'OrderFilled':
      return filled(book, { event, recorded }, place);
    case 'ExecutionBusted':
    case 'ExecutionCorrected':
      return amended(book, { event, recorded }, place);
    case 'CorporateActionApplied':
      return acted(book, { event, recorded }, place);
    case 'BorrowFeeCharged':
      return charged(book, { event, recorded });
  }
};

/** A trade that has closed stands in a row of its own; one that is open again does not. */
const beside = (
  before: TradesRow | undefined,
  after: TradesRow | undefined,
): readonly SetRow<TradesRow>[] => {
  const was = before?.book?.last ?? null;
  const is = after?.book?.last ?? null;
  const open = after?.book?.open?.tradeId;
  const again =
    was !== null && was.key !== is?.key && [open, is?.trade.tradeId].includes(was.trade.tradeId);
  return [
    ...(again ? [{ key: was.key, row: undefined }] : []),
    ...(is !== null && is !== was ? [{ key: is.key, row: { book: null, trade: is.trade } }] : []),
  ];
};

const fieldsOf = (trade: Trade) => ({
  account: trade.account,
  symbol: trade.symbol,
  strategy: trade.strategyId,
  closed_on: trade.closedOn,
});

/**
 * Closed trades, each in a row of its own by when it closed, and one row for what is going on in each
 * symbol of an account. Every dollar that executions realise, cost or pay comes to exactly one trade.
 */
export const trades = projection({
  view: 'trades',
  version: 3,
  row: codedRow(row),
  types,
  keys: (fact) => {
    const symbol = symbolOf(fact);
    return symbol === null ? [] : [bookKey(sessionOf(fact).account, symbol)];
  },
  evolve: (before, fact) => {
    const symbol = symbolOf(fact) as Ticker;
    const { account, date } = sessionOf(fact);
    const { id: eventId, logPosition } = fact.recorded;
    const book = before?.book ?? {
      account,
      symbol,
      open: null,
      last: null,
      orders: [],
      assessed: null,
    };
    const place = { eventId, account, date, key: positionKey(logPosition) };
    const next = evolve(book, fact, place);
    return next === book && before !== undefined ? before : { book: next, trade: null };
  },
  beside,
  fields: ['account', 'symbol', 'strategy', 'closed_on'],
  fieldsOf: ({ trade }) =>
    trade === null
      ? { account: null, symbol: null, strategy: null, closed_on: null }
      : fieldsOf(trade),
});
