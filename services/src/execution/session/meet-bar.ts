import type { VenueReport, WorkingOrder } from '@sentinel/contracts/execution';
import {
  type Digest,
  divide,
  isBefore,
  type OrderId,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { MarketBar, MarketSession, Ticker } from '@sentinel/contracts/market';
import {
  buys,
  changesAtEnd,
  isQuiet,
  isRenewedBy,
  isWaiting,
  type PaperReport,
  type Quiet,
  quietOfAll,
  reportsOf,
  restOfBar,
  stepsPerTrail,
  venueReportsOnBar,
} from '../venue/index.ts';
import { withinMeans } from './means.ts';
import { type Session, type SessionEvent, workingInTurn } from './state.ts';
import { keepReckoned, takeReports } from './venue-reports.ts';

/** Of a bar's volume, what our orders of one side may take where the terms do not say. */
export const usualParticipationBps = 1_000;
/** Each may become four events at the most, and an append holds 500. */
const mostReports = 100;

/** A completed bar with the exchange session in which it lies. */
export type ExchangeBar = { readonly bar: MarketBar; readonly session: MarketSession };

/** What a bar makes the venue say, and the session as it is once that is taken. */
export type BarMet = { readonly reports: readonly VenueReport[]; readonly session: Session };

/**
 * Takes the working orders of a symbol to one completed bar, stops before the rest, and exits that a
 * fill in the bar sets out to what was left of it. Together the orders of one side take no more than
 * their share of the bar's volume. A bar of which something came says nothing a second time.
 */
export const meetBar = (
  { bar, session: exchange }: ExchangeBar,
  session: Session,
  digest: Digest,
): BarMet => {
  const untouched = { reports: [], session };
  if (isUntouched(session, bar, exchange) || wasMet(session, bar)) return untouched;
  const said: VenueReport[] = [];
  const events: SessionEvent[] = [];
  const left = volumeLeft(bar, session.venue.participationBps ?? usualParticipationBps);
  /** Bars by the parent whose exits meet them. */
  const rests = new Map<OrderId, MarketBar>();
  const renewed = new Set<OrderId>();
  let now = session;
  const hear = ({ orderId }: WorkingOrder, reports: readonly PaperReport[]) => {
    const heard = reportsOf(orderId, reports, { bar });
    const taken = takeReports(heard, now, digest);
    said.push(...heard);
    events.push(...taken.events);
    now = taken.session;
    return taken.events;
  };
  /** So many reports fill an append, and what is left meets the next bar. */
  const meet = ({ orderId }: WorkingOrder): void => {
    const order = now.working.get(orderId);
    if (order === undefined || said.length >= mostReports) return;
    const outcome = venueReportsOnBar({
      order,
      bar: (order.link && rests.get(order.link.parentId)) ?? bar,
      session: exchange,
      terms: now.venue,
      tradingDate: now.date,
      available: left.of(order),
      isRenewed: renewed.has(orderId),
    });
    for (const event of hear(order, withinMeans(outcome.reports, order, now))) {
      if (event.type !== 'OrderFilled' && event.type !== 'OrderPartiallyFilled') continue;
      left.take(order, event.data.lastQuantity);
      const { place } = outcome;
      const { lastPrice, at } = event.data;
      if (place !== undefined)
        rests.set(orderId, restOfBar(bar, order, { price: lastPrice, place, at }));
    }
  };
  // New terms before all: a fill of one order must find those of the others that hang together with it.
  for (const order of ordersOf(now, bar.symbol))
    if (isRenewedBy(bar, order)) {
      meet(order);
      renewed.add(order.orderId);
    }
  const done = new Set<OrderId>();
  const meetEachOnce = () => {
    for (const order of ordersOf(now, bar.symbol)) {
      if (done.has(order.orderId)) continue;
      done.add(order.orderId);
      meet(order);
    }
  };
  // What works, and then the exits that its fills set out: they set out nothing more.
  meetEachOnce();
  meetEachOnce();
  // What was asked for inside the bar comes last: until its end the orders met it as they were.
  for (const order of ordersOf(now, bar.symbol)) {
    if (said.length >= mostReports) break;
    const { venue: terms, date: tradingDate } = now;
    hear(order, changesAtEnd({ order, bar, session: exchange, terms, tradingDate }));
  }
  if (said.length === 0) return untouched;
  keepReckoned({ reports: said, session, digest, taken: { events, session: now } });
  return { reports: said, session: now };
};

type Resting = ReadonlyMap<Ticker, Quiet>;
const restings = new WeakMap<Session['working'], Resting>();

/** Where the orders of each symbol rest, reckoned once for as long as none of them changes. */
export const restingOf = ({ working, venue: { bars } }: Session): Resting => {
  const known = restings.get(working);
  if (known !== undefined) return known;
  const bySymbol = Map.groupBy(working.values(), ({ intent }) => intent.symbol);
  const steps = bars === undefined ? stepsPerTrail.onQuotes : stepsPerTrail.onBars;
  const resting = new Map(
    [...bySymbol].map(([symbol, orders]) => [symbol, quietOfAll(orders, steps)]),
  );
  restings.set(working, resting);
  return resting;
};

/** Whether no order of the symbol has anything to hear of the bar: most bars touch nothing. */
const isUntouched = (session: Session, bar: MarketBar, exchange: MarketSession): boolean => {
  const quiet = restingOf(session).get(bar.symbol);
  return quiet === undefined || (exchange.date === session.date && isQuiet(bar, quiet));
};

const wasMet = ({ barsMet }: Session, { symbol, start }: MarketBar): boolean => {
  const last = barsMet.get(symbol);
  return last !== undefined && !isBefore(last, start);
};

/** Those of one symbol, stops first: what protects comes before what earns. */
const ordersOf = (session: Session, symbol: Ticker): readonly WorkingOrder[] =>
  workingInTurn(session)
    .filter((order) => order.intent.symbol === symbol)
    .sort((a, b) => Number(isWaiting(b)) - Number(isWaiting(a)));

const volumeLeft = (bar: MarketBar, participationBps: number) => {
  const most = divide(bar.volume * BigInt(participationBps), 10_000n, 'down') as Quantity;
  /** By whether it was bought. */
  const taken = new Map<boolean, Quantity>();
  const takenBy = ({ intent }: WorkingOrder) => taken.get(buys(intent)) ?? quantity.zero;
  return {
    of: (order: WorkingOrder): Quantity => quantity.subtract(most, takenBy(order)),
    take: (order: WorkingOrder, shares: Quantity): void => {
      taken.set(buys(order.intent), quantity.add(takenBy(order), shares));
    },
  };
};
