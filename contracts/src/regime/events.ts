import { z } from 'zod';
import { event, instantSchema, type Json, sha256Schema } from '../kernel/index.ts';
import { marketSourceSchema, tickerSchema, timeframeSchema } from '../market/index.ts';
import { classificationSchema } from './classification.ts';

type Metered = { readonly classification: { readonly metrics: { readonly [name: string]: Json } } };

/** Version 1 knew no hidden Markov model, which was therefore not asked. */
const withoutOpinion = (data: Json): Json => {
  const { classification, ...rest } = data as Metered;
  return {
    ...rest,
    classification: { ...classification, metrics: { ...classification.metrics, hmm: null } },
    withModel: false,
  };
};

export const regimeEvents = {
  RegimeClassified: event(
    2,
    z.strictObject({
      symbol: tickerSchema,
      timeframe: timeframeSchema,
      at: instantSchema,
      classification: classificationSchema,
      source: marketSourceSchema,
      /** The window of bars that went in, kept as evidence. */
      barsDigest: sha256Schema,
      /** Whether the hidden Markov model was asked. */
      withModel: z.boolean(),
      contextSymbol: tickerSchema.nullable(),
      contextBarsDigest: sha256Schema.nullable(),
      policyVersion: z.string(),
      codeDigest: sha256Schema,
    }),
    { 1: withoutOpinion },
  ),
} as const;
