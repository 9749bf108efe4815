import { exchangeZone, type TradingDate } from '@sentinel/contracts/kernel';
import { boundedCache } from './bounded-cache.ts';

const dayMs = 86_400_000;
const rememberedDays = 16_384;

const epoch = Temporal.PlainDate.from('1970-01-01');
const plainDate = boundedCache(rememberedDays, (day: number) => epoch.add({ days: day }));

const midnight = boundedCache(
  rememberedDays,
  (day: number): number => plainDate(day).toZonedDateTime(exchangeZone).epochMilliseconds,
);

/**
 * The exchange's calendar dates as whole numbers, counted from 1970-01-01: cheap to step through,
 * where a zoned date costs microseconds. Days of a clock change last 23 or 25 hours.
 */
export const exchangeDays = {
  /** New York midnight at which `day` begins, in epoch milliseconds. */
  startOf: midnight,
  /** The day in which an instant lies. */
  at: (epochMs: number): number => {
    const day = Math.floor(epochMs / dayMs);
    return midnight(day) <= epochMs ? day : day - 1;
  },
  dateOf: (day: number): TradingDate => plainDate(day).toString() as TradingDate,
  /** Throws RangeError when the text is no date. */
  fromDate: (date: string): number =>
    Temporal.PlainDate.from('1970-01-01').until(Temporal.PlainDate.from(date), {
      largestUnit: 'days',
    }).days,
} as const;
