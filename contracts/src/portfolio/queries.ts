import { z } from 'zod';
import {
  instantSchema,
  logPositionSchema,
  minPositionArgument,
  moneySchema,
  priceSchema,
  quantitySchema,
  query,
} from '../kernel/index.ts';
import { marketSourceSchema } from '../market/index.ts';

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
} as const;
