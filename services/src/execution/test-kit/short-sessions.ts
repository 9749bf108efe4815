import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { divide, type Price } from '@sentinel/contracts/kernel';
import type { CorporateAction, MarketData, Ticker } from '@sentinel/contracts/market';
import { historicalMarketData } from '@sentinel/infra/market-data';
import {
  minuteMs,
  type Script,
  type Session,
  shortSessions,
  writeFiles,
} from './session-script.ts';

/** Minutes of a trading day by the calendar of the exchange, all of which the replay's clock passes. */
const dayMinutes = 390;

/**
 * The same market with sessions that end some minutes after their opening, so that many of them can be
 * walked second by second, and with splits: until one, prices are in the shares of before.
 */
const shortened = (
  market: MarketData,
  script: Script,
  sessions: readonly Session[],
): MarketData => {
  /** New shares that stand for one of `at`, today. */
  const sharesSince = (symbol: Ticker, at: Temporal.Instant): bigint =>
    script.splits
      .filter((each) => each.symbol === symbol)
      .filter(({ session }) => at.epochMilliseconds < endOf(sessions[session - 1]))
      .reduce((shares, { newShares }) => shares * BigInt(newShares), 1n);
  const endOf = (session: Session | undefined): number =>
    session === undefined ? 0 : session.openMs + script.minutes * minuteMs + 1;
  const { corporateActions = async () => [] } = market;
  const short = ({ staysUntil, ...of }: MarketData): MarketData => ({
    ...of,
    ...(staysUntil !== undefined && {
      staysUntil: (symbol, { over, under, until }) => {
        const shares = sharesSince(symbol, of.now());
        const [least, most] = [divide(over, shares, 'up'), divide(under, shares, 'down')];
        return staysUntil(symbol, { over: least, under: most, until });
      },
    }),
    freeze: (at) => short(of.freeze(at)),
    session: (at) => {
      const around = of.session(at);
      const { opensAt, closesAt } = around;
      if (opensAt === null || closesAt === null) return around;
      const closes = opensAt.add({ minutes: script.minutes });
      if (Temporal.Instant.compare(at, closes) < 0) return { ...around, closesAt: closes };
      const next = of.session(closesAt);
      const nextCloses = next.opensAt?.add({ minutes: script.minutes }) ?? null;
      return { ...next, closesAt: nextCloses, state: 'closed' };
    },
    quote: async (symbol) => {
      const quote = await of.quote(symbol);
      if (quote === undefined || short(of).session(of.now()).state === 'closed') return undefined;
      const shares = sharesSince(symbol, of.now());
      const [bid, ask, last] = [quote.bid, quote.ask, quote.last].map(
        (each) => (each * shares) as Price,
      );
      return { ...quote, ...{ bid, ask, last } } as typeof quote;
    },
    lastTrade: async (symbol) => {
      const trade = await of.lastTrade(symbol);
      return trade && { ...trade, price: (trade.price * sharesSince(symbol, of.now())) as Price };
    },
    bars: async (symbol, request) => {
      const bars = await of.bars(symbol, request);
      // Ranges of days are told as they are; only the prices at which orders trade must be in today's shares.
      const scaled = (column: Float64Array) =>
        column.map((each, n) => {
          const start = Temporal.Instant.fromEpochMilliseconds(bars.start[n] ?? 0);
          return (Math.round(each * 100) * Number(sharesSince(symbol, start))) / 100;
        });
      const { open, high, low, close } = bars;
      return {
        ...bars,
        ...{ open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) },
      };
    },
    corporateActions: async (wanted) => {
      const { from, to } = wanted;
      const paid = (await corporateActions(wanted)).map((each) => {
        const opens = sessions.find(({ date }) => date === each.exDate)?.openMs ?? 0;
        const shares = sharesSince(each.symbol, Temporal.Instant.fromEpochMilliseconds(opens));
        const dividend = each.dividend && ((each.dividend * shares) as Price);
        return { ...each, dividend };
      });
      const split = script.splits.flatMap(({ symbol, newShares, session }): CorporateAction[] => {
        const exDate = sessions[session]?.date;
        if (exDate === undefined || exDate < from || exDate > to) return [];
        const about = { symbol: symbol as Ticker, exDate, dividend: null };
        return [{ ...about, split: { newShares, oldShares: 1 } }];
      });
      return [...split, ...paid].sort(
        (a, b) => Number(a.exDate > b.exDate) - Number(a.exDate < b.exDate),
      );
    },
  });
  return short(market);
};

/** A replay of short sessions whose clock stands at the seconds of trading that it is told. */
export const withShortSessions = async <Value>(
  script: Script,
  work: (market: MarketData, goTo: (second: number) => void) => Promise<Value>,
): Promise<Value> => {
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-short-'));
  try {
    const count = Math.max(...Object.values(script.symbols).map(({ length }) => length));
    const sessions = shortSessions(count);
    writeFiles(directory, script, sessions);
    let ms = 0;
    const market = await historicalMarketData({
      ...{ directory, speed: 1, monotonicMs: () => ms },
      start: Temporal.Instant.fromEpochMilliseconds(sessions[0]?.openMs ?? 0),
    });
    return await work(shortened(market, script, sessions), (second) => {
      const [day, rest] = [
        Math.floor(second / (script.minutes * 60)),
        second % (script.minutes * 60),
      ];
      ms = day * dayMinutes * minuteMs + Math.round(rest * 1_000);
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
