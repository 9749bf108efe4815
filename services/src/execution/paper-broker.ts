import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  type EventMetadata,
  type OrderId,
  type Quantity,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { MarketData, Quote, Ticker } from '@sentinel/contracts/market';
import type { Side } from '@sentinel/contracts/risk';
import { ifAvailable } from '../market/index.ts';
import { barCommands } from './bar-commands.ts';
import { quotesOf } from './quotes-of.ts';
import { reconcileSession } from './reconciliation.ts';
import { type Reported, type Session, type SessionState, workingInTurn } from './session/index.ts';
import type { Sessions } from './sessions.ts';
import { dueAt, type VenueReport, venueReports } from './venue/index.ts';

/** Orders judged in one append at the most: their events must fit into it. */
const ordersPerLook = 100;

/** Takes working orders to the paper venue and writes down what it says of them. */
export type PaperBroker = {
  /**
   * Looks once at every working order of a session that has reached the venue: against the market's
   * current quotes, or against every bar completed since, as the venue's terms say. Answers how many
   * orders still work.
   */
  readonly look: (stream: StreamName) => Promise<number>;
  /**
   * Takes a session that is about to close to the bars that were completed in it: its last one is, at
   * the very moment at which it closes. On quotes there is nothing to make good.
   */
  readonly lastLook: (stream: StreamName) => Promise<void>;
};

export const paperBroker = (options: {
  readonly sessions: Sessions;
  readonly market: MarketData;
  readonly metadata: () => EventMetadata;
}): PaperBroker => {
  const { sessions, market, metadata } = options;
  /** A quote fills an order once: when each order was last looked at. */
  const lastLooks = new Map<OrderId, Temporal.Instant>();

  const bars = barCommands(market);

  /** After a restart the last execution stands for the last look. */
  const lastLookOf = (session: Session, { orderId, fills }: WorkingOrder) =>
    lastLooks.get(orderId) ?? (fills > 0 ? session.orders.get(orderId)?.updatedAt : undefined);

  const lookAt = (session: Session, order: WorkingOrder, quote: Quote): Reported => {
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

  const looksAt = async (state: SessionState): Promise<readonly Reported[]> => {
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
    const looks: Reported[] = [];
    for (const order of orders) {
      const quote = quotes.get(order.intent.symbol);
      if (quote === undefined) continue;
      const { reports } = lookAt(state, order, taken.left(quote));
      taken.take(order, reports);
      looks.push({ orderId: order.orderId, reports, quote });
    }
    return looks;
  };

  const meetQuotes = async (stream: StreamName): Promise<SessionState | undefined> => {
    const looks = await looksAt((await sessions.load(stream)).state);
    const outcome = await sessions.execute(stream, { type: 'ReportVenue', looks }, metadata());
    if (!outcome.ok) return undefined;
    for (const { orderId, quote } of looks)
      if (quote !== undefined) lastLooks.set(orderId, quote.at);
    const { state } = outcome.value;
    const working = state.phase === 'open' ? state.working : undefined;
    for (const orderId of lastLooks.keys())
      if (working?.has(orderId) !== true) lastLooks.delete(orderId);
    return state;
  };

  const meetBars = async (stream: StreamName): Promise<SessionState | undefined> => {
    const { state } = await sessions.load(stream);
    let met: SessionState | undefined = state;
    for (const command of (await ifAvailable(bars.since(state))) ?? []) {
      const outcome = await sessions.execute(stream, command, metadata());
      if (!outcome.ok) return undefined;
      bars.met(command);
      met = outcome.value.state;
    }
    return met;
  };

  return {
    lastLook: async (stream) => {
      const { state } = await sessions.load(stream);
      if (state.phase === 'open' && state.venue.bars !== undefined) await meetBars(stream);
    },
    look: async (stream) => {
      // Orders of unknown outcome are asked for before anything else is made of the market.
      const asked = await reconcileSession({ sessions, at: market.now() }, stream, metadata());
      if (asked?.ok === false) return 0;
      const { state: before } = await sessions.load(stream);
      const onBars = before.phase === 'open' && before.venue.bars !== undefined;
      const state = await (onBars ? meetBars(stream) : meetQuotes(stream));
      return state?.phase === 'open' ? state.working.size : 0;
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
