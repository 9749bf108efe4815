import { z } from 'zod';
import { instantSchema, priceSchema, quantitySchema } from '../kernel/index.ts';
import { tickerSchema } from './symbol.ts';

/** Where prices come from. Every answer that shows one says it. */
export const marketSourceSchema = z.enum(['mock', 'historical', 'alpaca']);
export type MarketSource = z.output<typeof marketSourceSchema>;

/** The best bid and offer at one instant of the market's clock. */
export const quoteSchema = z.strictObject({
  symbol: tickerSchema,
  bid: priceSchema,
  bidSize: quantitySchema,
  ask: priceSchema,
  askSize: quantitySchema,
  last: priceSchema,
  at: instantSchema,
  source: marketSourceSchema,
});
export type Quote = z.output<typeof quoteSchema>;
