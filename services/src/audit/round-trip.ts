import {
  type LogPosition,
  type Money,
  money,
  type OrderId,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Told } from './story-line.ts';

type Leg = { readonly shares: Quantity; readonly value: Money };

/** A position from flat to flat again, as the view of trades keeps it. */
export type RoundTrip = {
  readonly side: 'long' | 'short';
  readonly openingOrderId: OrderId;
  /** Of the order that opened it; null where others had placed that. */
  readonly decisionId: string | null;
  /** Where in the log it ended; null while it is open. */
  readonly end: LogPosition | null;
  /** Null while it is open, and where a split left nothing of it. */
  readonly closingOrderId: OrderId | null;
  readonly closedAt: Temporal.Instant | null;
  /** Which exit closed it; null for another order, and while it is open. */
  readonly exit: 'take_profit' | 'stop_loss' | null;
  /** What is held, signed. */
  readonly quantity: Quantity;
  readonly entry: Leg;
  readonly exited: Leg;
  /** Before fees. */
  readonly realizedPnl: Money;
  readonly fees: Money;
  readonly borrowFees: Money;
  readonly dividends: Money;
  /** After fees and borrowing, with dividends. */
  readonly net: Money;
};

/** Where to look for the round trips of a story: those that held anything between two positions of the log. */
export type TripsBetween = {
  readonly account: string;
  readonly symbol: Ticker;
  readonly from: LogPosition;
  readonly to: LogPosition;
};

/** Between its first execution and its last; undefined of a story that has traded nothing. */
export const tripsOf = (told: readonly Told[], account: string): TripsBetween | undefined => {
  const fills = told.filter(({ event }) => 'filledNotional' in event.data);
  const [first, last] = [fills[0], fills.at(-1)];
  if (first === undefined || last === undefined || !('filledNotional' in first.event.data))
    return undefined;
  const { symbol } = first.event.data;
  return { account, symbol, from: first.position, to: last.position };
};

type Traded = {
  readonly orderId: OrderId;
  readonly bought: boolean;
  readonly shares: Quantity;
  readonly notional: Money;
  /** Where its executions begin and end. */
  readonly first: LogPosition;
  readonly last: LogPosition;
};

/** What each order of a story has traded, after what the venue took back or corrected. */
export const tradedBy = (told: readonly Told[]): readonly Traded[] => {
  const orders = new Map<OrderId, Traded>();
  for (const { event, position } of told) {
    if (!('filledNotional' in event.data)) continue;
    const { orderId, side, cumulativeQuantity: shares, filledNotional: notional } = event.data;
    const before = orders.get(orderId);
    const isFill = event.type === 'OrderFilled' || event.type === 'OrderPartiallyFilled';
    const first = before?.first ?? position;
    const last = isFill ? position : (before?.last ?? position);
    orders.set(orderId, { orderId, bought: side === 'buy', shares, notional, first, last });
  }
  return [...orders.values()].filter(({ shares }) => shares > 0n);
};

/** What the orders of a story brought into a round trip, and what they took out of it. */
export type Part = {
  readonly in: Leg;
  readonly out: Leg;
};

const sumOf = (traded: readonly Traded[]): Leg => ({
  shares: traded.reduce((sum, { shares }) => quantity.add(sum, shares), quantity.zero),
  value: money.add(...traded.map(({ notional }) => notional)),
});

const within = (leg: Leg, whole: Leg): Leg => ({
  ...leg,
  shares: quantity.min(leg.shares, whole.shares),
});

/** The round trips in which the orders of a story traded, with what was theirs in each. */
export const partsOf = (
  trips: readonly RoundTrip[],
  traded: readonly Traded[],
): readonly { readonly trip: RoundTrip; readonly part: Part }[] =>
  trips.flatMap((trip, index) => {
    const since = trips[index - 1]?.end ?? -1n;
    const theirs = traded.filter(
      // One that went from one side to the other ended one round trip and opened the next at once.
      ({ orderId, first, last }) =>
        (trip.end === null || first <= trip.end) &&
        (last > since || trip.openingOrderId === orderId),
    );
    const getsIn = ({ bought }: Traded) => bought === (trip.side === 'long');
    const part = {
      in: within(sumOf(theirs.filter(getsIn)), trip.entry),
      out: within(sumOf(theirs.filter((each) => !getsIn(each))), trip.exited),
    };
    return theirs.length === 0 ? [] : [{ trip, part }];
  });
