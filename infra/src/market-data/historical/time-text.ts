import { exchangeZone } from '@sentinel/contracts/kernel';
import { exchangeDays } from '@sentinel/contracts/market';

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const timePattern = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.0+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

const zonePattern = /(Z|[+-]\d{2}:?\d{2})$/;

/** Whether a time says its zone; a date needs none. */
export const saysZone = (text: string): boolean => isDate(text) || zonePattern.test(text);

/** Whether a text has the form of a date alone. */
export const isDate = (text: string): boolean => datePattern.test(text);

/**
 * Epoch milliseconds of a time as a file writes it; of a date, its New York midnight. A time without
 * a zone is New York's. Undefined when it is neither.
 */
export const instantOf = (text: string): number | undefined => {
  try {
    if (isDate(text)) return exchangeDays.startOf(exchangeDays.fromDate(text));
    if (!timePattern.test(text)) return undefined;
    return zonePattern.test(text)
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text).toZonedDateTime(exchangeZone).epochMilliseconds;
  } catch (error) {
    // Of the right form and yet no time, such as February 30th.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
