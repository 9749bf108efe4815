import type { Handlers, OutputOf } from '@sentinel/contracts';
import {
  type AsOf,
  accepted,
  divide,
  type LogPosition,
  type Money,
  millisecondsBetween,
  money,
  type Outcome,
  type ReadStore,
  refused,
} from '@sentinel/contracts/kernel';
import { type MarketSource, tradingMode } from '@sentinel/contracts/market';
import {
  dailySharpe,
  performanceOf,
  type TradeOutcome,
  worstDrawdown,
} from '@sentinel/contracts/portfolio';
import { answering, readPage } from '../kernel/index.ts';
import { unknownStrategy } from '../strategy/index.ts';
import { type DailyBooks, readDays } from './daily-books.ts';
import {
  chosenTrades,
  closedTrades,
  closedTradeView,
  dayAfter,
  paperAccount,
  slippageBps,
  type TradeChoice,
} from './history.ts';
import { netPnl, type Trade } from './trades/index.ts';

const tradesPerPage = 500;
/** Statistics are of this many trades at the most: more is asked for in parts. */
const mostTrades = 20_000;

const readTrades = async (
  readStore: ReadStore,
  choice: TradeChoice,
): Promise<AsOf<Outcome<readonly Trade[]>>> => {
  const trades: Trade[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await readPage(readStore, closedTrades, {
      ...chosenTrades(choice),
      limit: tradesPerPage,
      ...(cursor !== undefined && { cursor }),
    });
    trades.push(...page.rows);
    const { nextCursor, logPosition } = page;
    if (trades.length > mostTrades) return { value: tooMany(trades), logPosition };
    if (nextCursor === null) return { value: accepted(trades), logPosition };
    cursor = nextCursor;
  }
};

const tooMany = (trades: readonly Trade[]) =>
  refused(
    'TOO_MANY_TRADES',
    `More than ${mostTrades} trades closed in this period.`,
    `Ask for a shorter one: they are that many by ${trades.at(-1)?.closedOn ?? 'then'}.`,
  );

const outcomeOf = (trade: Trade): TradeOutcome => ({
  net: netPnl(trade),
  risk: trade.risk,
  closedAt: trade.closedAt ?? trade.openedAt,
});

const centsOf = (value: Money): Money => (divide(value, 10_000n, 'half-even') * 10_000n) as Money;
const shareOut = (total: Money, count: number): Money | null =>
  count === 0 ? null : centsOf(divide(total, BigInt(count), 'half-even') as Money);

const rounded = (value: number | null, digits: number): number | null =>
  value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits;

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** What each closed session brought: to the account, or to one strategy by the trades that it closed. */
const daysOf = (days: readonly DailyBooks[], trades: readonly Trade[], choice: TradeChoice) => {
  const closed = days.filter(({ closingEquity }) => closingEquity !== null);
  if (choice.strategy === undefined && choice.symbol === undefined)
    return closed.map(({ openingEquity, closingEquity }) => ({
      start: openingEquity,
      pnl: money.subtract(closingEquity ?? openingEquity, openingEquity),
    }));
  const byDay = Map.groupBy(trades, ({ closedOn }) => closedOn);
  return closed.map(({ date, openingEquity }) => ({
    start: openingEquity,
    pnl: money.add(...(byDay.get(date) ?? []).map(netPnl)),
  }));
};

type Statistics = Omit<OutputOf<'GetStatistics'>, 'mode' | 'as_of_position'>;

export const statisticsOf = (
  trades: readonly Trade[],
  days: readonly DailyBooks[],
  choice: TradeChoice,
): Statistics => {
  const outcomes = trades.map(outcomeOf);
  const of = performanceOf(outcomes);
  const capital = days[0]?.openingEquity ?? null;
  const fall = capital === null ? null : worstDrawdown(capital, outcomes);
  const sessions = daysOf(days, trades, choice);
  const slips = trades.flatMap((trade) => slippageBps(trade) ?? []);
  const held = trades.map(({ openedAt, closedAt }) =>
    millisecondsBetween(openedAt, closedAt ?? openedAt),
  );
  const minutes = mean(held);
  return {
    trades_count: of.trades,
    won_count: of.wins,
    lost_count: of.losses,
    win_rate_pct: rounded(of.winRate === null ? null : of.winRate * 100, 1),
    net_pnl_usd: of.net,
    average_pnl_usd: shareOut(of.net, of.trades),
    average_win_usd: shareOut(of.grossProfit, of.wins),
    average_loss_usd: shareOut(money.negate(of.grossLoss), of.losses),
    profit_factor: rounded(of.profitFactor, 2),
    expectancy_r: rounded(of.expectancyR, 2),
    trades_with_r_count: of.tradesWithR,
    costs_usd: money.add(...trades.flatMap(({ fees, borrowFees }) => [fees, borrowFees])),
    average_slippage_bps: rounded(mean(slips), 1),
    average_held_minutes: minutes === null ? null : Math.round(minutes / 60_000),
    sharpe_of_daily_returns: choice.symbol === undefined ? rounded(dailySharpe(sessions), 2) : null,
    sessions_count: sessions.length,
    starting_capital_usd: capital,
    max_drawdown_usd: fall === null ? null : centsOf(fall.amount),
    max_drawdown_bps: fall === null ? null : rounded(fall.bps, 1),
  };
};

const wonOrLost = (net: Money) => (net > 0n ? 'won' : net < 0n ? 'lost' : 'even');

/** A trade by what came of it, and what it followed from. */
const outcomeView = (trade: Trade) => {
  const view = closedTradeView(trade);
  return {
    trade_id: view.trade_id,
    closed_at: view.closed_at,
    session: view.session_closed,
    symbol: view.symbol,
    side: view.side,
    strategy: view.strategy,
    outcome: wonOrLost(view.net_pnl_usd),
    net_pnl_usd: view.net_pnl_usd,
    r_multiple: view.r_multiple,
    exit: view.exit,
    decision_id: view.decision_id,
    opening_order_id: trade.openingOrderId,
    closing_order_id: trade.closingOrderId,
    closing_event_id: view.closing_event_id,
  } satisfies OutputOf<'ListTradeOutcomes'>['trades'][number];
};

export const outcomeHandlers = ({
  readStore,
  source,
}: {
  readonly readStore: ReadStore;
  readonly source: MarketSource;
}): Handlers<'ListTradeOutcomes' | 'GetStatistics'> => {
  const mode = tradingMode(source);
  const refusedAs = async (choice: TradeChoice, logPosition: LogPosition) => {
    const unknown = await unknownStrategy(readStore, choice.strategy);
    return unknown && { value: unknown, logPosition };
  };
  return {
    ListTradeOutcomes: ({ limit, cursor, min_position, ...choice }) =>
      answering(readStore, min_position, async () => {
        const { rows, nextCursor, logPosition } = await readPage(readStore, closedTrades, {
          ...chosenTrades(choice),
          newestFirst: true,
          limit,
          ...(cursor !== undefined && { cursor }),
        });
        const answer = { mode, trades: rows.map(outcomeView), next_cursor: nextCursor };
        return (await refusedAs(choice, logPosition)) ?? { value: accepted(answer), logPosition };
      }),
    GetStatistics: ({ min_position, ...choice }) =>
      answering(readStore, min_position, async () => {
        const [{ value: trades, logPosition }, days] = await Promise.all([
          readTrades(readStore, choice),
          readDays(readStore, paperAccount, {
            ...(choice.start !== undefined && { from: choice.start }),
            ...(choice.end !== undefined && { to: dayAfter(choice.end) }),
          }),
        ]);
        if (!trades.ok) return { value: trades, logPosition };
        const answer = { mode, ...statisticsOf(trades.value, days, choice) };
        return (await refusedAs(choice, logPosition)) ?? { value: accepted(answer), logPosition };
      }),
  };
};
