import { z } from 'zod';
import {
  event,
  eventIdSchema,
  instantSchema,
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

/** The `signal-<strategy>` stream. */
export const signalEvents = {
  SignalFound: event(
    1,
    z.strictObject({
      signal: signalSchema,
      /** The classification that it rests on. */
      regimeEventId: eventIdSchema,
      source: marketSourceSchema,
      at: instantSchema,
      codeDigest: sha256Schema,
    }),
  ),
  ScanCompleted: event(
    1,
    z.strictObject({
      strategyId: z.string(),
      group: z.string().nullable(),
      signals: z.array(signalIdSchema),
      /** Symbols that gave no signal, with the conditions that failed or why they could not be judged. */
      none: z.array(
        z.strictObject({
          symbol: tickerSchema,
          failed: z.array(conditionSchema),
          problem: z.string().nullable(),
        }),
      ),
      at: instantSchema,
    }),
  ),
} as const;
