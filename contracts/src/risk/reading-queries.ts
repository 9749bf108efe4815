import { z } from 'zod';
import { logPositionSchema, moneySchema, query, tradingDateSchema } from '../kernel/index.ts';
import { marketSourceSchema } from '../market/index.ts';

const share = z.int().meta({ description: 'of equity, in basis points' });

const about = {
  mode: z.string(),
  account: z.string(),
  session_date: tradingDateSchema,
  limits_version: z.int(),
  source: marketSourceSchema,
  log_position: logPositionSchema,
};

const since = z.strictObject({
  start_equity_usd: moneySchema,
  lost_usd: moneySchema.meta({ description: 'zero while the account is up' }),
  drawdown_bps: z.number(),
  limit_bps: z.int().nullable().meta({ description: 'null where no limit holds' }),
  distance_bps: z.number().nullable(),
  distance_usd: moneySchema
    .nullable()
    .meta({ description: 'what may still be lost before new risk is refused' }),
});

export const readingQueries = {
  GetExposure: query(
    z.strictObject({}),
    z.strictObject({
      ...about,
      equity_usd: moneySchema,
      cash_usd: moneySchema,
      reserved_usd: moneySchema.meta({ description: 'set aside for working orders' }),
      long_usd: moneySchema,
      short_usd: moneySchema,
      gross_usd: moneySchema.meta({ description: 'held without sign, and reserved' }),
      net_usd: moneySchema.meta({ description: 'long less short, nothing reserved' }),
      gross_bps: share,
      net_bps: share,
      gross_limit_bps: share,
      headroom_usd: moneySchema.meta({ description: 'what gross exposure may still grow by' }),
      by_symbol: z
        .array(
          z.strictObject({
            symbol: z.string(),
            side: z.enum(['long', 'short', 'flat']),
            sector: z.string().nullable(),
            value_usd: moneySchema,
            reserved_usd: moneySchema,
            share_bps: share,
            room_usd: moneySchema,
          }),
        )
        .meta({ description: 'the 20 largest first' }),
      by_sector: z.array(
        z.strictObject({
          sector: z.string().nullable().meta({ description: 'null where it is not known' }),
          value_usd: moneySchema.meta({ description: 'held and reserved' }),
          share_bps: share,
          room_usd: moneySchema.nullable(),
        }),
      ),
      symbols_count: z.int(),
      unpriced: z
        .array(z.string())
        .meta({ description: 'symbols without any price, valued at cost' }),
    }),
  ),
  GetDrawdown: query(
    z.strictObject({}),
    z.strictObject({
      ...about,
      equity_usd: moneySchema,
      day: since,
      week: since,
      peak: since.meta({ description: 'since the highest close, or now where that is higher' }),
      unpriced: z.array(z.string()),
    }),
  ),
  GetLimits: query(
    z.strictObject({}),
    z.strictObject({
      ...about,
      equity_usd: moneySchema,
      limits: z
        .array(
          z.strictObject({
            limit: z.string(),
            unit: z.enum(['bps', 'usd', 'count', 'minutes']),
            allowed: z.string(),
            now: z.string(),
            room: z.string(),
            state: z.enum(['ok', 'near', 'reached']),
            detail: z.string().nullable(),
          }),
        )
        .meta({ description: 'limits that stand somewhere now, the nearest first' }),
      per_order: z
        .array(z.strictObject({ limit: z.string(), unit: z.string(), allowed: z.string() }))
        .meta({ description: 'limits that each order is judged by on its own' }),
      unpriced: z.array(z.string()),
    }),
  ),
} as const;
