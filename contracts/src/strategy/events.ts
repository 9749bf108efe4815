import { z } from 'zod';
import {
  event,
  eventIdSchema,
  instantSchema,
  type Json,
  quantitySchema,
  sha256Schema,
  signalIdSchema,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerSchema, timeframeSchema } from '../market/index.ts';
import { conditionSchema, signalSchema, strategyStateSchema } from './signal.ts';

/** The `strategy-<id>` stream. */
export const strategyEvents = {
  StrategyRegistered: event(
    1,
    z.strictObject({
      strategyId: z.string(),
      name: z.string(),
      description: z.string(),
      timeframe: timeframeSchema,
      parameters: z.record(z.string(), z.number()),
      state: strategyStateSchema,
      at: instantSchema,
    }),
  ),
} as const;

/** The average daily volume that a rule was given, with the bars that give it again. */
const dailyVolumeSchema = z
  .strictObject({ value: quantitySchema, barsDigest: sha256Schema })
  .nullable();

/** What a strategy was put to: enough to put it to the same again. */
export const judgedSchema = z.strictObject({
  /** The classification, which names the bars. */
  regimeEventId: eventIdSchema,
  /** Null where the rule asks for none, or none could be had. */
  averageDailyVolume: dailyVolumeSchema,
});
export type Judged = z.output<typeof judgedSchema>;

const missedSchema = z.strictObject({
  symbol: tickerSchema,
  failed: z.array(conditionSchema),
  problem: z.string().nullable(),
  /** Null where it could not be judged, and before version 2. */
  judged: judgedSchema.nullable(),
});

type Fields = { readonly [name: string]: Json };

/** Version 1 did not say which rule decided, nor what it was given beside the bars. */
const unsaidSignal = (data: Json): Json => ({
  ...(data as Fields),
  policyVersion: null,
  averageDailyVolume: null,
});
const unsaidScan = (data: Json): Json => {
  const { none, ...rest } = data as Fields & { readonly none: readonly Fields[] };
  return {
    ...rest,
    policyVersion: null,
    codeDigest: null,
    none: none.map((missed) => ({ ...missed, judged: null })),
  };
};

/** The `signal-<strategy>` stream. */
export const signalEvents = {
  SignalFound: event(
    2,
    z.strictObject({
      signal: signalSchema,
      ...judgedSchema.shape,
      source: marketSourceSchema,
      at: instantSchema,
      /** Which version of the strategy's rule decided; null before version 2. */
      policyVersion: z.string().nullable(),
      codeDigest: sha256Schema,
    }),
    { 1: unsaidSignal },
  ),
  ScanCompleted: event(
    2,
    z.strictObject({
      strategyId: z.string(),
      group: z.string().nullable(),
      signals: z.array(signalIdSchema),
      /** Symbols that gave no signal, with the conditions that failed or why they could not be judged. */
      none: z.array(missedSchema),
      at: instantSchema,
      /** Which version of the strategy's rule decided; null before version 2. */
      policyVersion: z.string().nullable(),
      /** Null before version 2. */
      codeDigest: sha256Schema.nullable(),
    }),
    { 1: unsaidScan },
  ),
} as const;
