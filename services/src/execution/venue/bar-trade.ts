import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import {
  isBefore,
  type Price,
  price,
  type Quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketBar, MarketSession } from '@sentinel/contracts/market';
import { dueAt } from './draws.ts';
import { isWithinLimit } from './fill-price.ts';
import { awaitsOpening } from './lifetime.ts';
import type { PaperReport } from './report.ts';
import { buys, hasReached, isWaiting, stopAfter } from './stop.ts';

/** One order taken to one completed bar, or to what was left of it once its parent had filled. */
export type BarLook = {
  readonly order: WorkingOrder;
  readonly bar: MarketBar;
  /** The exchange session in which the bar lies. */
  readonly session: MarketSession;
  readonly terms: VenueTerms;
  readonly tradingDate: TradingDate;
  /** Shares of the bar's volume that the order's side may still take. */
  readonly available: Quantity;
  /** Its terms have changed at this bar, and were asked for before it: they hold from its first moment on. */
  readonly isRenewed: boolean;
};

/** Where in the bar an order trades: from the open on, or somewhere inside, or at the close. */
export type Place = 'open' | 'inside' | 'close';

export type Trade = { readonly from: Price; readonly place: Place };

/**
 * The first print of the session is its opening, however late: an order for it meets no second bar of
 * the session that it waited for.
 */
export const isItsOpening = (look: BarLook): boolean =>
  look.bar.volume > 0n && !awaitsOpening({ ...look, due: dueAt(look.order, look.terms) });

/** The bar ends with the exchange's session. */
export const isClosing = ({ bar, session }: Pick<BarLook, 'bar' | 'session'>): boolean =>
  session.closesAt !== null && !isBefore(bar.end, session.closesAt);

type Judged = {
  readonly trade: Trade | undefined;
  readonly stops: readonly PaperReport[];
  /** The order with its stop as it stands when it trades. */
  readonly active: WorkingOrder;
  /** Where its stop stood, when it was reached in this bar. */
  readonly reached?: Price;
};

/** Where and from what price the order trades in the bar, if it does. */
export const tradeOf = (look: BarLook, at: Temporal.Instant): Judged => {
  const { order, bar } = look;
  const { intent } = order;
  if (isWaiting(order)) return stopOf(look, at);
  const judged = (trade: Trade | undefined): Judged => ({ trade, stops: [], active: order });
  switch (intent.timeInForce) {
    case 'opg':
      return judged(
        isItsOpening(look) ? atLimit(order, { from: bar.open, place: 'open' }) : undefined,
      );
    case 'cls':
      return judged(
        isClosing(look) ? atLimit(order, { from: bar.close, place: 'close' }) : undefined,
      );
    case 'ioc':
    case 'fok':
      return judged(atLimit(order, { from: bar.open, place: 'open' }));
    default:
      return judged(atLimit(order, { from: bar.open, place: 'open' }) ?? passed(order, bar));
  }
};

const atLimit = (order: WorkingOrder, trade: Trade): Trade | undefined =>
  isWithinLimit(order, trade.from) ? trade : undefined;

/** A limit inside the bar: somebody traded a tick beyond it. */
const passed = ({ intent }: WorkingOrder, bar: MarketBar): Trade | undefined => {
  const limit = intent.limitPrice;
  if (limit === null) return undefined;
  const tick = price.tickOf(limit);
  const isPassed = buys(intent) ? bar.low <= limit - tick : bar.high >= limit + tick;
  return isPassed ? { from: limit, place: 'inside' } : undefined;
};

const stopOf = (look: BarLook, at: Temporal.Instant): Judged => {
  const { order, bar } = look;
  const { intent } = order;
  const before = order.stopAt ?? stopAfter(order, bar.open);
  if (before === undefined) return { trade: undefined, stops: [], active: order };
  const adverse = buys(intent) ? bar.high : bar.low;
  const favorable = buys(intent) ? bar.low : bar.high;
  const after = stopAfter({ ...order, stopAt: before }, favorable) ?? before;
  const reached = (stopAt: Price, place: Place, when: Temporal.Instant): Judged => {
    const active = { ...order, stopAt, triggeredAt: when };
    const stops: readonly PaperReport[] = [{ type: 'triggered', stopAt, at: when }];
    const from = place === 'open' ? bar.open : stopAt;
    const trade = atLimit(active, { from, place }) ?? passed(active, bar);
    return { trade, stops: [...movedTo(order, stopAt, when), ...stops], active, reached: stopAt };
  };
  if (hasReached(intent, before, bar.open)) return reached(before, 'open', at);
  if (hasReached(intent, before, adverse)) return reached(before, 'inside', bar.end);
  // The close comes last: beyond the stop that the bar's best price gave, it must have passed it.
  if (hasReached(intent, after, bar.close)) return reached(after, 'inside', bar.end);
  return { trade: undefined, stops: movedTo(order, after, bar.end), active: order };
};

const movedTo = (
  order: WorkingOrder,
  stopAt: Price,
  at: Temporal.Instant,
): readonly PaperReport[] =>
  order.intent.trail === undefined || stopAt === order.stopAt
    ? []
    : [{ type: 'stop_moved', stopAt, at }];

/**
 * What is certain of a bar after an order filled in it, for the exits that the fill sets out. After a
 * fill at the open it is the whole bar. Inside it, the price came through the order's own and went on
 * to the extreme beyond it; the other extreme may have come before, and so counts only as far as the
 * fill and the close.
 */
export const restOfBar = (
  bar: MarketBar,
  order: WorkingOrder,
  fill: { readonly price: Price; readonly place: Place; readonly at: Temporal.Instant },
): MarketBar => {
  if (fill.place === 'open') return { ...bar, start: fill.at };
  const from = fill.place === 'close' ? bar.close : fill.price;
  const end = {
    ...bar,
    start: fill.at,
    open: from,
    high: max(from, bar.close),
    low: min(from, bar.close),
  };
  if (fill.place === 'close') return end;
  // A limit to buy and a stop to sell are reached from above, and the low is still to come.
  const fromAbove = buys(order.intent) !== isWaiting(order);
  return fromAbove
    ? { ...end, low: min(bar.low, end.low) }
    : { ...end, high: max(bar.high, end.high) };
};

const max = (a: Price, b: Price): Price => (a > b ? a : b);
const min = (a: Price, b: Price): Price => (a < b ? a : b);
