import { z } from 'zod';
import type { LogPosition } from './event-store.ts';

/** Free text from a caller: bounded, and treated as data wherever it is shown again. */
export const textArgument = (longest: number) => z.string().trim().min(1).max(longest);

/** Why somebody does something, in their own words: kept and shown as data, and never interpreted. */
export const reasonArgument = textArgument(1000)
  .optional()
  .meta({ description: 'why, in your own words; kept with it and shown again' });

/** Characters that are kept of a reason that may be of any length. */
const keptOfAnyReason = 4_000;

/** Whatever it is as text that every store takes: none of it may stand in the way of what it is said with. */
const asText = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const kept = text.replaceAll('\u0000', '').toWellFormed().trim().slice(0, keptOfAnyReason);
  return kept.toWellFormed() || undefined;
};

/** A reason that can be anything, of any length, or left out: it never refuses what it comes with. */
export const anyReasonArgument = z
  .preprocess(asText, z.string().optional())
  .meta({ description: 'why; anything, of any length, or nothing' });

/** `min_position` of every query: answer only from views folded at least this far. EventStoreDB's have 39 digits. */
export const minPositionArgument = z
  .string()
  .regex(/^\d{1,39}$/)
  .transform((text) => BigInt(text) as LogPosition)
  .optional()
  .meta({ description: 'no older than this log position' });

/** Where an answer stands in the log. */
export const logPositionSchema = z.string().meta({ description: 'position in the event log' });

/** Opaque to the caller: the last key of the page before. */
export const cursorArgument = z
  .string()
  .max(300)
  .optional()
  .meta({ description: 'next_cursor of the page before' });

export const nextCursorSchema = z
  .string()
  .nullable()
  .meta({ description: 'cursor of the next page; null at the end' });
