import type { ForwardRecord, TradeSummary } from '@sentinel/contracts/governance';
import {
  canonicalJson,
  type Digest,
  exchangeDate,
  isBefore,
  type LogPosition,
  type Money,
  money,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { maxDrawdownOf, momentsOf, summaryOfReturns } from '../statistics/summaries.ts';
import type { AccountRecords } from './account-records.ts';
import type { Piece } from './ledger.ts';
import { rOf, type Trade } from './trades.ts';

const meanOrNull = (values: readonly number[]): number | null =>
  values.length === 0 ? null : momentsOf(values).mean;

const dollars = (value: Money): number => Number(value) / 1e6;

/** What trades come to; the fill rate is told by the orders and comes in. */
export const summaryOfTrades = (
  trades: readonly Pick<Trade, 'pnl' | 'risk' | 'slippageBps' | 'equity'>[],
  fillRate: number | null,
): TradeSummary => {
  const rs = trades.flatMap((trade) => rOf(trade) ?? []);
  const sumOf = (wanted: (pnl: Money) => boolean) =>
    money.absolute(money.add(...trades.flatMap(({ pnl }) => (wanted(pnl) ? [pnl] : []))));
  const losses = trades.map(({ pnl, equity }) =>
    pnl < 0n && equity > 0n ? dollars(money.negate(pnl)) / dollars(equity) : 0,
  );
  return {
    count: trades.length,
    wins: trades.filter(({ pnl }) => pnl > 0n).length,
    grossProfit: sumOf((pnl) => pnl > 0n),
    grossLoss: sumOf((pnl) => pnl < 0n),
    rCount: rs.length,
    meanR: meanOrNull(rs),
    stdevR: rs.length < 2 ? null : momentsOf(rs).stdev,
    worstLoss: Math.max(0, ...losses),
    slippageBps: meanOrNull(trades.flatMap(({ slippageBps }) => slippageBps ?? [])),
    fillRate,
  };
};

const tradeText = (trade: Trade) => ({
  account: trade.account,
  symbol: trade.symbol,
  side: trade.side,
  openedAt: `${trade.openedAt}`,
  closedAt: `${trade.closedAt}`,
  shares: quantity.format(trade.shares),
  pnl: money.format(trade.pnl),
  risk: trade.risk === null ? null : money.format(trade.risk),
});

export type Window = {
  readonly strategyId: string;
  /** When it came into its state: what began before is not of it. */
  readonly since: Temporal.Instant;
  readonly now: Temporal.Instant;
  /** Only the last so many calendar days count. */
  readonly windowDays: number;
};

/** Sums of the equity of all accounts by date. */
const equityByDate = (pieces: readonly Piece[]): ReadonlyMap<TradingDate, number> => {
  const sums = new Map<TradingDate, number>();
  for (const { date, equity } of pieces.flatMap(({ days }) => days))
    sums.set(date, (sums.get(date) ?? 0) + dollars(equity));
  return sums;
};

const dayHours = 24;

/** Reads what a strategy did in sessions, and measures it. */
export type ForwardEvidence = {
  readonly measure: (window: Window) => Promise<ForwardRecord>;
  /** Its last closed trades in the window, at the most so many, oldest first, and up to where the log was read. */
  readonly lastTrades: (
    window: Window,
    most: number,
  ) => Promise<{ readonly trades: readonly Trade[]; readonly asOf: LogPosition }>;
};

const fromOf = ({ since, now, windowDays }: Window): Temporal.Instant => {
  const earliest = now.subtract({ hours: windowDays * dayHours });
  return isBefore(since, earliest) ? earliest : since;
};

/** The closed trades of a strategy that began in the window, in the order in which they were closed. */
const tradesIn = (pieces: readonly Piece[], window: Window): readonly Trade[] =>
  pieces
    .flatMap(({ trades }) => trades)
    .filter(
      ({ strategyId, openedAt }) =>
        strategyId === window.strategyId && !isBefore(openedAt, fromOf(window)),
    )
    .sort((a, b) => Temporal.Instant.compare(a.closedAt, b.closedAt));

export const forwardEvidence = (options: {
  readonly records: Pick<AccountRecords, 'since'>;
  readonly digest: Digest;
}): ForwardEvidence => {
  const { records: log, digest } = options;

  return {
    lastTrades: async (window, most) => {
      const { pieces, asOf } = await log.since(exchangeDate(fromOf(window)));
      return { trades: tradesIn(pieces, window).slice(-most), asOf };
    },
    measure: async (window) => {
      const { strategyId, since, now } = window;
      const from = fromOf(window);
      const first = exchangeDate(from);
      const { pieces, asOf } = await log.since(first);
      const trades = tradesIn(pieces, window);
      const own = <Of extends { readonly strategyId: string; readonly date: TradingDate }>(
        all: readonly Of[],
      ) => all.filter((each) => each.strategyId === strategyId && each.date >= first);
      const ended = own(pieces.flatMap((piece) => piece.ended));
      const equities = equityByDate(pieces);
      const dates = [...equities.keys()].filter((date) => date >= first).sort();
      const realised = own(pieces.flatMap((piece) => piece.realised)).filter(
        ({ openedOn }) => openedOn >= first,
      );
      const byDay = dates.map((date) =>
        realised.reduce((sum, each) => (each.date === date ? sum + dollars(each.pnl) : sum), 0),
      );
      const returns = dates.map((date, n) => {
        const equity = equities.get(date) ?? 0;
        return equity > 0 ? (byDay[n] ?? 0) / equity : 0;
      });
      const start = equities.get(dates[0] as TradingDate) ?? 0;
      return {
        from: exchangeDate(from),
        to: exchangeDate(now),
        trades: summaryOfTrades(trades, meanOrNull(ended.map(({ filled }) => filled))),
        returns: summaryOfReturns(returns),
        maxDrawdown: maxDrawdownOf(
          start,
          trades.map(({ pnl }) => dollars(pnl)),
        ),
        sessions: new Set(trades.map(({ account, closedOn }) => `${account} ${closedOn}`)).size,
        calendarDays: Math.max(
          0,
          Math.floor(since.until(now, { largestUnit: 'hours' }).total('hours') / dayHours),
        ),
        digest: digest(canonicalJson(trades.map(tradeText))),
        asOf: `${asOf}`,
      };
    },
  };
};
