import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  averagePrice,
  divide,
  type Find,
  type Money,
  millisecondsBetween,
  money,
  type Price,
  type ReadStore,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { type MarketSource, type Ticker, tradingMode } from '@sentinel/contracts/market';
import type { ClosedTradeView } from '@sentinel/contracts/portfolio';
import { answering, readPage } from '../kernel/index.ts';
import { unknownStrategy } from '../strategy/index.ts';
import { netPnl, type Trade, type TradesRow, trades } from './trades/index.ts';

/** The account whose trades are told. */
export const paperAccount = 'paper';

export type TradeChoice = {
  readonly start?: TradingDate | undefined;
  readonly end?: TradingDate | undefined;
  readonly symbol?: Ticker | undefined;
  readonly strategy?: string | undefined;
};

export const dayAfter = (date: TradingDate): string =>
  Temporal.PlainDate.from(date).add({ days: 1 }).toString();

/** Closed trades of the account: which of them, by when they closed. */
export const chosenTrades = ({
  start,
  end,
  symbol,
  strategy,
}: TradeChoice): Pick<Find, 'where' | 'between'> => ({
  where: {
    account: paperAccount,
    ...(symbol !== undefined && { symbol }),
    ...(strategy !== undefined && { strategy }),
  },
  ...((start ?? end) !== undefined && {
    between: {
      field: 'closed_on',
      ...(start !== undefined && { from: start }),
      ...(end !== undefined && { to: dayAfter(end) }),
    },
  }),
});

/** A row of a closed trade; books have no account among their fields, and are never chosen. */
export const closedTrades = {
  view: trades.view,
  row: {
    parse: (stored: unknown): Trade => {
      const { trade } = trades.row.parse(stored) as TradesRow;
      if (trade === null) throw new Error('a book among the closed trades');
      return trade;
    },
  },
};

/** `part` of `whole` in `1/units`, rounded to what it means, as a plain number. */
const ratio = (part: Money, whole: Money, units: bigint): number =>
  Number(divide(part * units, whole, 'half-even'));

/** What it made, in what its entries risked: to a hundredth. */
const rMultiple = (trade: Trade): number | null =>
  trade.risk === null || trade.risk <= 0n ? null : ratio(netPnl(trade), trade.risk, 100n) / 100;

/** How much worse it was filled than was decided, both ways together: to a tenth of a basis point. */
export const slippageBps = ({ entry, exited }: Trade): number | null => {
  const decided = money.add(entry.decided, exited.decided);
  const worse = money.add(entry.slippage, exited.slippage);
  return decided <= 0n ? null : ratio(worse, decided, 100_000n) / 10;
};

const tenThousandth = 100n;
const meanPrice = ({ shares, value }: Trade['entry']): Price | null => {
  if (shares <= 0n) return null;
  const exact = averagePrice(value, shares, 'half-even');
  return (divide(exact, tenThousandth, 'half-even') * tenThousandth) as Price;
};

const msPerMinute = 60_000;

export const closedTradeView = (trade: Trade): ClosedTradeView => {
  const { closedAt, closedOn, closedBy } = trade;
  if (closedAt === null || closedOn === null || closedBy === null)
    throw new Error(`the trade ${trade.tradeId} is open`);
  return {
    trade_id: trade.tradeId,
    symbol: trade.symbol,
    side: trade.side,
    strategy: trade.strategyId,
    shares: trade.entry.shares,
    entry_price: meanPrice(trade.entry),
    exit_price: meanPrice(trade.exited),
    realized_pnl_usd: trade.realizedPnl,
    net_pnl_usd: netPnl(trade),
    fees_usd: trade.fees,
    borrow_fees_usd: trade.borrowFees,
    dividends_usd: trade.dividends,
    stop_price: trade.stop,
    r_multiple: rMultiple(trade),
    slippage_bps: slippageBps(trade),
    exit: trade.exit ?? 'order',
    opened_at: trade.openedAt,
    closed_at: closedAt,
    session_opened: trade.openedOn,
    session_closed: closedOn,
    held_minutes: Math.round(millisecondsBetween(trade.openedAt, closedAt) / msPerMinute),
    decision_id: trade.decisionId,
    closing_event_id: closedBy,
  };
};

export const historyHandlers = ({
  readStore,
  source,
}: {
  readonly readStore: ReadStore;
  readonly source: MarketSource;
}): Handlers<'ListClosedTrades'> => ({
  ListClosedTrades: ({ limit, cursor, min_position, ...choice }) =>
    answering(readStore, min_position, async () => {
      const page = await readPage(readStore, closedTrades, {
        ...chosenTrades(choice),
        newestFirst: true,
        limit,
        ...(cursor !== undefined && { cursor }),
      });
      const { logPosition, nextCursor } = page;
      const unknown = await unknownStrategy(readStore, choice.strategy);
      if (unknown !== undefined) return { value: unknown, logPosition };
      const mode = tradingMode(source);
      const listed = page.rows.map(closedTradeView);
      return { value: accepted({ mode, trades: listed, next_cursor: nextCursor }), logPosition };
    }),
});
