import type { Execution } from '@sentinel/contracts/execution';
import {
  averagePrice,
  type Money,
  money,
  notional,
  type OrderId,
  type Price,
  price,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { CorporateAction, Quote, Ticker } from '@sentinel/contracts/market';
import {
  dividendOn,
  type PositionState,
  splitMark,
  splitShares,
} from '@sentinel/contracts/portfolio';
import type { SessionEvent } from '../execution/index.ts';

/** The way of a position from flat to flat. */
export type Trade = {
  readonly symbol: Ticker;
  readonly side: 'long' | 'short';
  readonly openedAt: Temporal.Instant;
  readonly closedAt: Temporal.Instant;
  readonly closedOn: TradingDate;
  /** Of the day on which it was closed, as `entry` is. */
  readonly shares: Quantity;
  readonly entry: Price;
  /** After fees, dividends and the price of borrowed shares. */
  readonly pnl: Money;
  /** What stood at risk between entry and stop; null without a stop. */
  readonly risk: Money | null;
  /** Of the entry against the mid at the decision, adverse positive; null without a quote. */
  readonly slippageBps: number | null;
  /** Equity with which the day of the closing began. */
  readonly equity: Money;
};

type Applied = Extract<SessionEvent, { readonly type: 'CorporateActionApplied' }>['data'];

type Open = Omit<Trade, 'closedAt' | 'closedOn' | 'equity' | 'entry' | 'slippageBps'> & {
  readonly held: PositionState | null;
  readonly paid: Money;
  readonly stop: Price | null;
  readonly mid: number | null;
};

const bps = 10_000;

/** Of an order's shares, those that one execution filled. */
const shareFilled = ({ cumulativeQuantity, leavesQuantity, lastQuantity }: Execution): number =>
  quantity.toFloat(lastQuantity) /
  quantity.toFloat(quantity.add(cumulativeQuantity, leavesQuantity));

const finished = ({
  held: _,
  paid,
  stop,
  mid,
  ...trade
}: Open): Omit<Trade, 'closedAt' | 'closedOn' | 'equity'> => {
  const at = averagePrice(paid, trade.shares, 'half-even');
  const entry = price.toFloat(at);
  const apart = stop === null ? 0n : at > stop ? at - stop : stop - at;
  const sign = trade.side === 'long' ? 1 : -1;
  return {
    ...trade,
    entry: at,
    risk: stop === null ? null : notional(apart as Price, trade.shares, 'half-even'),
    slippageBps: mid === null ? null : ((entry - mid) / mid) * bps * sign,
  };
};

const inNewShares = (trade: Open, split: CorporateAction['split']): Open =>
  split === null
    ? trade
    : {
        ...trade,
        shares: splitShares(trade.shares, split),
        stop: trade.stop === null ? null : splitMark(trade.stop, split),
        mid: trade.mid === null ? null : (trade.mid * split.oldShares) / split.newShares,
      };

/** Makes trades of the events of an account, each trade once its position is flat again. */
export const tradeLedger = () => {
  const trades: Trade[] = [];
  const open = new Map<Ticker, Open>();
  const wanted = new Map<OrderId, { readonly stop: Price | null; readonly quote: Quote | null }>();
  let dayStart = money.zero;
  let date = '' as TradingDate;
  let quote: Quote | null = null;
  let filled = 0;

  /** A split makes new shares of a trade's, and a dividend is of its gains. */
  const applied = ({ action, position, at }: Applied): void => {
    const trade = open.get(action.symbol);
    if (trade === undefined) return;
    const pnl = money.add(trade.pnl, dividendOn(trade.held ?? undefined, action.dividend));
    if (position !== null)
      open.set(action.symbol, { ...inNewShares(trade, action.split), pnl, held: position });
    // Less than the smallest part of a share is left: what it cost is lost.
    else closed({ ...trade, pnl: money.subtract(pnl, trade.held?.cost ?? money.zero) }, at);
  };

  const fill = (data: Execution): void => {
    const { symbol, side, orderId, at } = data;
    const shares = data.lastQuantity;
    const before = open.get(symbol);
    const opens = side === 'sell_short' || (side === 'buy' && before?.side !== 'short');
    const about = wanted.get(orderId);
    const asked = about?.quote ?? null;
    const now: Open = before ?? {
      ...{ symbol, side: side === 'buy' ? 'long' : 'short', openedAt: at },
      ...{ held: null, shares: quantity.zero, pnl: money.zero, paid: money.zero, risk: null },
      stop: about?.stop ?? null,
      mid: asked === null ? null : (price.toFloat(asked.bid) + price.toFloat(asked.ask)) / 2,
    };
    const value = notional(data.lastPrice, shares, 'half-even');
    const grown: Open = {
      ...now,
      pnl: money.subtract(money.add(now.pnl, data.realizedPnl), data.fees),
      ...(opens && {
        shares: quantity.add(now.shares, shares),
        paid: money.add(now.paid, value),
      }),
    };
    if (data.position === null) closed(grown, at);
    else open.set(symbol, { ...grown, held: data.position });
  };

  const closed = (trade: Open, closedAt: Temporal.Instant): void => {
    open.delete(trade.symbol);
    trades.push({ ...finished(trade), closedAt, closedOn: date, equity: dayStart });
  };

  const charge = (symbol: Ticker, fee: Money): void => {
    const held = open.get(symbol);
    if (held !== undefined) open.set(symbol, { ...held, pnl: money.subtract(held.pnl, fee) });
  };

  return {
    take: (event: SessionEvent): void => {
      switch (event.type) {
        case 'SessionOpened':
          dayStart = event.data.equity;
          date = event.data.date;
          return;
        case 'RiskAssessed':
          quote = event.data.facts.quote;
          return;
        case 'OrderSubmitted': {
          const { orderId, intent, link } = event.data;
          if (link !== undefined) return;
          wanted.set(orderId, { stop: intent.stopPrice, quote });
          return;
        }
        case 'OrderPartiallyFilled':
        case 'OrderFilled':
          if (wanted.has(event.data.orderId)) filled += shareFilled(event.data);
          fill(event.data);
          return;
        case 'CorporateActionApplied':
          applied(event.data);
          return;
        case 'BorrowFeeCharged':
          charge(event.data.symbol, event.data.fee);
      }
    },
    trades: (): readonly Trade[] => trades,
    fillRate: (): number | null => (wanted.size === 0 ? null : Math.min(1, filled / wanted.size)),
  };
};
