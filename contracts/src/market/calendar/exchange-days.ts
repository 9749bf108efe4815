import { exchangeZone, type TradingDate } from '../../kernel/index.ts';

const dayMs = 86_400_000;

/** The days whose midnights are kept, once asked for: 1970 to 2099. */
const keptDays = 47_482;
const midnights = new Float64Array(keptDays).fill(Number.NaN);
const dates: (TradingDate | undefined)[] = Array.from({ length: keptDays });

const epoch = Temporal.PlainDate.from('1970-01-01');
const plainDate = (day: number): Temporal.PlainDate => epoch.add({ days: day });
const zonedMidnight = (day: number): number =>
  plainDate(day).toZonedDateTime(exchangeZone).epochMilliseconds;

const midnight = (day: number): number => {
  const kept = midnights[day];
  if (kept === undefined) return zonedMidnight(day);
  if (!Number.isNaN(kept)) return kept;
  const found = zonedMidnight(day);
  midnights[day] = found;
  return found;
};

const dateOf = (day: number): TradingDate => {
  const kept = dates[day];
  if (kept !== undefined) return kept;
  const text = plainDate(day).toString() as TradingDate;
  if (day >= 0 && day < keptDays) dates[day] = text;
  return text;
};

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
  /** The instant at which New York's clocks show `minute` of `day`, from 03:00 on: epoch ms. */
  minuteOf: (day: number, minute: number): number => midnight(day + 1) - (1_440 - minute) * 60_000,
  dateOf,
  /** Throws RangeError when the text is no date. */
  fromDate: (date: string): number =>
    epoch.until(Temporal.PlainDate.from(date), { largestUnit: 'days' }).days,
  /** 1 is Monday, 7 is Sunday. */
  weekdayOf: (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1,
} as const;
