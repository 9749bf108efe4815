import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { isWorking } from '@sentinel/contracts/execution';
import { isBefore, type Price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { MarketSession, Quote } from '@sentinel/contracts/market';
import { dueAt, faultsOf, isDisconnected } from './draws.ts';
import { fillPrice, isWithinLimit } from './fill-price.ts';
import { awaitsOpening, closingWindow, lifeOf } from './lifetime.ts';
import type { FillReport, PaperReport } from './report.ts';
import { buys, hasReached, isWaiting, stepsPerTrail, stopAfter } from './stop.ts';

/** One order taken to one quote. The quote's time is the market's clock of the look. */
export type VenueLook = {
  readonly order: WorkingOrder;
  readonly quote: Quote;
  /** The exchange session at the quote's time. */
  readonly session: MarketSession;
  readonly terms: VenueTerms;
  /** The trading date that the order belongs to: that of the session stream in which it works. */
  readonly tradingDate: TradingDate;
  /** Time of the last quote that was used: an older or equal one fills nothing, and ends nothing unfilled. */
  readonly lastLookAt: Temporal.Instant | undefined;
};

/**
 * What the paper venue says of a working order at one quote: pure, and the same for paper trading,
 * backtest and replay.
 *
 * The first report accepts the order or rejects it. A day order expires once the session of its
 * trading date is over, a gtc order after 90 days; both before any fill. A cancel or a replacement
 * travels as long as an order does: it loses to a fill against a quote from before its arrival. A fill
 * takes the far side, at most the displayed size, once for each quote; the rest goes on working,
 * unless the order was for now or for an auction. Of an order of unknown outcome nothing is said: whoever
 * asks by its id is told. A stop begins to trade when a trade has reached it, and is a plain order from
 * the next quote on: our own bid and ask are made around the trades, and nobody traded at them. While the exchange is closed or has halted the symbol the order waits.
 */
export const venueReports = (look: VenueLook): readonly PaperReport[] => {
  const { reports, lives } = lifeAt({ ...look, at: look.quote.at });
  if (lives) return [...reports, ...tradesOf(look)];
  return crossesItsCancel(look, reports) ? [...reports, ...repeated(look, fillOf(look))] : reports;
};

type Unquoted = Omit<VenueLook, 'quote' | 'lastLookAt'> & { readonly at: Temporal.Instant };

/** What the paper venue says of an order at a moment at which its symbol has no quote: all but trades. */
export const venueReportsUnquoted = (look: Unquoted): readonly PaperReport[] =>
  lifeAt(look).reports;

const lifeAt = (look: Unquoted): ReturnType<typeof lifeOf> => {
  const { order, terms, at } = look;
  const due = dueAt(order, terms);
  const isSilent =
    !isWorking(order.status) ||
    order.status === 'unknown' ||
    isBefore(at, due) ||
    isDisconnected(at, terms);
  return isSilent ? { reports: [], lives: false } : lifeOf({ ...look, due });
};

/** With an injected fault the fill was on its way when the cancel arrived. */
const crossesItsCancel = (look: VenueLook, reports: readonly PaperReport[]): boolean =>
  reports.at(-1)?.type === 'canceled' &&
  faultsOf(look.order, look.terms)?.fillsLate === true &&
  !isWaiting(look.order) &&
  canTrade(look);

const tradesOf = (look: VenueLook): readonly PaperReport[] => {
  const { order, quote } = look;
  const { timeInForce } = order.intent;
  if (isUsed(look)) return [];
  if (!canTrade(look)) return isForNow(look) ? [unfilled(quote.at)] : [];
  if (timeInForce === 'cls' && !isClosing(look)) return [];
  if (awaitsOpening({ ...look, due: dueAt(order, look.terms) })) return [];
  const { reports, active, reached } = stopOf(look);
  if (active === undefined) return reports;
  const fill = fillOf({ ...look, order: active }, reached);
  const left = fill === undefined ? order.leavesQuantity : order.leavesQuantity - fill.quantity;
  const ends = left > 0n && (isForNow(look) || timeInForce === 'opg');
  return [...reports, ...repeated(look, fill), ...(ends ? [unfilled(quote.at)] : [])];
};

const isForNow = ({ order }: VenueLook): boolean =>
  order.intent.timeInForce === 'ioc' || order.intent.timeInForce === 'fok';

const unfilled = (at: Temporal.Instant): PaperReport => ({
  type: 'canceled',
  reason: 'What could not trade at once is canceled.',
  at,
});

const isClosing = ({ quote, session }: VenueLook): boolean =>
  session.closesAt !== null && !isBefore(quote.at, session.closesAt.subtract(closingWindow));

/** The stop after this quote, and the order as it trades from here on; undefined while it waits. */
const stopOf = ({
  order,
  quote,
}: VenueLook): {
  readonly reports: readonly PaperReport[];
  readonly active: WorkingOrder | undefined;
  /** Where it stood, when it was reached at this quote. */
  readonly reached?: Price;
} => {
  const { intent } = order;
  if (!isWaiting(order)) return { reports: [], active: order };
  const { at, last } = quote;
  const stopAt = stopAfter(order, last, stepsPerTrail.onQuotes);
  if (stopAt === undefined) return { reports: [], active: undefined };
  const moved: readonly PaperReport[] =
    intent.trail !== undefined && stopAt !== order.stopAt
      ? [{ type: 'stop_moved', stopAt, at }]
      : [];
  if (!hasReached(intent, stopAt, last)) return { reports: moved, active: undefined };
  return {
    reports: [...moved, { type: 'triggered', stopAt, at }],
    active: { ...order, stopAt, triggeredAt: at },
    reached: stopAt,
  };
};

const fillOf = ({ order, quote, terms }: VenueLook, stopAt?: Price): FillReport | undefined => {
  const { intent, leavesQuantity } = order;
  const far = buys(intent) ? quote.ask : quote.bid;
  const size = buys(intent) ? quote.askSize : quote.bidSize;
  if (size <= 0n || !isWithinLimit(order, far)) return undefined;
  if (intent.timeInForce === 'fok' && size < leavesQuantity) return undefined;
  return {
    type: 'fill',
    execution: order.fills + 1,
    quantity: quantity.min(leavesQuantity, size),
    price: fillPrice(order, far, { terms, size, stopAt }),
    at: quote.at,
  };
};

/** A fill, and with an injected fault the same again. */
const repeated = (
  { order, terms }: VenueLook,
  fill: FillReport | undefined,
): readonly PaperReport[] => {
  if (fill === undefined) return [];
  return faultsOf(order, terms)?.repeatsFill === true ? [fill, fill] : [fill];
};

const isUsed = ({ quote, lastLookAt }: VenueLook): boolean =>
  lastLookAt !== undefined && !isBefore(lastLookAt, quote.at);

/** The exchange is open, and the quote is this session's, not used before, and fit to trade on. */
const canTrade = (look: VenueLook): boolean => {
  const { quote, session } = look;
  return (
    !isUsed(look) &&
    session.state === 'open' &&
    quote.halted !== true &&
    (session.opensAt === null || !isBefore(quote.at, session.opensAt)) &&
    (session.closesAt === null || isBefore(quote.at, session.closesAt)) &&
    quote.bid > 0n &&
    quote.ask >= quote.bid
  );
};
