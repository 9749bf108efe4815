import { z } from 'zod';
import { exchangeDate, exchangeMidnight, type TradingDate } from './time.ts';

const plainDate = /^\d{4}-\d{2}-\d{2}$/;

const dateOf = (text: string): TradingDate | undefined => {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() as TradingDate;
  } catch {
    return undefined;
  }
};

const instantOf = (text: string): Temporal.Instant | undefined => {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
};

const notATime = 'must be a date such as 2026-11-23 or an instant such as 2026-11-23T14:30:00Z';

/** What a text names by `read`, or the sentence that says what it must be. */
const argument = <Value>(read: (text: string) => Value | undefined, description: string) =>
  z
    .string()
    .max(40)
    .transform((given, context): Value => {
      const value = read(given.trim());
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', input: given, message: notATime });
      return z.NEVER;
    })
    .optional()
    .meta({ description });

const day = (text: string): TradingDate | undefined => {
  if (plainDate.test(text)) return dateOf(text);
  const instant = instantOf(text);
  return instant === undefined ? undefined : exchangeDate(instant);
};

const nextDay = (date: TradingDate): TradingDate =>
  Temporal.PlainDate.from(date).add({ days: 1 }).toString() as TradingDate;

const instant = (text: string, move: (date: TradingDate) => TradingDate) => {
  if (!plainDate.test(text)) return instantOf(text);
  const date = dateOf(text);
  return date === undefined ? undefined : exchangeMidnight(move(date));
};

/** The first and the last day of a period, both in it; an instant stands for its day at the exchange. */
export const firstDayArgument = argument(day, 'first day, such as 2026-11-23');
export const lastDayArgument = argument(day, 'last day, included');

/** From when and until when; a plain date is the exchange's, and counts in full at either end. */
export const startArgument = argument(
  (text) => instant(text, (date) => date),
  'an instant, or a date such as 2026-11-23',
);
export const endArgument = argument(
  (text) => instant(text, nextDay),
  'an instant, or a date, which counts in full',
);

/** Since when: a position of the log, or an instant. */
export type Since = { readonly position: bigint } | { readonly instant: Temporal.Instant };

const sinceOf = (text: string): Since | undefined => {
  if (/^\d{1,39}$/.test(text)) return { position: BigInt(text) };
  const at = instant(text, (date) => date);
  return at === undefined ? undefined : { instant: at };
};

export const sinceArgument = z
  .string()
  .max(40)
  .transform((given, context): Since => {
    const since = sinceOf(given.trim());
    if (since !== undefined) return since;
    const message = `${notATime}, or a log position such as 1234`;
    context.issues.push({ code: 'custom', input: given, message });
    return z.NEVER;
  })
  .optional();
