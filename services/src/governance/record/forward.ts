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
import type { SessionRecord, SessionRecords } from './session-record.ts';
import { type AccountRecord, accountRecord, rOf, type Trade } from './trades.ts';

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

/** Mean share of their quantity that a strategy's own orders were filled before they ended. */
const fillRateOf = (records: readonly AccountRecord[], strategyId: string): number | null => {
  const ended = records
    .flatMap(({ orders }) => [...orders.values()])
    .filter((order) => order.strategyId === strategyId && order.hasEnded && !order.isExit);
  return meanOrNull(
    ended.map(({ filled, ordered }) =>
      Math.min(1, quantity.toFloat(filled) / quantity.toFloat(ordered)),
    ),
  );
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
const equityByDate = (records: readonly AccountRecord[]): ReadonlyMap<TradingDate, number> => {
  const sums = new Map<TradingDate, number>();
  for (const { days } of records)
    for (const { date, equity } of days) sums.set(date, (sums.get(date) ?? 0) + dollars(equity));
  return sums;
};

const recordsOf = (sessions: readonly SessionRecord[]): readonly AccountRecord[] =>
  [...new Set(sessions.map(({ account }) => account))].map((account) =>
    accountRecord(
      account,
      sessions.filter((session) => session.account === account),
    ),
  );

/** The closed trades of a strategy that began in the window, in the order in which they were closed. */
const tradesIn = (
  records: readonly AccountRecord[],
  { strategyId }: Window,
  from: Temporal.Instant,
) =>
  records
    .flatMap(({ trades }) => trades)
    .filter((trade) => trade.strategyId === strategyId && !isBefore(trade.openedAt, from))
    .sort((a, b) => Temporal.Instant.compare(a.closedAt, b.closedAt));

const dayHours = 24;

/** Reads what a strategy did in sessions, and measures it. */
export type ForwardEvidence = {
  readonly measure: (window: Window) => Promise<ForwardRecord>;
  /** Its closed trades in the window, oldest first, and up to where the log was read. */
  readonly trades: (
    window: Window,
  ) => Promise<{ readonly trades: readonly Trade[]; readonly asOf: LogPosition }>;
};

export const forwardEvidence = (options: {
  readonly records: SessionRecords;
  readonly digest: Digest;
}): ForwardEvidence => {
  const { records: log, digest } = options;

  const look = async (window: Window) => {
    const { since, now, windowDays } = window;
    const earliest = now.subtract({ hours: windowDays * dayHours });
    const from = isBefore(since, earliest) ? earliest : since;
    const { sessions, asOf } = await log.since(exchangeDate(from));
    const records = recordsOf(sessions);
    return { from, asOf, records, trades: tradesIn(records, window, from) };
  };

  return {
    trades: async (window) => {
      const { trades, asOf } = await look(window);
      return { trades, asOf };
    },
    measure: async (window) => {
      const { strategyId, since, now } = window;
      const { from, asOf, records, trades } = await look(window);
      const equities = equityByDate(records);
      const dates = [...equities.keys()].sort();
      const realised = records
        .flatMap((record) => record.realised)
        .filter((each) => each.strategyId === strategyId);
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
        trades: summaryOfTrades(trades, fillRateOf(records, strategyId)),
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
