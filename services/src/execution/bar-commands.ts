import type { MarketBar, MarketData, Ticker } from '@sentinel/contracts/market';
import { marketBars } from '../market/index.ts';
import type { MeetBar, Session, SessionState } from './session/index.ts';

/** Bars asked for at once: a look that comes later than that many is made good by the next ones. */
const mostBars = 5_000;
const dayMs = 86_400_000;

/** Turns the bars that were completed since the last look into commands, each bar once, in order. */
export const barCommands = (market: MarketData) => {
  /** Start of the last bar that each symbol's orders have met, by this process. */
  const lastMet = new Map<Ticker, number>();

  const barsOf = async (session: Session, symbol: Ticker): Promise<readonly MarketBar[]> => {
    const timeframe = session.venue.bars;
    if (timeframe === undefined) return [];
    const earliest = Math.min(
      ...session.working
        .values()
        .filter(({ intent }) => intent.symbol === symbol)
        .map(({ submittedAt }) => submittedAt.epochMilliseconds),
    );
    const known = lastMet.get(symbol) ?? Number.NEGATIVE_INFINITY;
    const bars = await market.bars(symbol, { timeframe, limit: mostBars });
    // A daily bar may be dated by its midnight, and begins with its session.
    const newest = Math.max(earliest, known) - dayMs;
    const from = bars.start.findIndex((start) => start >= newest);
    if (from === -1) return [];
    return marketBars(bars, { from, market }).filter(
      ({ start: { epochMilliseconds: start } }) => start >= earliest && start > known,
    );
  };

  return {
    /** Throws MarketDataUnavailable when the market cannot answer now. */
    since: async (state: SessionState): Promise<readonly MeetBar[]> => {
      if (state.phase !== 'open') return [];
      const symbols = [
        ...new Set(state.working.values().map(({ intent }) => intent.symbol)),
      ].sort();
      const bars = (await Promise.all(symbols.map((symbol) => barsOf(state, symbol)))).flat();
      return bars
        .sort((a, b) => Temporal.Instant.compare(a.end, b.end) || (a.symbol < b.symbol ? -1 : 1))
        .map((bar) => ({ type: 'MeetBar', bar, session: market.session(bar.start) }));
    },
    met: ({ bar }: MeetBar): void => void lastMet.set(bar.symbol, bar.start.epochMilliseconds),
  };
};
