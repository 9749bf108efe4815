import { z } from 'zod';
import { eventIdSchema, priceSchema, quantitySchema, signalIdSchema } from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';
import { regimeLabelSchema } from '../regime/index.ts';
import { sideSchema } from './order-intent.ts';

const bps = z.int().min(0).max(10_000);

/** A signal as the committee sees it, with the classification that it rests on. Shares in basis points. */
export const committeeFactsSchema = z.strictObject({
  signalId: signalIdSchema,
  /** The event that recorded the signal. */
  eventId: eventIdSchema,
  strategyId: z.string(),
  symbol: tickerSchema,
  side: sideSchema,
  entry: priceSchema,
  stop: priceSchema,
  target: priceSchema,
  confidenceBps: bps,
  label: regimeLabelSchema,
  tradeabilityBps: bps,
  /** How well the strategy's family fits the regime. */
  compatible: z.boolean(),
  fitBps: bps,
  /** Of the close; null where it could not be measured. */
  averageTrueRangeBps: z.int().min(0).nullable(),
  /** Of the whole market from its prior close; null where it could not be measured. */
  contextMoveBps: z.int().nullable(),
  /** Volume of the last completed bar that the signal rests on; null where it could not be had. */
  barVolume: quantitySchema.nullable(),
});
export type CommitteeFacts = z.output<typeof committeeFactsSchema>;
