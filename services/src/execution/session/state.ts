import type {
  SessionClosed,
  sessionEvents,
  UsedKey,
  VenueTerms,
  WindDown,
  WorkingOrder,
} from '@sentinel/contracts/execution';
import type {
  EventOf,
  HaltId,
  Money,
  OrderId,
  Price,
  Quantity,
  TradingDate,
  WindDownId,
} from '@sentinel/contracts/kernel';
import type { CorporateAction, Ticker } from '@sentinel/contracts/market';
import type { PositionState } from '@sentinel/contracts/portfolio';
import type { Halt, LimitsDocument, OrderIntent } from '@sentinel/contracts/risk';
import type { Requests } from '../../approval/index.ts';
import type { VersionedMap } from '../../kernel/index.ts';
import type { Grants } from './granted.ts';
import type { OrderRecord } from './order-record.ts';
import type { TradedLog } from './traded.ts';

export type { OrderRecord };

export type SessionEvent = EventOf<typeof sessionEvents>;

export type LastPrice = { readonly price: Price; readonly at: Temporal.Instant };

export type StandingWindDown = WindDown & {
  readonly canceled: readonly OrderId[];
  /** Null while it goes on. */
  readonly outcome: 'done' | 'revoked' | null;
};

/** Positions that were closed at a loss in a row, and what those still open have realised so far. */
export type Losses = {
  readonly count: number;
  readonly lastLossAt: Temporal.Instant | null;
  readonly open: ReadonlyMap<Ticker, Money>;
};

export type Streak = { readonly count: number; readonly lastLossAt: Temporal.Instant | null };

/** A position that was closed, by all that it realised, with the streak that it left. */
export type Closing = {
  readonly symbol: Ticker;
  readonly realized: Money;
  readonly at: Temporal.Instant;
  readonly streak: Streak;
};

/** The same as it stands: a closing that a bust has undone is none. */
export type StandingLosses = {
  /** As it was before the closings that are remembered: the last of the session, oldest first. */
  readonly before: Streak;
  readonly closings: readonly Closing[];
  readonly open: ReadonlyMap<Ticker, Money>;
};

/** A new beginning of a paper account. */
export type Reset = Extract<SessionEvent, { type: 'PaperAccountReset' }>['data'];

/** One account's trading session: the consistency boundary in which orders, money and halts meet. */
export type Session = Grants & {
  /** While it is opening, the books are brought in and nothing trades. */
  readonly phase: 'opening' | 'open' | 'closed';
  readonly account: string;
  readonly date: TradingDate;
  /** The stream whose books this session continues. */
  readonly previous: string | null;
  /** The date of that session; null for an account's first. */
  readonly previousDate: TradingDate | null;
  /** Prices by which the opening books are valued: those of the close before. */
  readonly openingMarks: ReadonlyMap<Ticker, Price>;
  /** Shares that were sold short at the close before: what the nights since are charged for. */
  readonly borrowed: ReadonlyMap<Ticker, Quantity>;
  /** The first instant after the session: nothing of it is later. Null where an older log does not say. */
  readonly endsAt: Temporal.Instant | null;
  /** The last price known of a symbol, from the opening books, a fill or a corporate action. */
  readonly lastPrices: VersionedMap<Ticker, LastPrice>;
  /** The latest market time that any event carried. */
  readonly lastAt: Temporal.Instant;
  readonly cash: Money;
  readonly positions: ReadonlyMap<Ticker, PositionState>;
  /** Orders of the session before that are still to be brought in. */
  readonly ordersToCarry: number;
  /** Orders that may still trade, by id. */
  readonly working: VersionedMap<OrderId, WorkingOrder>;
  readonly orders: VersionedMap<OrderId, OrderRecord>;
  /** Orders that others placed, by the venue's id: it names them by no other. */
  readonly adopted: ReadonlyMap<string, OrderId>;
  /**
   * Up to where the orders of a symbol have met the market, as far as something came of it: the start of
   * the last such bar, and the time of the last such quote. Both say nothing to them a second time.
   */
  readonly barsMet: ReadonlyMap<Ticker, Temporal.Instant>;
  readonly quotesMet: ReadonlyMap<Ticker, Temporal.Instant>;
  /** Idempotency keys used in this session; those of the sessions before stand in theirs. */
  readonly keys: VersionedMap<string, UsedKey>;
  readonly limits: LimitsDocument;
  readonly halts: readonly Halt[];
  /** Halts that were released in this session. */
  readonly released: readonly HaltId[];
  readonly venue: VenueTerms;
  readonly dayStartEquity: Money;
  readonly weekOf: TradingDate;
  readonly weekStartEquity: Money;
  /** Losing executions in a row, which policies before risk-5 ask for. */
  readonly lossStreak: { readonly count: number; readonly lastLossAt: Temporal.Instant | null };
  /** As policy risk-5 counted them: a closing that a bust undid went on to count. */
  readonly closedLosses: Losses;
  readonly standingLosses: StandingLosses;
  readonly realizedPnl: Money;
  readonly fees: Money;
  readonly orderSequence: number;
  /** What was traded by symbol and side, for whoever shares out a bar's volume. */
  readonly traded: TradedLog;
  /** Market time in epoch milliseconds of the n-th message to the venue, by n from 1. */
  readonly messages: VersionedMap<string, number>;
  /** Market times in epoch milliseconds of a strategy's orders in a symbol on a side, by executionKey. */
  readonly executions: VersionedMap<string, readonly number[]>;
  /** How many orders the venue has accepted or rejected, and which of them last, by number, it rejected. */
  readonly answers: { readonly count: number; readonly rejected: readonly number[] };
  /** Strategies that were denied for having traded too often. */
  readonly tripped: readonly string[];
  /** Dangers for which the guard has engaged a halt in this session, by dangerKey. */
  readonly guarded: readonly string[];
  /** When an order of this fingerprint was last submitted. */
  readonly fingerprints: VersionedMap<string, Temporal.Instant>;
  /** The last order that was submitted with certain terms, by termsOf. */
  readonly byTerms: VersionedMap<string, OrderId>;
  /** What was asked of humans in this session, and the orders that wait for their answer, by order. */
  readonly requests: Requests;
  readonly proposals: ReadonlyMap<string, Extract<SessionEvent, { type: 'OrderProposed' }>['data']>;
  /** Wishes to wind down of this session, by id, with the orders that were canceled for them. */
  readonly windDowns: ReadonlyMap<WindDownId, StandingWindDown>;
  /** Which beginning of the paper account this is, and the last of this session; null for none in it. */
  readonly epoch: number;
  readonly reset: Reset | null;
  /** All beginnings of this session, oldest first. */
  readonly resets: readonly Reset[];
  /** Corporate actions applied in this session, by actionKey, and symbols charged for borrowing. */
  readonly actions: readonly string[];
  /** The action whose effect on orders is not written down in full yet, with those that are left, in turn. */
  readonly adjusting: {
    readonly action: CorporateAction;
    readonly left: readonly [OrderId, ...OrderId[]];
  } | null;
  readonly borrowCharged: readonly Ticker[];
  /** What the next session starts from; null until this one is closed. */
  readonly closing: SessionClosed | null;
};

export type SessionState = { readonly phase: 'unopened' } | Session;

/** The orders that may still trade, in the order in which they came. */
export const workingInTurn = (session: Session): readonly WorkingOrder[] =>
  [...session.working.values()].sort((a, b) => a.sequence - b.sequence);

/** By what the orders of one strategy count together; undefined for an order of none. */
export const executionKey = ({ strategyId, symbol, side }: OrderIntent): string | undefined =>
  strategyId === null ? undefined : `${strategyId}|${symbol}|${side}`;

/** By what two orders counted as the same before policy risk-5. */
export const fingerprintOf = (intent: OrderIntent): string => {
  const { symbol, side, quantity, limitPrice, triggerPrice } = intent;
  const stop = triggerPrice === undefined ? '' : `|${triggerPrice}`;
  return `${symbol}|${side}|${quantity}|${limitPrice ?? 'market'}${stop}`;
};

/** Everything of an order that the venue sees: two of the same are the same order twice. */
export const termsOf = ({ link, intent }: Pick<OrderRecord, 'link' | 'intent'>): string => {
  const { symbol, side, quantity, orderType, timeInForce, limitPrice, triggerPrice, trail } =
    intent;
  // The stop of a pair was asked for as an exit, and works as an order of its own.
  const { takeProfit = null, stopLoss = link === undefined ? null : intent.stopPrice } =
    intent.exits ?? {};
  return [
    ...[symbol, side, quantity, orderType, timeInForce, limitPrice, triggerPrice],
    ...[trail?.amount, trail?.bps, takeProfit, stopLoss],
  ].join('|');
};
