import type {
  Venue,
  VenueNews,
  VenueOrderState,
  WorkingOrder,
} from '@sentinel/contracts/execution';
import type { Digest } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { ifAvailable } from '../../market/index.ts';
import {
  meetAnswers,
  type Session,
  startWalk,
  type Walk,
  walkBars,
  workingInTurn,
} from '../session/index.ts';
import { faultsOf, hasArrived, paperOrderId } from '../venue/index.ts';
import { atLastPrices } from './last-prices.ts';
import { sessionBars } from './session-bars.ts';
import { quoteWalk } from './session-quotes.ts';

/** Market time that the venue may take for an answer, beside twice the latency. */
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
  const onQuotes = quoteWalk(market, digest);

  const onBars = async (session: Session, closing: boolean): Promise<VenueNews['reports']> => {
    const from = walks.get(session) ?? startWalk(session);
    const bars = await sessionBars(session, from.until, market);
    const { reports, walk } = walkBars(from, bars, { digest, closing });
    if (reports.length === 0) walks.set(session, walk);
    return reports;
  };

  const stateOf = (session: Session, order: WorkingOrder): VenueOrderState | null =>
    paperOrderState(order, session, market);

  return {
    answersWithinMs: ({ venue }) => answersWithinMs + 2 * venue.latencyMs,
    submit: async () => undefined,
    replace: async () => undefined,
    cancel: async () => undefined,
    query: async (session, orderId) => {
      const order = session.working.get(orderId);
      return order === undefined ? null : stateOf(session, order);
    },
    massStatus: async (session) =>
      workingInTurn(session).flatMap((order) => stateOf(session, order) ?? []),
    collect: async (session, { at, closing }) => {
      const answers = session.venue.bars === undefined ? [] : meetAnswers(session, at, market);
      if (answers.length > 0) return { reports: answers, taken: () => undefined };
      const heard =
        session.venue.bars === undefined ? onQuotes(session, at) : onBars(session, closing);
      // What cannot be had now is heard the next time; after the closing there is none.
      if (!closing) return { reports: (await ifAvailable(heard)) ?? [], taken: () => undefined };
      const last = await heard;
      const reports = last.length > 0 ? last : await atLastPrices(session, market, digest);
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
  const { date } = market.session(submittedAt);
  const isForToday = intent.timeInForce === 'opg' && date === session.previousDate;
  if (intent.timeInForce === 'gtc' || isForToday || date >= session.date)
    return {
      orderId,
      venueOrderId,
      ordStatus: fills > 0 ? 'partially_filled' : 'new',
      reports: [],
    };
  // It ended with its day; here it is told, and no session holds what is older than itself.
  const at = session.lastAt;
  return {
    orderId,
    venueOrderId,
    ordStatus: 'expired',
    reports: [{ orderId, venueOrderId, execType: 'expired', at }],
  };
};
