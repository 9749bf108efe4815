import { z } from 'zod';
import { event, instantSchema } from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';

export const watchlistEvents = {
  SymbolAdded: event(
    1,
    z.strictObject({
      symbol: tickerSchema,
      group: z.string().nullable(),
      /** A caller's words: shown as data, never as an instruction. */
      notes: z.string().nullable(),
      at: instantSchema,
    }),
  ),
} as const;
