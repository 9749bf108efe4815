import type { Execution, ExecutionBusted, ExecutionCorrected } from '@sentinel/contracts/execution';
import {
  type EventId,
  type Money,
  money,
  notional,
  type Price,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Leg, Trade, TradeOrder } from './rows.ts';

/** What an event says of the books, and where and when it said so. */
export type Moment = {
  readonly eventId: EventId;
  readonly account: string;
  readonly date: TradingDate;
  readonly of: Pick<
    Execution | ExecutionBusted | ExecutionCorrected,
    'orderId' | 'symbol' | 'side' | 'position' | 'at'
  >;
  readonly order: TradeOrder | undefined;
};

/** Shares at one price that come to a trade; negative when they are taken back. */
export type Shares = { readonly shares: Quantity; readonly price: Price };
export type Sums = { readonly realizedPnl: Money; readonly fees: Money };

const noShares: Leg = {
  shares: quantity.zero,
  value: money.zero,
  decided: money.zero,
  slippage: money.zero,
};

const worthOf = ({ shares, price }: Shares): Money => notional(price, shares, 'half-even');

/**
 * The price that was decided on: where a stop begins to trade; else the far side of the quote as the
 * order was decided, or its limit when that is the better; null when neither is known.
 */
const decidedPrice = ({ side, trigger, limit, reference }: TradeOrder): Price | null => {
  if (trigger !== null) return trigger;
  if (reference === null || limit === null) return reference ?? limit;
  return (side === 'buy') === limit < reference ? limit : reference;
};

const withShares = (of: Leg, traded: Shares, order: TradeOrder | undefined): Leg => {
  const decided = order === undefined ? null : decidedPrice(order);
  const value = worthOf(traded);
  const moved = {
    ...of,
    shares: quantity.add(of.shares, traded.shares),
    value: money.add(of.value, value),
  };
  if (decided === null || order === undefined) return moved;
  const wanted = worthOf({ ...traded, price: decided });
  const worse =
    order.side === 'buy' ? money.subtract(value, wanted) : money.subtract(wanted, value);
  return {
    ...moved,
    decided: money.add(of.decided, wanted),
    slippage: money.add(of.slippage, worse),
  };
};

/** What these shares risk down to the stop of their order; null without one, or on its wrong side. */
const riskOf = (
  side: Trade['side'],
  { shares, price }: Shares,
  order: TradeOrder | undefined,
): Money | null => {
  const stop = order?.stop ?? null;
  if (stop === null) return null;
  const distance = side === 'long' ? price - stop : stop - price;
  return distance <= 0n ? null : notional(distance as Price, shares, 'half-even');
};

const summed = (a: Money | null, b: Money | null): Money | null =>
  a === null || b === null ? null : money.add(a, b);

/** A trade that begins with this event and has traded nothing yet. */
export const begunTrade = (
  { eventId, account, date, of, order }: Moment,
  side: Trade['side'],
): Trade => ({
  tradeId: eventId,
  account,
  symbol: of.symbol,
  side,
  strategyId: order?.strategyId ?? null,
  openingOrderId: of.orderId,
  decisionId: order?.decisionId ?? null,
  closingOrderId: null,
  closedBy: null,
  exit: null,
  quantity: quantity.zero,
  cost: money.zero,
  entry: noShares,
  exited: noShares,
  stop: order?.stop ?? null,
  risk: money.zero,
  realizedPnl: money.zero,
  fees: money.zero,
  borrowFees: money.zero,
  dividends: money.zero,
  fills: 0,
  openedAt: of.at,
  openedOn: date,
  closedAt: null,
  closedOn: null,
});

/** Buys of a long trade and sales of a short one get in; the others get out. */
const getsIn = (trade: Trade, { of }: Moment): boolean =>
  (of.side === 'buy') === (trade.side === 'long');

/** The trade with shares of this event's order more, or fewer; of what is held only the shares follow. */
export const withTraded = (trade: Trade, traded: Shares, moment: Moment): Trade => {
  const { order, of } = moment;
  const signed = of.side === 'buy' ? traded.shares : quantity.negate(traded.shares);
  const held = { quantity: quantity.add(trade.quantity, signed) };
  return getsIn(trade, moment)
    ? {
        ...trade,
        ...held,
        entry: withShares(trade.entry, traded, order),
        risk: summed(trade.risk, riskOf(trade.side, traded, order)),
      }
    : { ...trade, ...held, exited: withShares(trade.exited, traded, order) };
};

export const withSums = (trade: Trade, { realizedPnl, fees }: Sums): Trade => ({
  ...trade,
  realizedPnl: money.add(trade.realizedPnl, realizedPnl),
  fees: money.add(trade.fees, fees),
});

/** How much of its shares a fill closes: up to what is held on the other side. */
export const closedBy = (trade: Trade | null, { of }: Moment, shares: Quantity): Quantity => {
  const held = trade?.quantity ?? quantity.zero;
  if (held === 0n || held > 0n === (of.side === 'buy')) return quantity.zero;
  return quantity.min(quantity.absolute(held), shares);
};

export const ended = (trade: Trade, { eventId, date, of, order }: Moment): Trade => ({
  ...trade,
  quantity: quantity.zero,
  cost: money.zero,
  closingOrderId: of.orderId,
  closedBy: eventId,
  exit: order?.role ?? null,
  closedAt: of.at,
  closedOn: date,
});

/** What the account has got out of it: after fees, borrowing and dividends. */
export const netPnl = ({ realizedPnl, fees, borrowFees, dividends }: Trade): Money =>
  money.subtract(money.add(realizedPnl, dividends), money.add(fees, borrowFees));
