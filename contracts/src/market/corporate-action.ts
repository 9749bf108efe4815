import { z } from 'zod';
import { priceSchema, tradingDateSchema } from '../kernel/index.ts';
import { tickerSchema } from './symbol.ts';

/** What changes shares or pays on them at the opening of its ex-date. */
export const corporateActionSchema = z.strictObject({
  symbol: tickerSchema,
  exDate: tradingDateSchema,
  /** New shares for old ones: 2 for 1 doubles them, 1 for 10 is a reverse split. Null for a dividend. */
  split: z.strictObject({ newShares: z.int().min(1), oldShares: z.int().min(1) }).nullable(),
  /** Dollars per share; null for a split. */
  dividend: priceSchema.nullable(),
});
export type CorporateAction = z.output<typeof corporateActionSchema>;
