import { z } from 'zod';
import { instantSchema, type Price, priceSchema, quantitySchema } from '../kernel/index.ts';
import { type Ticker, tickerSchema } from './symbol.ts';

/** Where prices come from. Every answer that shows one says it. */
export const marketSourceSchema = z.enum(['mock', 'historical', 'alpaca-iex', 'alpaca-sip']);
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
  /** Present while the exchange has halted trading in the symbol. */
  halted: z.boolean().optional(),
  /** The limit-up and limit-down prices in force, where the provider tells them. */
  bands: z.strictObject({ lower: priceSchema, upper: priceSchema }).optional(),
});
export type Quote = z.output<typeof quoteSchema>;

/** What a symbol was last traded at, and when. */
export type Trade = {
  readonly symbol: Ticker;
  readonly price: Price;
  readonly at: Temporal.Instant;
};
