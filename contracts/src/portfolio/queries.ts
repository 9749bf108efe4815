import { z } from 'zod';
import {
  cursorArgument,
  decisionIdSchema,
  eventIdSchema,
  firstDayArgument,
  instantSchema,
  lastDayArgument,
  logPositionSchema,
  minPositionArgument,
  moneySchema,
  nextCursorSchema,
  priceSchema,
  quantitySchema,
  query,
  textArgument,
  tradingDateSchema,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerArgument } from '../market/index.ts';

/** A closed position, from flat or from the other side to flat again. Shares and prices are today's. */
export const closedTradeView = z.strictObject({
  trade_id: eventIdSchema,
  symbol: z.string(),
  side: z.enum(['long', 'short']),
  strategy: z.string().nullable(),
  shares: quantitySchema,
  entry_price: priceSchema.nullable(),
  exit_price: priceSchema.nullable(),
  realized_pnl_usd: moneySchema.meta({ description: 'before fees, borrowing and dividends' }),
  net_pnl_usd: moneySchema.meta({ description: 'after them' }),
  fees_usd: moneySchema,
  borrow_fees_usd: moneySchema,
  dividends_usd: moneySchema,
  stop_price: priceSchema.nullable(),
  r_multiple: z
    .number()
    .nullable()
    .meta({ description: 'net P&L over what the entries risked; null when one had no stop' }),
  slippage_bps: z
    .number()
    .nullable()
    .meta({ description: 'fills against the prices decided on; positive is worse' }),
  exit: z.enum(['take_profit', 'stop_loss', 'order']),
  opened_at: instantSchema,
  closed_at: instantSchema,
  session_opened: tradingDateSchema,
  session_closed: tradingDateSchema,
  held_minutes: z.int(),
  decision_id: decisionIdSchema.nullable(),
  closing_event_id: eventIdSchema,
});
export type ClosedTradeView = z.output<typeof closedTradeView>;

/** The arguments that choose closed trades, shared by the tools that list them and those that count. */
export const tradePeriodArguments = {
  start: firstDayArgument,
  end: lastDayArgument,
  symbol: tickerArgument.optional(),
  strategy: textArgument(100).optional(),
};

const input = z.strictObject({ min_position: minPositionArgument });

export const portfolioQueries = {
  GetPortfolioStatus: query(
    input,
    z.strictObject({
      account: z.string(),
      mode: z.string().meta({ description: 'paper, on which market' }),
      session_date: z.string(),
      equity: moneySchema,
      cash: moneySchema,
      reserved_cash: moneySchema,
      buying_power: moneySchema.meta({
        description:
          'largest value of an order that opens a position: cash less reserved, or with margin twice the excess over the Regulation T initial requirement',
      }),
      positions_value: moneySchema,
      gross_exposure_bps: z.int(),
      net_exposure_bps: z.int(),
      unrealized_pnl: moneySchema,
      realized_pnl_today: moneySchema,
      fees_today: moneySchema,
      day_start_equity: moneySchema,
      day_pnl: moneySchema,
      open_positions: z.int(),
      working_orders: z.int(),
      stale_marks: z.array(z.string()).meta({
        description:
          'symbols without a quote now, valued at their last price, or at cost if they have none',
      }),
      source: marketSourceSchema,
      at: instantSchema,
      as_of_position: logPositionSchema,
    }),
  ),
  ListPositions: query(
    input,
    z.strictObject({
      mode: z.string(),
      positions: z.array(
        z.strictObject({
          symbol: z.string(),
          side: z.enum(['long', 'short']),
          quantity: quantitySchema,
          average_price: priceSchema,
          mark: priceSchema.nullable(),
          mark_at: instantSchema.nullable().meta({ description: 'when it traded there' }),
          market_value: moneySchema.nullable(),
          unrealized_pnl: moneySchema.nullable(),
        }),
      ),
      source: marketSourceSchema,
      as_of_position: logPositionSchema,
    }),
  ),
  ListClosedTrades: query(
    z.strictObject({
      ...tradePeriodArguments,
      limit: z.int().min(1).max(100).default(4),
      cursor: cursorArgument,
      min_position: minPositionArgument,
    }),
    z.strictObject({
      mode: z.string(),
      trades: z.array(closedTradeView).meta({ description: 'the last closed first' }),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
