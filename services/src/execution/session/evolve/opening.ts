import type { SessionOpened, WorkingOrder } from '@sentinel/contracts/execution';
import { money, quantity } from '@sentinel/contracts/kernel';
import { noRequests } from '../../../approval/index.ts';
import { versionedMap } from '../../../kernel/index.ts';
import type { Session } from '../state.ts';
import { lossesIn } from './losses.ts';
import { recordOf } from './order.ts';
import { standingIn } from './standing-losses.ts';

export const open = (data: SessionOpened): Session => {
  const books = booksOf(data);
  return { ...carry(books, data.workingOrders), ordersToCarry: data.carriedOrders };
};

/** Sequences go on from the orders taken over, so that no two working orders share one. */
export const carry = (session: Session, orders: readonly WorkingOrder[]): Session => {
  let { working, orders: records, orderSequence } = session;
  const adopted = new Map(session.adopted);
  for (const order of orders) {
    working = working.with(order.orderId, order);
    records = records.with(order.orderId, recordOf(order));
    orderSequence = Math.max(orderSequence, order.sequence);
    if (order.external === true && order.venueOrderId !== undefined)
      adopted.set(order.venueOrderId, order.orderId);
  }
  const ordersToCarry = session.ordersToCarry - orders.length;
  return { ...session, working, orders: records, adopted, orderSequence, ordersToCarry };
};

const booksOf = (data: SessionOpened): Session => {
  return {
    phase: data.tradingEnabled ? 'open' : 'opening',
    account: data.account,
    date: data.date,
    previous: data.previous,
    previousDate: data.previousDate,
    ordersToCarry: data.carriedOrders,
    openingMarks: new Map(data.marks.map(({ symbol, price }) => [symbol, price])),
    borrowed: new Map(
      data.positions.flatMap(({ symbol, quantity: shares }) =>
        shares < 0n ? [[symbol, quantity.absolute(shares)]] : [],
      ),
    ),
    endsAt: data.endsAt,
    lastPrices: versionedMap(data.marks.map(({ symbol, price, at }) => [symbol, { price, at }])),
    lastAt: data.at,
    cash: data.cash,
    positions: new Map(data.positions.map((position) => [position.symbol, position])),
    working: versionedMap(),
    orders: versionedMap(),
    adopted: new Map(),
    barsMet: new Map(),
    quotesMet: new Map(),
    keys: versionedMap(data.usedKeys.map((used) => [used.key, used])),
    limits: data.limits,
    halts: data.halts,
    released: [],
    venue: data.venue,
    dayStartEquity: data.equity,
    weekOf: data.weekOf,
    weekStartEquity: data.weekStartEquity,
    lossStreak: data.lossStreak,
    closedLosses: lossesIn(data),
    standingLosses: standingIn(data),
    realizedPnl: money.zero,
    fees: money.zero,
    orderSequence: 0,
    traded: versionedMap(),
    messages: versionedMap(),
    executions: versionedMap(),
    answers: { count: 0, rejected: [] },
    tripped: [],
    guarded: [],
    fingerprints: versionedMap(),
    byTerms: versionedMap(),
    grants: new Map(),
    grantedToday: new Map(),
    countedOrders: versionedMap(),
    requests: noRequests,
    proposals: new Map(),
    windDowns: new Map(),
    epoch: data.epoch ?? 1,
    reset: null,
    resets: [],
    actions: [],
    adjusting: null,
    borrowCharged: [],
    closing: null,
  };
};
