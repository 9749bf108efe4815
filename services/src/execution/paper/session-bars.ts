import { exchangeMidnight, isBefore, type TradingDate } from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { marketBars } from '../../market/index.ts';
import type { ExchangeBar, Session } from '../session/index.ts';

/** Bars asked for at once: of a session of minutes around the clock, more than three days. */
const mostBars = 5_000;
const dayMs = 86_400_000;

/** No bar of the day before matters: its session had them, or the account was not there yet. */
const beginOf = (from: TradingDate): number => exchangeMidnight(from).epochMilliseconds;

/** From when on bars have something to say to the orders in a symbol, in epoch milliseconds. */
const earliestOf = (session: Session, symbol: Ticker): number =>
  Math.min(
    ...session.working
      .values()
      .filter(({ intent }) => intent.symbol === symbol)
      .map(({ intent, submittedAt, termsAt }) =>
        // The close of a bar that had begun before it is what an order for the closing waits for.
        intent.timeInForce === 'cls'
          ? Number.NEGATIVE_INFINITY
          : (termsAt !== undefined && isBefore(submittedAt, termsAt) ? termsAt : submittedAt)
              .epochMilliseconds,
      ),
  );

/**
 * The completed bars that a session's orders have not met, as far as its events tell and `walked` knows
 * (starts in epoch milliseconds): of dates after the last session's and up to its own, each once, in
 * order. @throws MarketDataUnavailable when the market cannot answer now.
 */
export const sessionBars = async (
  session: Session,
  walked: ReadonlyMap<Ticker, number>,
  market: MarketData,
): Promise<readonly ExchangeBar[]> => {
  const { bars: timeframe } = session.venue;
  if (timeframe === undefined) return [];
  const { date, previousDate } = session;
  const isOfSession = ({ session: { date: of } }: ExchangeBar): boolean =>
    of <= date && (previousDate === null ? of === date : of > previousDate);

  // However late somebody looks, these are the bars of this session and not the newest.
  const asOf = session.endsAt === null ? {} : { asOf: session.endsAt };
  const barsOf = async (symbol: Ticker): Promise<readonly ExchangeBar[]> => {
    const earliest = earliestOf(session, symbol);
    const met = session.barsMet.get(symbol)?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
    const known = Math.max(met, walked.get(symbol) ?? Number.NEGATIVE_INFINITY);
    const bars = await market.bars(symbol, { timeframe, limit: mostBars, ...asOf });
    // A daily bar may be dated by its midnight, and begins with its session.
    const newest = Math.max(earliest, known, beginOf(previousDate ?? date)) - dayMs;
    const from = bars.start.findIndex((start) => start >= newest);
    if (from === -1) return [];
    return marketBars(bars, { from, market })
      .filter(({ start: { epochMilliseconds: start } }) => start >= earliest && start > known)
      .map((bar) => ({ bar, session: market.session(bar.start) }))
      .filter(isOfSession);
  };

  const symbols = [...new Set(session.working.values().map(({ intent }) => intent.symbol))].sort();
  return (await Promise.all(symbols.map(barsOf)))
    .flat()
    .sort(
      ({ bar: a }, { bar: b }) =>
        Temporal.Instant.compare(a.end, b.end) || (a.symbol < b.symbol ? -1 : 1),
    );
};
