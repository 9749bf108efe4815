import { z } from 'zod';
import { instantSchema, priceSchema, quantitySchema } from '../kernel/index.ts';
import { marketSourceSchema } from './quote.ts';
import { tickerSchema } from './symbol.ts';

/** One completed bar in exact figures, as orders meet it. */
export const marketBarSchema = z.strictObject({
  symbol: tickerSchema,
  start: instantSchema,
  /** When it was complete: nothing of it is known before. */
  end: instantSchema,
  open: priceSchema,
  high: priceSchema,
  low: priceSchema,
  close: priceSchema,
  volume: quantitySchema,
  source: marketSourceSchema,
});
export type MarketBar = z.output<typeof marketBarSchema>;
