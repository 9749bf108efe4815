import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { isWorking } from '@sentinel/contracts/execution';
import {
  divide,
  type Price,
  price,
  type Quantity,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketSession, Quote } from '@sentinel/contracts/market';
import { chance } from './chance.ts';

/** What the venue says of one order, in the order in which it happened. */
export type VenueReport =
  | { readonly type: 'accepted' | 'canceled' | 'expired'; readonly at: Temporal.Instant }
  | { readonly type: 'rejected'; readonly reason: string; readonly at: Temporal.Instant }
  | {
      readonly type: 'fill';
      readonly quantity: Quantity;
      readonly price: Price;
      readonly at: Temporal.Instant;
    };

/** One order taken to one quote. The quote's time is the market's clock of the look. */
export type VenueLook = {
  readonly order: WorkingOrder;
  readonly quote: Quote;
  /** The exchange session at the quote's time. */
  readonly session: MarketSession;
  readonly terms: VenueTerms;
  /** The trading date that the order belongs to: that of the session stream in which it works. */
  readonly tradingDate: TradingDate;
  /** Time of the quote of the look before: an older or equal one has been used and fills nothing. */
  readonly lastLookAt: Temporal.Instant | undefined;
};

/** What a draw is for, so that one order's draws are independent. */
const draw = { latency: 1, cancelLatency: 2, slippage: 3 } as const;

const isBefore = (a: Temporal.Instant, b: Temporal.Instant): boolean =>
  Temporal.Instant.compare(a, b) < 0;

/** `latencyMs` give or take a fifth, to the microsecond. */
const afterLatency = (
  from: Temporal.Instant,
  { sequence }: WorkingOrder,
  { terms, purpose }: { readonly terms: VenueTerms; readonly purpose: number },
): Temporal.Instant => {
  const share = 0.8 + 0.4 * chance(terms.seed, sequence, purpose);
  return from.add({ microseconds: Math.round(terms.latencyMs * 1000 * share) });
};

/** When the order reaches the venue. Nothing is reported before. */
export const dueAt = (order: WorkingOrder, terms: VenueTerms): Temporal.Instant =>
  afterLatency(order.submittedAt, order, { terms, purpose: draw.latency });

/**
 * What the paper venue says of a working order at one quote: pure, and the same for paper trading,
 * backtest and replay.
 *
 * The first report accepts the order (or rejects a limit off the price grid). A day order expires
 * once the session of its trading date is over, a gtc order after 90 days; both before any fill. A
 * fill takes the far side, at most the displayed size, once for each quote; the rest goes on working.
 * While the exchange is closed the order waits. A pending cancel travels as long as an order does: it
 * loses to a fill against a quote from before its arrival, and ends the rest at the first look after.
 */
export const venueReports = (look: VenueLook): readonly VenueReport[] => {
  const { order, quote, terms } = look;
  const due = dueAt(order, terms);
  if (!isWorking(order.status) || isBefore(quote.at, due)) return [];
  const answer = acknowledgement(order, due);
  if (answer?.type === 'rejected') return [answer];
  const acknowledged = answer === undefined ? [] : [answer];
  if (isOver(look)) return [...acknowledged, { type: 'expired', at: quote.at }];
  const canceledAt = cancelArrival(look);
  if (canceledAt !== undefined && !isBefore(quote.at, canceledAt)) {
    return [...acknowledged, { type: 'canceled', at: quote.at }];
  }
  const fill = fillOf(look);
  return fill === undefined ? acknowledged : [...acknowledged, fill];
};

/** Owed while the order has never been answered; an order of unknown outcome is resolved by it. */
const acknowledgement = (
  { status, statusBefore, intent }: WorkingOrder,
  at: Temporal.Instant,
): VenueReport | undefined => {
  const open = status === 'pending_cancel' ? statusBefore : status;
  if (open !== 'submitted' && open !== 'unknown') return undefined;
  if (intent.limitPrice === null || price.isOnTick(intent.limitPrice))
    return { type: 'accepted', at };
  const limit = price.format(intent.limitPrice);
  return { type: 'rejected', reason: `The limit price ${limit} is off the price grid.`, at };
};

const gtcLifetimeHours = 90 * 24;

const isOver = ({ order, quote, session, tradingDate }: VenueLook): boolean => {
  if (order.intent.timeInForce === 'gtc') {
    return !isBefore(quote.at, order.submittedAt.add({ hours: gtcLifetimeHours }));
  }
  if (session.date !== tradingDate) return session.date > tradingDate;
  return session.closesAt !== null && !isBefore(quote.at, session.closesAt);
};

const cancelArrival = ({ order, terms }: VenueLook): Temporal.Instant | undefined =>
  order.status !== 'pending_cancel' || order.cancelRequestedAt === null
    ? undefined
    : afterLatency(order.cancelRequestedAt, order, { terms, purpose: draw.cancelLatency });

const fillOf = (look: VenueLook): VenueReport | undefined => {
  const { order, quote, terms } = look;
  if (!canTrade(look)) return undefined;
  const displayed = order.intent.side === 'buy' ? quote.askSize : quote.bidSize;
  const each = fillPrice(order, quote, { terms, displayed });
  if (each === undefined) return undefined;
  return {
    type: 'fill',
    quantity: quantity.min(order.leavesQuantity, displayed),
    price: each,
    at: quote.at,
  };
};

/** The exchange is open, and the quote is this session's, not used before, and fit to trade on. */
const canTrade = ({ order, quote, session, lastLookAt }: VenueLook): boolean =>
  session.state === 'open' &&
  (session.opensAt === null || !isBefore(quote.at, session.opensAt)) &&
  (session.closesAt === null || isBefore(quote.at, session.closesAt)) &&
  (lastLookAt === undefined || isBefore(lastLookAt, quote.at)) &&
  order.leavesQuantity > 0n &&
  quote.bid > 0n &&
  quote.ask >= quote.bid &&
  (order.intent.side === 'buy' ? quote.askSize : quote.bidSize) > 0n;

type Depth = { readonly terms: VenueTerms; readonly displayed: Quantity };

/** The far side worsened by slippage and rounded against the order; undefined beyond its limit. */
const fillPrice = (order: WorkingOrder, quote: Quote, depth: Depth): Price | undefined => {
  const { side, limitPrice } = order.intent;
  const slippage = slippageMicroBps(order, depth);
  if (side === 'buy') {
    if (limitPrice !== null && quote.ask > limitPrice) return undefined;
    const worse = divide(quote.ask * (microBpsScale + slippage), microBpsScale, 'up') as Price;
    const onGrid = price.toTick(worse, 'up');
    return limitPrice !== null && onGrid > limitPrice ? limitPrice : onGrid;
  }
  if (limitPrice !== null && quote.bid < limitPrice) return undefined;
  const worse = divide(quote.bid * (microBpsScale - slippage), microBpsScale, 'down') as Price;
  const onGrid = price.toTick(worse, 'down');
  if (limitPrice !== null && onGrid < limitPrice) return limitPrice;
  // A share is never sold for nothing, however thin its price.
  return onGrid > 0n ? onGrid : quote.bid;
};

const microBpsScale = 10_000n * 1_000_000n;
/** An order of this many displayed sizes or more pays the most: five times the bare slippage. */
const mostDepths = 5n;

/**
 * Slippage in millionths of a basis point: `slippageBps` times a drawn factor from 0.5 to 1.5, times
 * the depth of the order in displayed sizes, from 1 to 5. The quantity filled before stands for the
 * number of the fill: it grows with each, and outlives the session.
 */
const slippageMicroBps = (order: WorkingOrder, { terms, displayed }: Depth): bigint => {
  const filled = order.cumulativeQuantity;
  const drawn = chance(
    terms.seed,
    order.sequence,
    draw.slippage,
    Number(filled / 2n ** 32n),
    Number(filled % 2n ** 32n),
  );
  const bare = BigInt(terms.slippageBps) * BigInt(500_000 + Math.floor(drawn * 1_000_000));
  const capped = quantity.min(order.leavesQuantity, (displayed * mostDepths) as Quantity);
  const excess = capped > displayed ? capped - displayed : 0n;
  return bare + (bare * excess) / displayed;
};
