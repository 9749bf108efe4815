import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { isWorking } from '@sentinel/contracts/execution';
import { isBefore, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { MarketSession, Quote } from '@sentinel/contracts/market';
import { dueAt, faultsOf, isDisconnected } from './draws.ts';
import { fillPrice, isWithinLimit } from './fill-price.ts';
import { closingWindow, lifeOf } from './lifetime.ts';
import type { FillReport, PaperReport } from './report.ts';
import { buys, hasReached, isStop, stepsPerTrail, stopAfter } from './stop.ts';

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
 * asks by its id is told. A stop begins to trade when the side that it would
 * trade with has reached it. While the exchange is closed or has halted the symbol the order waits.
 */
export const venueReports = (look: VenueLook): readonly PaperReport[] => {
  const { order, quote, terms, session, tradingDate } = look;
  const due = dueAt(order, terms);
  const { at } = quote;
  if (!isWorking(order.status) || order.status === 'unknown') return [];
  if (isBefore(at, due) || isDisconnected(at, terms)) return [];
  const { reports, lives } = lifeOf({ order, session, terms, tradingDate, at, due });
  if (lives) return [...reports, ...tradesOf(look)];
  return crossesItsCancel(look, reports) ? [...reports, ...repeated(look, fillOf(look))] : reports;
};

/** With an injected fault the fill was on its way when the cancel arrived. */
const crossesItsCancel = (look: VenueLook, reports: readonly PaperReport[]): boolean =>
  reports.at(-1)?.type === 'canceled' &&
  faultsOf(look.order, look.terms)?.fillsLate === true &&
  !isStop(look.order.intent) &&
  canTrade(look);

const tradesOf = (look: VenueLook): readonly PaperReport[] => {
  const { order, quote } = look;
  const { timeInForce } = order.intent;
  if (isUsed(look)) return [];
  if (!canTrade(look)) return isForNow(look) ? [unfilled(quote.at)] : [];
  if (timeInForce === 'cls' && !isClosing(look)) return [];
  const { reports, active } = stopOf(look);
  if (active === undefined) return reports;
  const fill = fillOf({ ...look, order: active });
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
} => {
  const { intent } = order;
  if (!isStop(intent) || order.triggeredAt !== undefined) return { reports: [], active: order };
  const far = buys(intent) ? quote.ask : quote.bid;
  const stopAt = stopAfter(order, far, stepsPerTrail.onQuotes);
  if (stopAt === undefined) return { reports: [], active: undefined };
  const { at } = quote;
  const moved: readonly PaperReport[] =
    intent.trail !== undefined && stopAt !== order.stopAt
      ? [{ type: 'stop_moved', stopAt, at }]
      : [];
  if (!hasReached(intent, stopAt, far)) return { reports: moved, active: undefined };
  return {
    reports: [...moved, { type: 'triggered', stopAt, at }],
    active: { ...order, stopAt, triggeredAt: at },
  };
};

const fillOf = ({ order, quote, terms }: VenueLook): FillReport | undefined => {
  const { intent, leavesQuantity } = order;
  const far = buys(intent) ? quote.ask : quote.bid;
  const size = buys(intent) ? quote.askSize : quote.bidSize;
  if (!isWithinLimit(order, far)) return undefined;
  if (intent.timeInForce === 'fok' && size < leavesQuantity) return undefined;
  return {
    type: 'fill',
    execution: order.fills + 1,
    quantity: quantity.min(leavesQuantity, size),
    price: fillPrice(order, far, { terms, size }),
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
  const { order, quote, session } = look;
  return (
    !isUsed(look) &&
    session.state === 'open' &&
    quote.halted !== true &&
    (session.opensAt === null || !isBefore(quote.at, session.opensAt)) &&
    (session.closesAt === null || isBefore(quote.at, session.closesAt)) &&
    order.leavesQuantity > 0n &&
    quote.bid > 0n &&
    quote.ask >= quote.bid &&
    (buys(order.intent) ? quote.askSize : quote.bidSize) > 0n
  );
};
