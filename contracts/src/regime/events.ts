import { z } from 'zod';
import { event, instantSchema, type Json, sha256Schema, type Upcaster } from '../kernel/index.ts';
import { marketSourceSchema, tickerSchema, timeframeSchema } from '../market/index.ts';
import { classificationSchema } from './classification.ts';

const withoutHmm: Upcaster = (data) => {
  const event = data as { readonly classification: { readonly metrics: object } };
  const { classification } = event;
  return {
    ...event,
    classification: { ...classification, metrics: { ...classification.metrics, hmm: null } },
  } as Json;
};

export const regimeEvents = {
  /** Before version 2 nobody asked for a second opinion. */
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
      contextSymbol: tickerSchema.nullable(),
      contextBarsDigest: sha256Schema.nullable(),
      policyVersion: z.string(),
      codeDigest: sha256Schema,
    }),
    { 1: withoutHmm },
  ),
} as const;
