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

type Fields = { readonly [name: string]: Json };

/** Version 1 held the house's own strategies alone, each the one of its type. */
const builtIn = (data: Json): Json => {
  const { strategyId, ...rest } = data as Fields & { readonly strategyId: string };
  return { strategyId, type: strategyId, policyVersion: null, by: null, reason: null, ...rest };
};

/** How a `strategy-<id>` stream begins; what follows is of governance. */
export const strategyEvents = {
  StrategyRegistered: event(
    2,
    z.strictObject({
      strategyId: z.string(),
      name: z.string(),
      description: z.string(),
      /** The rule, as strategies are listed. */
      type: z.string(),
      /** The version of the rule, for good; null before version 2: the first of its type. */
      policyVersion: z.string().nullable(),
      timeframe: timeframeSchema,
      /** All of them, those that are the type's own too. They never change. */
      parameters: z.record(z.string(), z.number()),
      /** `draft`, or `paper` for what the house brings with it. */
      state: strategyStateSchema,
      /** Null before version 2. */
      by: z.string().nullable(),
      reason: z.string().nullable(),
      at: instantSchema,
    }),
    { 1: builtIn },
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
