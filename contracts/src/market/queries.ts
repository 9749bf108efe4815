import { z } from 'zod';
import { endArgument, instantSchema, query, startArgument } from '../kernel/index.ts';
import { timeframeSchema } from './bars.ts';
import { marketSourceSchema } from './quote.ts';
import { tickerArgument } from './symbol.ts';

const text = z.string();
const decimal = z.string().meta({ description: 'a decimal string' });

const quoteView = z.strictObject({
  symbol: text,
  made_up: z
    .literal(true)
    .optional()
    .meta({ description: 'the mock market has made this ticker up: no company is meant' }),
  bid: decimal,
  ask: decimal,
  bid_size: decimal,
  ask_size: decimal,
  last: decimal,
  spread_bps: decimal,
  at: instantSchema,
  age_ms: z.int(),
  source: marketSourceSchema,
});

/** A quote among others: the rest is said once, or by market.quote. */
const shortQuote = quoteView.omit({
  symbol: true,
  bid_size: true,
  ask_size: true,
  at: true,
  source: true,
});

const barView = z.strictObject({
  start: instantSchema,
  open: decimal,
  high: decimal,
  low: decimal,
  close: decimal,
  volume: decimal,
});

/** Bars by column, the same place in each for the same bar. */
const barColumns = z.strictObject({
  start: z.array(instantSchema),
  open: z.array(decimal),
  high: z.array(decimal),
  low: z.array(decimal),
  close: z.array(decimal),
  volume: z.array(decimal),
});

export const marketQueries = {
  GetQuote: query(z.strictObject({ symbol: tickerArgument }), quoteView),
  GetSnapshot: query(
    z.strictObject({
      /** Judged one by one: a bad one is answered among the unknown. */
      symbols: z.array(z.string().max(40)).min(1).max(200),
    }),
    z.strictObject({
      snapshots: z.array(
        z.strictObject({ symbol: text, quote: shortQuote, day_bar: barView.nullable() }),
      ),
      unknown: z
        .array(text)
        .meta({ description: 'symbols that the provider does not know or cannot quote now' }),
      source: marketSourceSchema,
    }),
  ),
  GetBars: query(
    z.strictObject({
      symbol: tickerArgument,
      timeframe: timeframeSchema.default('1Day'),
      limit: z
        .int()
        .min(1)
        .max(500)
        .default(30)
        .meta({ description: 'how many bars, the newest ones' }),
      start: startArgument,
      end: endArgument,
    }),
    z.strictObject({
      symbol: text,
      timeframe: timeframeSchema,
      bars: barColumns.meta({ description: 'completed bars in columns, oldest first' }),
      source: marketSourceSchema,
    }),
  ),
  GetMarketHealth: query(
    z.strictObject({}),
    z.strictObject({
      source: marketSourceSchema,
      connected: z.boolean(),
      lag_ms: z.int(),
      detail: text,
      market_time: instantSchema,
      session: z.strictObject({
        state: z.enum(['open', 'closed']),
        date: text,
        opens_at: instantSchema.nullable(),
        closes_at: instantSchema.nullable(),
        next_opens_at: instantSchema.nullable(),
        calendar: text,
      }),
    }),
  ),
} as const;
