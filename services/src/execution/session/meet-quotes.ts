import type { VenueReport, WorkingOrder } from '@sentinel/contracts/execution';
import {
  type Digest,
  divide,
  isBefore,
  millisecondsBetween,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { BarVolume, MarketSession, Quote, Ticker } from '@sentinel/contracts/market';
import {
  isQuiet,
  type PaperReport,
  type Quiet,
  replaceDueAt,
  reportsOf,
  venueReports,
  venueReportsUnquoted,
} from '../venue/index.ts';
import { withinMeans } from './means.ts';
import { restingOf, usualParticipationBps } from './meet-bar.ts';
import { type Session, workingInTurn } from './state.ts';
import { secondOf, tradedSince } from './traded.ts';
import { takeReports } from './venue-reports.ts';

/** Reports of one command: each may become four events, and an append holds 500. Of one moment no more. */
export const mostReports = 100;

/** The market at one moment: the exchange's session, and a quote for each symbol that has one. */
export type QuotedMoment = {
  readonly at: Temporal.Instant;
  readonly exchange: MarketSession;
  readonly quotes: ReadonlyMap<Ticker, Quote>;
  /** The bar around the moment, of symbols whose volume is known. */
  readonly volumes: ReadonlyMap<Ticker, BarVolume>;
};

/**
 * What the paper venue says of the working orders that `hears` picks at one moment of the market, in the
 * order in which they came. A quote of which something came fills nothing a second time; what it displays
 * is shared with what came to it before, and so is what may be taken of a bar's volume, at however many
 * quotes of it. Answers the session as it is with that as well.
 */
export const meetQuotes = (
  moment: QuotedMoment,
  session: Session,
  { digest, hears }: { readonly digest: Digest; readonly hears: (order: WorkingOrder) => boolean },
): { readonly reports: readonly VenueReport[]; readonly session: Session } => {
  const resting = restingOf(session);
  const awake = new Map([...resting].filter(([symbol, quiet]) => isAwake(moment, symbol, quiet)));
  if (awake.size === 0) return { reports: [], session };
  const said: VenueReport[] = [];
  let now = session;
  for (const each of changesFirst(workingInTurn(session), session, moment.at)) {
    if (said.length >= mostReports) break;
    const order = now.working.get(each.orderId);
    if (order === undefined || !awake.has(each.intent.symbol) || !hears(each)) continue;
    const { reports, quote } = reportsAt(moment, order, {
      now,
      usedAt: session.quotesMet.get(each.intent.symbol),
    });
    const heard = reportsOf(order.orderId, reports, quote && { quote });
    const after = takeReports(heard, now, digest);
    // It says nothing that was not known, and would say the same for ever.
    if (after.events.length === 0) continue;
    said.push(...heard);
    now = after.session;
  }
  return { reports: said, session: now };
};

/** New terms that have arrived before all: a fill of one order must find those of the others beside it. */
const changesFirst = (
  orders: readonly WorkingOrder[],
  { venue }: Session,
  at: Temporal.Instant,
): readonly WorkingOrder[] => {
  const changes = (order: WorkingOrder): boolean => {
    const dueAt = replaceDueAt(order, venue);
    return dueAt !== undefined && !isBefore(at, dueAt);
  };
  return orders.some(changes)
    ? orders.toSorted((a, b) => Number(changes(b)) - Number(changes(a)))
    : orders;
};

/** Whether the moment may say something to an order of the symbol: most of them touch nothing. */
const isAwake = ({ at, quotes }: QuotedMoment, symbol: Ticker, quiet: Quiet): boolean => {
  const quote = quotes.get(symbol);
  if (quote === undefined) return true;
  const { bid, ask, last } = quote;
  return !isQuiet(
    { low: bid < last ? bid : last, high: ask > last ? ask : last, start: at },
    quiet,
  );
};

const reportsAt = (
  moment: QuotedMoment,
  order: WorkingOrder,
  {
    now,
    usedAt,
  }: {
    readonly now: Session;
    /** Time of the last quote of the symbol that was used before this moment. */
    readonly usedAt: Temporal.Instant | undefined;
  },
): { readonly reports: readonly PaperReport[]; readonly quote: Quote | undefined } => {
  const { at, exchange } = moment;
  const look = { order, session: exchange, terms: now.venue, tradingDate: now.date };
  const { symbol } = order.intent;
  const shown = moment.quotes.get(symbol);
  const isFresh =
    shown !== undefined && millisecondsBetween(shown.at, at) <= now.limits.limits.maxQuoteAgeMs;
  if (!isFresh) return { reports: venueReportsUnquoted({ ...look, at }), quote: undefined };
  const left = leftOf(shown, order, now);
  const room = roomIn(moment.volumes.get(symbol), order, now);
  const quote = room === undefined ? left : sized(left, room);
  const reports = venueReports({ ...look, quote, lastLookAt: usedAt });
  return { reports: withinMeans(reports, order, now), quote: shown };
};

/**
 * Shares of the bar's volume that orders of the side may still take, below nothing where they have taken
 * more; undefined where it is not known.
 */
const roomIn = (
  bar: BarVolume | undefined,
  { intent }: WorkingOrder,
  session: Session,
): Quantity | undefined => {
  if (bar === undefined) return undefined;
  const bps = BigInt(session.venue.participationBps ?? usualParticipationBps);
  const most = divide(bar.volume * bps, 10_000n, 'down') as Quantity;
  return quantity.subtract(most, tradedSince(session.traded, intent, bar.start.epochMilliseconds));
};

const sized = (quote: Quote, most: Quantity): Quote => ({
  ...quote,
  askSize: quantity.min(quote.askSize, most),
  bidSize: quantity.min(quote.bidSize, most),
});

/**
 * What a quote displays to an order, without what others of its side took of it, which may leave less than
 * nothing: the display is made anew with each whole second, and with each quote. Counted from the log, so
 * that neither orders that come one after another nor a new process take the same shares twice.
 */
const leftOf = (quote: Quote, { intent }: WorkingOrder, { traded }: Session): Quote => {
  const taken = tradedSince(traded, intent, secondOf(quote.at.epochMilliseconds));
  return {
    ...quote,
    askSize: quantity.subtract(quote.askSize, taken),
    bidSize: quantity.subtract(quote.bidSize, taken),
  };
};
