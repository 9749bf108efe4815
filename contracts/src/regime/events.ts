import { z } from 'zod';
import { event, instantSchema, sha256Schema } from '../kernel/index.ts';
import { marketSourceSchema, tickerSchema, timeframeSchema } from '../market/index.ts';
import { classificationSchema } from './classification.ts';

export const regimeEvents = {
  RegimeClassified: event(
    1,
    z.strictObject({
      symbol: tickerSchema,
      timeframe: timeframeSchema,
      at: instantSchema,
      classification: classificationSchema,
      source: marketSourceSchema,
      /** The window of bars that went in, kept as evidence. */
      barsDigest: sha256Schema,
      contextSymbol: tickerSchema.nullable(),
      contextBarsDigest: sha256Schema.nullable(),
      policyVersion: z.string(),
      codeDigest: sha256Schema,
    }),
  ),
} as const;
