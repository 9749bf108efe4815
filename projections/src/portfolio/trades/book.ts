import { divide, type Money, money, type Quantity, quantity } from '@sentinel/contracts/kernel';
import { dividendOn, splitMark, splitShares } from '@sentinel/contracts/portfolio';
import type { Fact } from '../../kernel/index.ts';
import { orderEnded, orderOf, splitOrders } from './orders.ts';
import type { Book, Trade } from './rows.ts';
import {
  begunTrade,
  closedBy,
  ended,
  type Moment,
  type Shares,
  type Sums,
  withSums,
  withTraded,
} from './trade.ts';

/** Whose trade it is and when: what an event of a session does not say itself. */
export type Place = Pick<Moment, 'eventId' | 'account' | 'date'> & { readonly key: string };

const closed = (book: Book, trade: Trade, key: string): Book => ({
  ...book,
  open: null,
  last: { key, trade },
});

const momentOf = (book: Book, place: Place, of: Moment['of']): Moment => ({
  ...place,
  of,
  order: orderOf(book, of.orderId),
});

const costOf = ({ position }: Moment['of']): Money => position?.cost ?? money.zero;

/** One fill: what of it closes the open trade, and what of it opens one or adds to it. */
export const filled = (
  book: Book,
  { event: { data } }: Fact<'OrderFilled' | 'OrderPartiallyFilled'>,
  place: Place,
): Book => {
  const moment = momentOf(book, place, data);
  const { lastQuantity, lastPrice, fees, realizedPnl } = data;
  const closing = closedBy(book.open, moment, lastQuantity);
  const opening = quantity.subtract(lastQuantity, closing);
  const feesToClose = divide(fees * closing, lastQuantity, 'half-even') as Money;
  let next = book;
  if (book.open !== null && closing > 0n) {
    const part = { shares: closing, price: lastPrice };
    const sums = { realizedPnl, fees: opening === 0n ? fees : feesToClose };
    next = left(next, taken(book.open, part, { moment, sums }), { moment, key: place.key });
  }
  if (opening > 0n) {
    const base = next.open ?? begunTrade(moment, data.side === 'buy' ? 'long' : 'short');
    const sums =
      closing === 0n
        ? { realizedPnl, fees }
        : { realizedPnl: money.zero, fees: money.subtract(fees, feesToClose) };
    const part = { shares: opening, price: lastPrice };
    next = { ...next, open: taken(base, part, { moment, sums }) };
  }
  return data.leavesQuantity === 0n ? orderEnded(next, data.orderId) : next;
};

const taken = (
  trade: Trade,
  part: Shares,
  { moment, sums }: { readonly moment: Moment; readonly sums: Sums },
): Trade => ({
  ...withSums(withTraded(trade, part, moment), sums),
  cost: costOf(moment.of),
  fills: trade.fills + 1,
});

/** The book with a trade that has come out at nothing held, or goes on. */
const left = (
  book: Book,
  trade: Trade,
  { moment, key }: { readonly moment: Moment; readonly key: string },
): Book =>
  trade.quantity === 0n ? closed(book, ended(trade, moment), key) : { ...book, open: trade };

/**
 * What the venue takes back, or puts right: on the open trade, or on the last one, which is open again
 * when that leaves something held. What ends on the other side begins a trade of its own.
 */
export const amended = (
  book: Book,
  { event }: Fact<'ExecutionBusted' | 'ExecutionCorrected'>,
  place: Place,
): Book => {
  const { data } = event;
  const moment = momentOf(book, place, data);
  const before =
    event.type === 'ExecutionBusted'
      ? { shares: data.lastQuantity, price: data.lastPrice }
      : { shares: event.data.before.quantity, price: event.data.before.price };
  if (before.price === null) return book;
  const side = (data.position?.quantity ?? 0n) < 0n ? 'short' : 'long';
  const base = book.open ?? book.last?.trade ?? begunTrade(moment, side);
  const back = { shares: quantity.negate(before.shares), price: before.price };
  const without = withTraded(base, back, moment);
  const again =
    event.type === 'ExecutionBusted'
      ? without
      : withTraded(
          without,
          { shares: event.data.lastQuantity, price: event.data.lastPrice },
          moment,
        );
  const trade = withSums(again, { realizedPnl: data.realizedPnl, fees: data.fees });
  return settled(book, trade, { moment, key: place.key });
};

const settled = (
  book: Book,
  trade: Trade,
  at: { readonly moment: Moment; readonly key: string },
): Book => {
  const { moment, key } = at;
  if (trade.quantity === 0n) {
    if (book.open === null && book.last !== null) return { ...book, last: { ...book.last, trade } };
    return neverWas(trade) ? { ...book, open: null } : closed(book, ended(trade, moment), key);
  }
  if (trade.quantity > 0n === (trade.side === 'long'))
    return {
      ...book,
      open: { ...reopened(trade), cost: costOf(moment.of) },
      ...(book.open === null && { last: null }),
    };
  const turned = closed(book, ended(trade, moment), key);
  return { ...turned, open: turnedTo(trade.quantity, moment) };
};

const reopened = (trade: Trade): Trade => ({
  ...trade,
  closingOrderId: null,
  closedBy: null,
  exit: null,
  closedAt: null,
  closedOn: null,
});

/** What is held on the other side once an entry is taken back, at the cost that the books give it. */
const turnedTo = (held: Quantity, moment: Moment): Trade => {
  const begun = begunTrade(moment, held > 0n ? 'long' : 'short');
  const cost = costOf(moment.of);
  const entry = {
    ...begun.entry,
    shares: quantity.absolute(held),
    value: money.absolute(cost),
  };
  return { ...begun, quantity: held, cost, entry, risk: null };
};

/** Everything of it was taken back. */
const neverWas = ({ entry, exited, realizedPnl, fees, borrowFees, dividends }: Trade): boolean =>
  entry.shares === 0n &&
  exited.shares === 0n &&
  [realizedPnl, fees, borrowFees, dividends].every((each) => each === 0n);

/** Of what is held when the night acts: its dividend, and its shares after a split. */
export const acted = (
  book: Book,
  { event: { data } }: Fact<'CorporateActionApplied'>,
  { key, eventId, date }: Place,
): Book => {
  const { split, dividend } = data.action;
  const next = split === null ? book : splitOrders(book, split);
  const { open } = next;
  if (open === null) return next;
  const paid = money.add(open.dividends, dividendOn(open, dividend));
  if (split === null) return { ...next, open: { ...open, dividends: paid } };
  const inNew = (leg: Trade['entry']) => ({ ...leg, shares: splitShares(leg.shares, split) });
  const trade = {
    ...open,
    dividends: paid,
    quantity: splitShares(open.quantity, split),
    entry: inNew(open.entry),
    exited: inNew(open.exited),
    stop: open.stop === null ? null : splitMark(open.stop, split),
  };
  if (trade.quantity !== 0n) return { ...next, open: trade };
  // A split that leaves no share takes what was paid for them with it.
  const lost = money.subtract(trade.realizedPnl, trade.cost);
  const end = { closedBy: eventId, closedAt: data.at, closedOn: date };
  return closed(next, { ...trade, ...end, cost: money.zero, realizedPnl: lost }, key);
};

/** Borrowing is charged to the trade that is open, or to the one that closed last: it sold short. */
export const charged = (book: Book, { event: { data } }: Fact<'BorrowFeeCharged'>): Book => {
  const borrowed = (trade: Trade): Trade => ({
    ...trade,
    borrowFees: money.add(trade.borrowFees, data.fee),
  });
  if (book.open !== null) return { ...book, open: borrowed(book.open) };
  return book.last === null
    ? book
    : { ...book, last: { ...book.last, trade: borrowed(book.last.trade) } };
};
