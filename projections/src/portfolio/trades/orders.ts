import type { CorporateAction } from '@sentinel/contracts/market';
import { splitMark } from '@sentinel/contracts/portfolio';
import type { OrderIntent } from '@sentinel/contracts/risk';
import type { Fact } from '../../kernel/index.ts';
import type { Book, TradeOrder } from './rows.ts';

/** Orders that have ended are kept for what may still be said of them, the newest of them. */
const keptOrders = 12;

const termsOf = ({ limitPrice, triggerPrice, stopPrice, exits }: OrderIntent) => ({
  limit: limitPrice,
  trigger: triggerPrice ?? null,
  stop: exits?.stopLoss ?? stopPrice,
});

const withOrder = (book: Book, order: TradeOrder): Book => {
  const others = book.orders.filter(({ orderId }) => orderId !== order.orderId);
  return { ...book, orders: [...others, order] };
};

export const orderOf = ({ orders }: Book, id: string): TradeOrder | undefined =>
  orders.find(({ orderId }) => orderId === id);

/** What the assessment of an order's wish knew, for the order that follows from it. */
export const assessed = (book: Book, { event: { data } }: Fact<'RiskAssessed'>): Book => {
  const { decisionId, intent, facts } = data;
  const { quote, committee } = facts;
  const far = intent.side === 'buy' ? quote?.ask : quote?.bid;
  return {
    ...book,
    assessed: { decisionId, reference: far ?? null, stop: committee?.stop ?? null },
  };
};

/** The assessment speaks of the order itself alone, not of the exits that the venue sets out for it. */
export const submitted = (book: Book, { event: { data } }: Fact<'OrderSubmitted'>): Book => {
  const { orderId, decisionId, intent, link } = data;
  const known =
    book.assessed?.decisionId === decisionId && link === undefined ? book.assessed : null;
  const terms = termsOf(intent);
  return withOrder(book, {
    orderId,
    decisionId,
    strategyId: intent.strategyId,
    side: intent.side,
    ...terms,
    stop: terms.stop ?? known?.stop ?? null,
    reference: known?.reference ?? null,
    role: link?.role ?? null,
    ended: false,
  });
};

export const adopted = (book: Book, { event: { data } }: Fact<'OrderAdopted'>): Book =>
  withOrder(book, {
    orderId: data.orderId,
    decisionId: null,
    strategyId: data.intent.strategyId,
    side: data.intent.side,
    ...termsOf(data.intent),
    reference: null,
    role: null,
    ended: false,
  });

const changed = (book: Book, id: string, change: (order: TradeOrder) => TradeOrder): Book => {
  const order = orderOf(book, id);
  return order === undefined
    ? book
    : { ...book, orders: book.orders.map((each) => (each === order ? change(each) : each)) };
};

/** A stop that trails stands where it has moved to, whatever its terms say. */
export const replaced = (book: Book, { event: { data } }: Fact<'OrderReplaced'>): Book =>
  changed(book, data.orderId, (order) => {
    const { trigger, stop, ...terms } = termsOf(data.intent);
    const stands = data.intent.trail === undefined ? trigger : (data.stopAt ?? order.trigger);
    return { ...order, ...terms, trigger: stands, stop: stop ?? order.stop };
  });

export const triggered = (book: Book, { event: { data } }: Fact<'OrderTriggered'>): Book =>
  changed(book, data.orderId, (order) => ({ ...order, trigger: data.stopAt }));

export const orderEnded = (book: Book, orderId: string): Book => {
  const next = changed(book, orderId, (order) => ({ ...order, ended: true }));
  const over = next.orders.filter(({ ended }) => ended).length - keptOrders;
  if (over <= 0) return next;
  const dropped = new Set(next.orders.filter(({ ended }) => ended).slice(0, over));
  return { ...next, orders: next.orders.filter((order) => !dropped.has(order)) };
};

/** Prices of before a split, in the new shares; terms follow by events of their own. */
export const splitOrders = (book: Book, split: NonNullable<CorporateAction['split']>): Book => ({
  ...book,
  orders: book.orders.map((order) => ({
    ...order,
    stop: order.stop === null ? null : splitMark(order.stop, split),
    reference: order.reference === null ? null : splitMark(order.reference, split),
  })),
});
