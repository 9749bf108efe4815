import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  type EventMetadata,
  type OrderId,
  type Quantity,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import {
  type MarketData,
  MarketDataUnavailable,
  type Quote,
  type Ticker,
} from '@sentinel/contracts/market';
import type { Side } from '@sentinel/contracts/risk';
import { dueAt, type VenueReport, venueReports } from './paper-venue.ts';
import {
  type Look,
  type Session,
  type SessionCommand,
  type SessionState,
  workingInTurn,
} from './session/index.ts';
import type { Sessions } from './sessions.ts';

/** Orders judged in one append at the most: their events must fit into it. */
const ordersPerLook = 100;

/** Takes working orders to the paper venue and writes down what it says of them. */
export type PaperBroker = {
  /**
   * Looks once at every working order of a session that has reached the venue, against the market's
   * current quotes. Answers how many orders still work.
   */
  readonly look: (stream: StreamName) => Promise<number>;
};

export const paperBroker = (options: {
  readonly sessions: Sessions;
  readonly market: MarketData;
  readonly metadata: () => EventMetadata;
}): PaperBroker => {
  const { sessions, market, metadata } = options;
  /** A quote fills an order once: when each order was last looked at. */
  const lastLooks = new Map<OrderId, Temporal.Instant>();

  /** After a restart the last execution stands for the last look. */
  const lastLookOf = (session: Session, { orderId, fills }: WorkingOrder) =>
    lastLooks.get(orderId) ?? (fills > 0 ? session.orders.get(orderId)?.updatedAt : undefined);

  const lookAt = (session: Session, order: WorkingOrder, quote: Quote): Look => {
    const reports = venueReports({
      order,
      quote,
      session: market.session(quote.at),
      terms: session.venue,
      tradingDate: session.date,
      lastLookAt: lastLookOf(session, order),
    });
    return { orderId: order.orderId, reports, quote };
  };

  const looksAt = async (state: SessionState): Promise<readonly Look[]> => {
    if (state.phase !== 'open') return [];
    // Those that waited longest come first, so that a crowd of resting orders starves none.
    const waitedSince = ({ orderId }: WorkingOrder) =>
      lastLooks.get(orderId)?.epochMilliseconds ?? 0;
    const now = market.now();
    const hasArrived = (order: WorkingOrder) =>
      Temporal.Instant.compare(dueAt(order, state.venue), now) <= 0;
    const orders = workingInTurn(state)
      .filter((order) => order.status !== 'unknown' && hasArrived(order))
      .sort((a, b) => waitedSince(a) - waitedSince(b))
      .slice(0, ordersPerLook);
    const quotes = await quotesOf(market, [...new Set(orders.map((order) => order.intent.symbol))]);
    const taken = takenSizes();
    const looks: Look[] = [];
    for (const order of orders) {
      const quote = quotes.get(order.intent.symbol);
      if (quote === undefined) continue;
      const { reports } = lookAt(state, order, taken.left(quote));
      taken.take(order, reports);
      looks.push({ orderId: order.orderId, reports, quote });
    }
    return looks;
  };

  return {
    look: async (stream) => {
      let looks: readonly Look[] = [];
      const command = async (state: SessionState): Promise<SessionCommand> => {
        looks = await looksAt(state);
        return { type: 'ReportVenue', looks };
      };
      const outcome = await sessions.execute(stream, command, metadata());
      if (!outcome.ok) return 0;
      for (const { orderId, quote } of looks) lastLooks.set(orderId, quote.at);
      const { state } = outcome.value;
      if (state.phase !== 'open') {
        lastLooks.clear();
        return 0;
      }
      for (const orderId of lastLooks.keys())
        if (!state.working.has(orderId)) lastLooks.delete(orderId);
      return state.working.size;
    },
  };
};

/** What is left of the displayed sizes: two orders at one quote cannot both take the same shares. */
const takenSizes = () => {
  const taken = new Map<string, Quantity>();
  const keyOf = (symbol: Ticker, side: Side) => `${symbol} ${side}`;
  const leftOf = (displayed: Quantity, key: string): Quantity => {
    const left = quantity.subtract(displayed, taken.get(key) ?? quantity.zero);
    return left > 0n ? left : quantity.zero;
  };
  return {
    left: (quote: Quote): Quote => ({
      ...quote,
      askSize: leftOf(quote.askSize, keyOf(quote.symbol, 'buy')),
      bidSize: leftOf(quote.bidSize, keyOf(quote.symbol, 'sell')),
    }),
    take: ({ intent }: WorkingOrder, reports: readonly VenueReport[]): void => {
      const key = keyOf(intent.symbol, intent.side);
      for (const report of reports) {
        if (report.type !== 'fill') continue;
        taken.set(key, quantity.add(taken.get(key) ?? quantity.zero, report.quantity));
      }
    },
  };
};

/** Quotes by symbol; a symbol without one is left out, and its orders wait. */
const quotesOf = async (
  market: MarketData,
  symbols: readonly Ticker[],
): Promise<ReadonlyMap<Ticker, Quote>> => {
  const quotes = new Map<Ticker, Quote>();
  for (const symbol of symbols) {
    try {
      const quote = await market.quote(symbol);
      if (quote !== undefined) quotes.set(symbol, quote);
    } catch (error) {
      // No quote now is no fill now: the order goes on working and is looked at again.
      if (!(error instanceof MarketDataUnavailable)) throw error;
    }
  }
  return quotes;
};
