import type {
  Venue,
  VenueNews,
  VenueOrderState,
  WorkingOrder,
} from '@sentinel/contracts/execution';
import type { Digest } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { ifAvailable, quotesOf } from '../../market/index.ts';
import {
  meetQuotes,
  type Session,
  startWalk,
  type Walk,
  walkBars,
  workingInTurn,
} from '../session/index.ts';
import { faultsOf, hasArrived, paperOrderId } from '../venue/index.ts';
import { sessionBars } from './session-bars.ts';

/** Market time that a venue on quotes may take for an answer, beside twice the latency. */
const answersWithinMs = 30_000;

/**
 * The paper venue behind the port. It has no book of its own: what it works are the orders of the log,
 * which need not be sent, since the log is the message and the latency is drawn. What it says follows
 * from the session and from the market since, so that it may forget everything at any moment.
 */
export const paperVenue = (options: {
  readonly market: MarketData;
  readonly digest: Digest;
}): Venue<Session> => {
  const { market, digest } = options;
  /** How far the bars were walked from a session as it stands, to go on from there. */
  const walks = new WeakMap<Session, Walk>();

  const onBars = async (session: Session, closing: boolean): Promise<VenueNews['reports']> => {
    const from = walks.get(session) ?? startWalk(session);
    const bars = (await ifAvailable(sessionBars(session, from.until, market))) ?? [];
    const { reports, walk } = walkBars(from, bars, { digest, closing });
    if (reports.length === 0) walks.set(session, walk);
    return reports;
  };

  const onQuotes = async (session: Session): Promise<VenueNews['reports']> => {
    const orders = workingInTurn(session).filter(({ status }) => status !== 'unknown');
    const quotes = await quotesOf(market, [...new Set(orders.map(({ intent }) => intent.symbol))]);
    const met = [...quotes].map(
      ([symbol, quote]) => [symbol, { quote, session: market.session(quote.at) }] as const,
    );
    // A quote of the next session says nothing to the orders of one that is yet to be closed.
    return meetQuotes(
      new Map(met.filter(([, each]) => each.session.date === session.date)),
      session,
    );
  };

  const stateOf = (session: Session, order: WorkingOrder): VenueOrderState | null =>
    paperOrderState(order, session, market);

  return {
    answersWithinMs: ({ venue }) => {
      // A bar answers when it is completed, and a closed exchange has no quote to answer at.
      const isQuoted = venue.bars === undefined && market.session(market.now()).state === 'open';
      return isQuoted ? answersWithinMs + 2 * venue.latencyMs : null;
    },
    submit: async () => undefined,
    replace: async () => undefined,
    cancel: async () => undefined,
    query: async (session, orderId) => {
      const order = session.working.get(orderId);
      return order === undefined ? null : stateOf(session, order);
    },
    massStatus: async (session) =>
      workingInTurn(session).flatMap((order) => stateOf(session, order) ?? []),
    collect: async (session, { closing }) => {
      const isOnBars = session.venue.bars !== undefined;
      // A quote is of its moment: at the close there is nothing to make good.
      const reports = isOnBars
        ? await onBars(session, closing)
        : closing
          ? []
          : await onQuotes(session);
      return { reports, taken: () => undefined };
    },
  };
};

/**
 * Where an order stands at the paper venue, for whoever asks by its id; null when it never arrived. Of
 * the orders that it did not answer half have; one of a day that is over has ended with it.
 */
export const paperOrderState = (
  order: WorkingOrder,
  session: Session,
  market: Pick<MarketData, 'session'>,
): VenueOrderState | null => {
  const { orderId, fills, intent, submittedAt } = order;
  const isLost = faultsOf(order, session.venue)?.timesOut === true;
  if (fills === 0 && isLost && !hasArrived(order, session.venue)) return null;
  const venueOrderId = paperOrderId(orderId);
  const { date, closesAt } = market.session(submittedAt);
  if (intent.timeInForce === 'gtc' || date >= session.date)
    return {
      orderId,
      venueOrderId,
      ordStatus: fills > 0 ? 'partially_filled' : 'new',
      reports: [],
    };
  const at = closesAt ?? submittedAt;
  return {
    orderId,
    venueOrderId,
    ordStatus: 'expired',
    reports: [{ orderId, venueOrderId, execType: 'expired', at }],
  };
};
