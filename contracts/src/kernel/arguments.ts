import { z } from 'zod';
import type { LogPosition } from './event-store.ts';

/** Free text from a caller: bounded, and treated as data wherever it is shown again. */
export const textArgument = (longest: number) => z.string().trim().min(1).max(longest);

/** `min_position` of every query: answer only from views folded at least this far. */
export const minPositionArgument = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform((text) => BigInt(text) as LogPosition)
  .optional()
  .meta({ description: 'answer no older than this log position, as an earlier answer gave it' });

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
