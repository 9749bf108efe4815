import {
  type Money,
  money,
  notional,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Fill } from './entries.ts';
import { type Lot, type Lots, lotBook } from './lots.ts';
import { type Orders, orderBook, riskPerShare, type StrategyOrder, slippageOf } from './orders.ts';
import type { SessionRecord } from './session-record.ts';
import { type Stamped, timelineOf } from './timeline.ts';

/** The way of what one strategy held of one symbol, from nothing to nothing. */
export type Trade = {
  readonly strategyId: string;
  readonly account: string;
  readonly symbol: Ticker;
  readonly side: 'long' | 'short';
  readonly openedAt: Temporal.Instant;
  readonly openedOn: TradingDate;
  readonly closedAt: Temporal.Instant;
  readonly closedOn: TradingDate;
  /** All that was ever got in it. */
  readonly shares: Quantity;
  /** After fees. */
  readonly pnl: Money;
  /** What was at risk between entry and stop; null where nobody can say. */
  readonly risk: Money | null;
  /** Mean slippage of the entries in basis points, weighted by shares. */
  readonly slippageBps: number | null;
  /** Whether the regime suited the strategy at the first entry; null where no signal was named. */
  readonly suited: boolean | null;
  /** Equity with which the session in which it was closed began. */
  readonly equity: Money;
};

/** Profit over what was at risk; null where that is not known. */
export const rOf = ({ pnl, risk }: Pick<Trade, 'pnl' | 'risk'>): number | null =>
  risk === null || risk <= 0n ? null : Number(pnl) / Number(risk);

/** What a strategy realised on a day, trades that are still open among it. */
export type Realised = {
  readonly date: TradingDate;
  /** The session in which the trade began. */
  readonly openedOn: TradingDate;
  readonly strategyId: string;
  readonly pnl: Money;
};

export type Day = { readonly date: TradingDate; readonly equity: Money };

type Open = Omit<Trade, 'closedAt' | 'closedOn' | 'equity' | 'slippageBps'> & {
  /** Slippage times shares, and the shares of which it is known. */
  readonly slipped: number;
  readonly known: number;
};

/** An order of a strategy that has ended, exits left out. */
export type Ended = {
  readonly date: TradingDate;
  readonly strategyId: string;
  /** The share of its quantity that was filled. */
  readonly filled: number;
};

/** What goes on over a night: whose shares are held, the trades they belong to, and orders that work on. */
export type Carried = {
  readonly lots: Lots;
  readonly open: ReadonlyMap<string, Open>;
  readonly orders: Orders;
};

/** What strategies did in one account over some of its sessions. */
export type AccountRecord = {
  readonly trades: readonly Trade[];
  readonly realised: readonly Realised[];
  readonly days: readonly Day[];
  readonly ended: readonly Ended[];
  readonly carried: Carried;
  /** An execution was changed that is of a session before these: with that one they come out otherwise. */
  readonly wantsEarlier: boolean;
};

const endedOf = ({
  strategyId,
  endedOn,
  isExit,
  ordered,
  filled,
}: StrategyOrder): readonly Ended[] => {
  if (strategyId === null || endedOn === null || isExit) return [];
  const share = Math.min(1, quantity.toFloat(filled) / quantity.toFloat(ordered));
  return [{ date: endedOn, strategyId, filled: share }];
};

/** A trade with one entry more. */
const grown = (
  trade: Open,
  lot: Lot,
  { fill, order }: { readonly fill: Fill; readonly order: StrategyOrder | undefined },
): Open => {
  const size = quantity.absolute(lot.shares);
  const each = order === undefined ? null : riskPerShare(order, fill.price);
  const risk = each === null ? null : notional(each, size, 'half-even');
  const slippage = order === undefined ? null : slippageOf(order, fill.price);
  const shares = quantity.toFloat(size);
  return {
    ...trade,
    shares: quantity.add(trade.shares, size),
    risk: trade.risk === null || risk === null ? null : money.add(trade.risk, risk),
    slipped: trade.slipped + (slippage ?? 0) * shares,
    known: trade.known + (slippage === null ? 0 : shares),
  };
};

/**
 * The trades of every strategy in one account over sessions that follow each other, oldest first. What was held
 * and worked before them comes in; without that nobody of those that are measured opened what the books hold.
 */
export const accountRecord = (
  account: string,
  sessions: readonly SessionRecord[],
  carried?: Carried,
): AccountRecord => {
  const { orders, note } = orderBook(carried?.orders);
  const lots = lotBook(carried?.lots);
  const open = new Map<string, Open>(carried?.open);
  const trades: Trade[] = [];
  const realised: Realised[] = [];
  const days: Day[] = [];

  const fillIn = (fill: Fill, { date, equity }: Stamped) => {
    const order = orders.get(fill.orderId);
    const { closed, opened } = lots.take(fill, order?.strategyId ?? null);
    for (const { owner, pnl } of closed) {
      const trade = open.get(`${owner} ${fill.symbol}`);
      if (owner === null || trade === undefined) continue;
      realised.push({ date, openedOn: trade.openedOn, strategyId: owner, pnl });
      open.set(`${owner} ${fill.symbol}`, { ...trade, pnl: money.add(trade.pnl, pnl) });
    }
    for (const owner of new Set(closed.map((each) => each.owner))) {
      const trade = open.get(`${owner} ${fill.symbol}`);
      // What turns the account around has closed all that there was.
      const isOver = owner !== null && (opened !== null || !lots.holds(fill.symbol, owner));
      if (trade === undefined || !isOver) continue;
      const { slipped, known, ...rest } = trade;
      const slippageBps = known === 0 ? null : slipped / known;
      trades.push({ ...rest, slippageBps, closedAt: fill.at, closedOn: date, equity });
      open.delete(`${owner} ${fill.symbol}`);
    }
    if (opened === null || opened.owner === null) return;
    const key = `${opened.owner} ${fill.symbol}`;
    const begin: Open = {
      ...{ strategyId: opened.owner, account, symbol: fill.symbol, openedAt: fill.at },
      openedOn: date,
      side: opened.shares > 0n ? 'long' : 'short',
      ...{ shares: quantity.zero, pnl: money.zero, risk: money.zero, slipped: 0, known: 0 },
      suited: order?.decided?.suited ?? null,
    };
    open.set(key, grown(open.get(key) ?? begin, opened, { fill, order }));
  };

  const { stamped, wantsEarlier } = timelineOf(sessions);
  for (const moment of stamped) {
    const { entry, date } = moment;
    note(entry, date);
    if (entry.kind === 'opened') {
      if (carried === undefined && days.length === 0) lots.begin(entry.positions);
      days.push({ date, equity: entry.equity });
    } else if (entry.kind === 'filled' && entry.quantity > 0n) fillIn(entry, moment);
    else if (entry.kind === 'split') lots.split(entry.symbol, entry.newShares, entry.oldShares);
    else if (entry.kind === 'paid') lots.pay(entry.symbol, entry.fee);
  }
  const all = [...orders];
  return {
    ...{ trades, realised, days, wantsEarlier },
    ended: all.flatMap(([, order]) => endedOf(order)),
    carried: {
      ...{ lots: lots.held(), open },
      orders: new Map(all.filter(([, { endedOn }]) => endedOn === null)),
    },
  };
};
