import { z } from 'zod';
import { instantSchema, moneySchema, sha256Schema } from '../kernel/index.ts';
import { marketSourceSchema, tickerSchema } from '../market/index.ts';

/** The bars of one symbol, from its first, as far as a log is bound to them. */
export const boundBarsSchema = z.strictObject({
  symbol: tickerSchema,
  count: z.int().min(1),
  /** Start of the last of them. */
  until: instantSchema,
  /** Over these bars as the market shows them, splits restated, and the dividends until then. */
  digest: sha256Schema,
});
export type BoundBars = z.output<typeof boundBarsSchema>;

/** The one market on which everything in a log happened. */
export const marketBindingSchema = z.strictObject({
  provider: marketSourceSchema,
  /** The calendar's rule. */
  calendar: z.string(),
  /** What a made-up market is drawn from; null where prices come from elsewhere. */
  seed: z.int().nullable(),
  /** In the order of their symbols; null where no bars are read from files. */
  bars: z.array(boundBarsSchema).nullable(),
});
export type MarketBinding = z.output<typeof marketBindingSchema>;

/** A cash account pays in full and never sells short; a margin account does by Regulation T. */
export const accountTypeSchema = z.enum(['cash', 'margin']);
export type AccountType = z.output<typeof accountTypeSchema>;

/** What an account began with. */
export const accountBindingSchema = z.strictObject({
  account: z.string(),
  accountType: accountTypeSchema,
  startingCash: moneySchema,
});
export type AccountBinding = z.output<typeof accountBindingSchema>;
