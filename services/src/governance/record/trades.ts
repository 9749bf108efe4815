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
import { type Lot, lotBook } from './lots.ts';
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
  readonly strategyId: string;
  readonly pnl: Money;
};

export type Day = { readonly date: TradingDate; readonly equity: Money };

export type AccountRecord = {
  readonly trades: readonly Trade[];
  readonly realised: readonly Realised[];
  readonly days: readonly Day[];
  readonly orders: Orders;
  /**
   * Until when what happened may rest on what sessions before these say: trades that were closed after that are
   * told as they would be with all sessions. Null where nothing does.
   */
  readonly unclearUntil: Temporal.Instant | null;
};

type Open = Omit<Trade, 'closedAt' | 'closedOn' | 'equity' | 'slippageBps'> & {
  /** Slippage times shares, and the shares of which it is known. */
  readonly slipped: number;
  readonly known: number;
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

const endOfTime = Temporal.Instant.fromEpochMilliseconds(8.64e15);

/** The trades of every strategy in one account over its sessions, oldest first. */
export const accountRecord = (
  account: string,
  sessions: readonly SessionRecord[],
): AccountRecord => {
  const { orders, note } = orderBook();
  const lots = lotBook();
  const open = new Map<string, Open>();
  const trades: Trade[] = [];
  const realised: Realised[] = [];
  const days: Day[] = [];
  /** Symbols of which there may be shares that somebody got before. */
  const unclear = new Set<Ticker>();
  let unclearUntil: Temporal.Instant | null = null;
  let begun = false;

  const fillIn = (fill: Fill, { date, equity }: Stamped) => {
    const order = orders.get(fill.orderId);
    const { closed, opened } = lots.take(fill, order?.strategyId ?? null);
    // Of an order from before nobody here knows what was at risk.
    if (opened !== null && order !== undefined && order.decided === undefined)
      unclear.add(fill.symbol);
    if (unclear.has(fill.symbol)) unclearUntil = fill.at;
    if (lots.isFlat(fill.symbol)) unclear.delete(fill.symbol);
    for (const { owner, pnl } of closed) {
      const trade = open.get(`${owner} ${fill.symbol}`);
      if (owner === null || trade === undefined) continue;
      realised.push({ date, strategyId: owner, pnl });
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
      side: opened.shares > 0n ? 'long' : 'short',
      ...{ shares: quantity.zero, pnl: money.zero, risk: money.zero, slipped: 0, known: 0 },
      suited: order?.decided?.suited ?? null,
    };
    open.set(key, grown(open.get(key) ?? begin, opened, { fill, order }));
  };

  const timeline = timelineOf(sessions);
  for (const stamped of timeline.stamped) {
    const { entry } = stamped;
    note(entry);
    if (entry.kind === 'opened') {
      days.push(entry);
      if (!begun) for (const { symbol } of entry.positions) unclear.add(symbol);
      if (!begun) lots.begin(entry.positions);
      begun = true;
    } else if (entry.kind === 'filled' && entry.quantity > 0n) fillIn(entry, stamped);
    else if (entry.kind === 'split') lots.split(entry.symbol, entry.newShares, entry.oldShares);
    else if (entry.kind === 'paid') lots.pay(entry.symbol, entry.fee);
  }
  return {
    ...{ trades, realised, days, orders },
    unclearUntil: timeline.wantsEarlier ? endOfTime : unclearUntil,
  };
};
