import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Price, TradingDate } from '@sentinel/contracts/kernel';
import {
  type CorporateAction,
  type MarketData,
  nyseCalendar,
  type Ticker,
} from '@sentinel/contracts/market';
import { historicalMarketData } from '@sentinel/infra/market-data';

const minuteMs = 60_000;
/** Minutes of a trading day by the calendar of the exchange, all of which the replay's clock passes. */
const dayMinutes = 390;

export type CentBar = {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};
/** A symbol by its sessions, each by its minutes: null for a minute in which nobody traded. */
export type SymbolScript = readonly (readonly (CentBar | null)[])[];

export type Script = {
  readonly symbols: Readonly<Record<string, SymbolScript>>;
  readonly dividends: readonly {
    readonly symbol: string;
    readonly session: number;
    readonly cents: number;
  }[];
  readonly splits: readonly {
    readonly symbol: string;
    readonly session: number;
    readonly newShares: number;
  }[];
  /** Minutes that a session lasts. */
  readonly minutes: number;
};

type Session = { readonly openMs: number; readonly date: TradingDate };

/** Sessions from a Thursday on, over a weekend and the change to summer time. */
export const shortSessions = (count: number): readonly Session[] =>
  Array.from({ length: count }).reduce<readonly (Session & { readonly closeMs: number })[]>(
    (all) => [...all, nyseCalendar().nextSession(all.at(-1)?.closeMs ?? Date.UTC(2026, 2, 5, 5))],
    [],
  );

const csv = (startMs: number, { open, high, low, close, volume }: CentBar): string =>
  [
    new Date(startMs).toISOString().replace('.000', ''),
    ...[open, high, low, close].map((cents) => (cents / 100).toFixed(2)),
    volume,
  ].join(',');

/** A month of quiet sessions, by which ranges and volumes are measured. */
const historyOf = (first: Session): readonly string[] => {
  const quiet = { open: 10_000, high: 10_100, low: 9_900, close: 10_000, volume: 2_000_000 };
  let { openMs } = first;
  return Array.from({ length: 22 }, () => {
    openMs = nyseCalendar().previousSession(openMs).openMs;
    return [csv(openMs, quiet), csv(openMs + minuteMs, quiet)].join('\n');
  }).reverse();
};

const writeFiles = (directory: string, script: Script, sessions: readonly Session[]): void => {
  for (const [symbol, days] of Object.entries(script.symbols)) {
    const rows = days.flatMap((minutes, n) =>
      minutes.flatMap((bar, minute) =>
        bar === null ? [] : [csv((sessions[n]?.openMs ?? 0) + minute * minuteMs, bar)],
      ),
    );
    const header = 'timestamp,open,high,low,close,volume';
    const first = sessions[0] as Session;
    writeFileSync(
      join(directory, `${symbol}.csv`),
      [header, ...historyOf(first), ...rows].join('\n'),
    );
  }
  const paid = script.dividends.map(
    ({ symbol, session, cents }) =>
      `${symbol},${sessions[session]?.date},${(cents / 100).toFixed(2)}`,
  );
  if (paid.length > 0)
    writeFileSync(join(directory, 'dividends.csv'), ['symbol,date,amount', ...paid].join('\n'));
};

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
  const short = (of: MarketData): MarketData => ({
    ...of,
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
    corporateActions: async (date) => {
      const paid = (await corporateActions(date)).map((each) => {
        const opens = sessions.find((session) => session.date === date)?.openMs ?? 0;
        const shares = sharesSince(each.symbol, Temporal.Instant.fromEpochMilliseconds(opens));
        const dividend = each.dividend && ((each.dividend * shares) as Price);
        return { ...each, dividend };
      });
      const split = script.splits
        .filter(({ session }) => sessions[session]?.date === date)
        .map(
          ({ symbol, newShares }): CorporateAction => ({
            ...{ symbol: symbol as Ticker, exDate: date, dividend: null },
            split: { newShares, oldShares: 1 },
          }),
        );
      return [...split, ...paid];
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
