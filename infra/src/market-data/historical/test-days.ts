import { exchangeDays, nyseCalendar } from '@sentinel/contracts/market';

/** Trading days of the NYSE from a date on. */
export const tradingDays = (from: string, count: number): readonly number[] => {
  const days: number[] = [];
  for (let day = exchangeDays.fromDate(from); days.length < count; day++)
    if (nyseCalendar().sessionOfDay(day) !== undefined) days.push(day);
  return days;
};

/** How a file of test days is written. */
export type DayShape = {
  readonly minutes: number;
  /** First minute of the first bar and end of the last, by New York's clock: 570 to 960 are regular hours. */
  readonly hours: readonly [from: number, to: number];
  readonly stamp?: 'start' | 'end';
};

/** Shares a minute, as a large company's trade: a trickle before 09:30, a burst then, a rise to 16:00. */
const sharesAt = (minute: number): number => {
  if (minute < 570) return 40 + (minute % 7);
  if (minute >= 960) return minute < 965 ? 9_000 : 60;
  const [sinceOpen, toClose] = [minute - 570, 960 - minute];
  return Math.round(2_000 + 30_000 / (1 + sinceOpen) + 12_000 / (1 + toClose));
};

/** One bar of a test day: what its stamp is as an instant, a price that wanders, and its shares. */
export type TestBar = { readonly stampMs: number; readonly price: number; readonly volume: number };

/** Intraday bars of some days, with the volumes that a real day has. */
export const barsOfDays = (days: readonly number[], shape: DayShape): readonly TestBar[] =>
  days.flatMap((day, n) => {
    const bars: TestBar[] = [];
    for (let from = shape.hours[0]; from < shape.hours[1]; from += shape.minutes) {
      let volume = 0;
      for (let minute = from; minute < from + shape.minutes; minute++) volume += sharesAt(minute);
      const stamped = shape.stamp === 'end' ? from + shape.minutes : from;
      const price = 100 + n / 10 + Math.round(30 * Math.sin(from / 40)) / 100;
      bars.push({ stampMs: exchangeDays.minuteOf(day, stamped), price, volume });
    }
    return bars;
  });

/** A wall time in a zone, as exports write it. */
const wallTime = (ms: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ');

/** The bars as a file of the strict shape, with wall times of a zone. */
export const stampedFile = (bars: readonly TestBar[], zone: string): string =>
  [
    'timestamp,open,high,low,close,volume',
    ...bars.map(({ stampMs, price, volume }) => {
      const [open, high, low] = [price, price + 0.2, price - 0.2].map((figure) =>
        figure.toFixed(2),
      );
      return `${wallTime(stampMs, zone)},${open},${high},${low},${open},${volume}`;
    }),
  ].join('\n');
