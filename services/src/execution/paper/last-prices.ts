import type { LastTrade, VenueReport, WorkingOrder } from '@sentinel/contracts/execution';
import { isWorking } from '@sentinel/contracts/execution';
import { type Digest, isBefore, quantity } from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { sessionHours } from '../../market/index.ts';
import {
  mostReports,
  type Session,
  takeReports,
  withinMeans,
  workingInTurn,
} from '../session/index.ts';
import {
  dueAt,
  isWaiting,
  isWithinLimit,
  lifeOf,
  type PaperReport,
  reportsOf,
} from '../venue/index.ts';

const canWait: ReadonlySet<string> = new Set(['day', 'gtc', 'cls']);

/** Whether the order wants out of something that is held, and does not wait for a stop. */
const getsOut = (order: WorkingOrder, { positions }: Session): boolean => {
  const { side, symbol, timeInForce } = order.intent;
  const held = positions.get(symbol)?.quantity ?? quantity.zero;
  const closes = side === 'sell' ? held > 0n : side === 'buy' && held < 0n;
  return closes && canWait.has(timeInForce) && !isWaiting(order);
};

/** What nobody trades: the last trade of each symbol that has ended, or had no print in the whole session. */
const untraded = async (
  symbols: readonly Ticker[],
  then: MarketData,
  { opensAt, isWhole }: { readonly opensAt: Temporal.Instant; readonly isWhole: boolean },
): Promise<ReadonlyMap<Ticker, LastTrade>> => {
  const found = await Promise.all(
    symbols.map(async (symbol) => {
      const [quote, trade, ended] = await Promise.all([
        then.quote(symbol),
        then.lastTrade(symbol),
        then.hasEnded?.(symbol) ?? false,
      ]);
      if (trade === undefined || (quote !== undefined && !isBefore(quote.at, opensAt))) return [];
      const isSilent = ended || (isWhole && isBefore(trade.at, opensAt));
      return isSilent ? [[symbol, { price: trade.price, at: trade.at }] as const] : [];
    }),
  );
  return new Map(found.flat());
};

/** What becomes of the order in the last moment of its session; it is never more than what is held. */
const lastOf = (
  order: WorkingOrder,
  { price, at }: { readonly price: LastTrade['price']; readonly at: Temporal.Instant },
  { session, market }: { readonly session: Session; readonly market: MarketData },
): readonly PaperReport[] => {
  const due = dueAt(order, session.venue);
  if (!isWorking(order.status) || order.status === 'unknown' || isBefore(at, due)) return [];
  const moment = { order, at, due, session: market.session(at), terms: session.venue };
  const { reports, lives } = lifeOf({ ...moment, tradingDate: session.date });
  if (!lives || !getsOut(order, session) || !isWithinLimit(order, price)) return reports;
  const held = quantity.absolute(
    session.positions.get(order.intent.symbol)?.quantity ?? quantity.zero,
  );
  const shares = quantity.min(order.leavesQuantity, held);
  if (shares <= 0n) return reports;
  const fill = { type: 'fill', execution: order.fills + 1, quantity: shares, price, at } as const;
  return [...reports, ...withinMeans([fill], order, session)];
};

/**
 * What the paper venue says at the end of a session to orders that get out of what nobody trades: it takes
 * them at the last price, and says so. That is when the market says that the symbol has traded for the
 * last time, or has not seen it trade in the whole of the session; never when a print is merely late. A
 * market that cannot look back says nothing.
 */
export const atLastPrices = async (
  session: Session,
  market: MarketData,
  digest: Digest,
): Promise<readonly VenueReport[]> => {
  const hours = sessionHours(market, session.date);
  const symbols = [
    ...new Set(
      session.working
        .values()
        .filter((order) => getsOut(order, session))
        .map(({ intent }) => intent.symbol),
    ),
  ];
  if (hours === undefined || symbols.length === 0) return [];
  const { opensAt, endsAt } = hours;
  const isWhole = market.endsAt === undefined || !isBefore(market.endsAt, endsAt);
  const at = (isWhole ? endsAt : (market.endsAt ?? endsAt)).subtract({ milliseconds: 1 });
  const then = market.freeze(at);
  if (!then.now().equals(at)) return [];
  const trades = await untraded(symbols, then, { opensAt, isWhole });
  const said: VenueReport[] = [];
  let now = session;
  for (const { orderId, intent } of workingInTurn(session)) {
    const lastTrade = trades.get(intent.symbol);
    const order = now.working.get(orderId);
    if (lastTrade === undefined || order === undefined || said.length >= mostReports) continue;
    const reports = lastOf(order, { price: lastTrade.price, at }, { session: now, market });
    if (reports.length === 0) continue;
    const heard = reportsOf(orderId, reports, { lastTrade });
    const taken = takeReports(heard, now, digest);
    if (taken.events.length === 0) continue;
    said.push(...heard);
    now = taken.session;
  }
  return said;
};
