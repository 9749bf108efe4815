import { exchangeDays } from '@sentinel/contracts/market';
import type { BarColumns } from './bar-columns.ts';

/** Zones that exports of US bars are known to stand in; New York first. `Etc/GMT+5` is winter's all year. */
export const knownZones = [
  'America/New_York',
  'UTC',
  'America/Chicago',
  'America/Los_Angeles',
  'America/Denver',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Athens',
  'Etc/GMT+5',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'Asia/Tokyo',
] as const;

export type Stamp = 'start' | 'end';

/** One reading of a file's clock: what its wall times are, and which end of a bar they tell. */
export type ClockReading = {
  readonly zone: string;
  readonly stamp: Stamp;
  /** Volume of the quarter of an hour (or the bar) from 09:30 on, over that before it. */
  readonly ratio: number;
};

const openingMinute = 570;
const dayMinutes = 1_440;
const window = 15;
/** The right zone gives 36 and more, a wrong one 3.4 and less: the geometric middle. */
const leastRatio = 11;
/** What trades from 09:30 on is a good part of the day; a thin edge of the night is not. */
const leastShare = 0.02;
const mostDays = 120;
/** A day with a smaller part of the middle day's volume than this is an edge of another. */
const leastOfMiddle = 0.1;
/** On so many of the days trade must set in at that time: clocks that change apart agree for half a year. */
const leastDays = 0.8;
/** Fewer days than this prove nothing. */
const fewestDays = 5;

type DayVolumes = { readonly day: number; readonly byMinute: Float64Array; readonly total: number };

/** Minutes of the wall's day, as New York would show them: `startMs` has been read as New York's. */
const wallMinute = (day: number, startMs: number): number =>
  Math.round(dayMinutes - (exchangeDays.startOf(day + 1) - startMs) / 60_000);

/** Volume by minute of some days, spread evenly over the file; a bar without volume weighs one share. */
const sampledDays = ({ length, day, startMs, volume }: BarColumns): readonly DayVolumes[] => {
  const starts: number[] = [];
  for (let i = 0; i < length; i++) if (i === 0 || day[i] !== day[i - 1]) starts.push(i);
  const step = Math.max(1, starts.length / mostDays);
  const days: DayVolumes[] = [];
  for (let n = 0; Math.floor(n) < starts.length; n += step) {
    const from = starts[Math.floor(n)] ?? 0;
    const to = starts[Math.floor(n) + 1] ?? length;
    const [date, byMinute] = [day[from] ?? 0, new Float64Array(dayMinutes)];
    let total = 0;
    for (let i = from; i < to; i++) {
      const minute = wallMinute(date, startMs[i] ?? 0);
      const shares = Math.max(1, volume[i] ?? 0);
      if (minute < 0 || minute >= dayMinutes) continue;
      byMinute[minute] = (byMinute[minute] ?? 0) + shares;
      total += shares;
    }
    days.push({ day: date, byMinute, total });
  }
  // The first hour of a wall day may be the last of New York's: no day of its own.
  const middle = days.map(({ total }) => total).sort((a, b) => a - b)[days.length >> 1] ?? 0;
  return days.filter(({ total }) => total >= leastOfMiddle * middle);
};

/** What a clock in `zone` shows when New York opens on a day, in minutes of its day. */
const openingIn = (zone: string, day: number): number => {
  if (zone === 'America/New_York') return openingMinute;
  const opening = Temporal.Instant.fromEpochMilliseconds(
    exchangeDays.minuteOf(day, openingMinute),
  ).toZonedDateTimeISO(zone);
  return opening.hour * 60 + opening.minute;
};

const sumOf = (byMinute: Float64Array, from: number, to: number): number => {
  let sum = 0;
  for (let minute = Math.max(0, from); minute < Math.min(dayMinutes, to); minute++)
    sum += byMinute[minute] ?? 0;
  return sum;
};

/** Hours that begin on the hour have the opening inside the bar of 09:00. */
const gridOf = (days: readonly DayVolumes[], minutes: number): number => {
  if (minutes < 60) return 0;
  const onTheHour = days.every(({ byMinute }) =>
    byMinute.every((v, minute) => v === 0 || minute % 60 === 0),
  );
  return onTheHour ? 30 : 0;
};

type Trial = { readonly zone: string; readonly stamp: Stamp; readonly minutes: number };

const ratioOf = (
  days: readonly DayVolumes[],
  { zone, stamp, minutes }: Trial,
  span: number,
): number => {
  const lag = (stamp === 'end' ? minutes : 0) - gridOf(days, minutes);
  let [before, after, total, seen] = [0, 0, 0, 0];
  for (const { day, byMinute, total: all } of days) {
    const opening = openingIn(zone, day) + lag;
    const traded = sumOf(byMinute, opening, opening + span);
    before += sumOf(byMinute, opening - span, opening);
    after += traded;
    total += all;
    if (traded > 0) seen++;
  }
  if (seen < fewestDays || seen < leastDays * days.length || after < leastShare * total) return 0;
  return before === 0 ? Number.POSITIVE_INFINITY : after / before;
};

/**
 * The readings of a file's clock that its volumes bear out, the likeliest first. The opening is where
 * trade sets in: over a quarter of an hour that tells the zone, and from one bar to the next, where two
 * readings share a zone, which end of a bar is stamped. Empty when nothing of the kind is to be seen.
 */
export const clockReadings = (
  bars: BarColumns,
  minutes: number,
  zones: readonly string[],
): readonly ClockReading[] => {
  const days = sampledDays(bars);
  if (days.length < fewestDays) return [];
  const span = Math.max(window, minutes);
  return zones
    .flatMap((zone) => {
      const [start, end] = (['start', 'end'] as const).map((stamp) => ({
        zone,
        stamp,
        ratio: ratioOf(days, { zone, stamp, minutes }, span),
        sharp: ratioOf(days, { zone, stamp, minutes }, minutes),
      }));
      if (start === undefined || end === undefined) return [];
      const likelier = end.sharp > start.sharp ? end : start;
      return likelier.ratio >= leastRatio ? [likelier] : [];
    })
    .sort((a, b) => b.ratio - a.ratio)
    .map(({ zone, stamp, ratio }) => ({ zone, stamp, ratio }));
};

/** What a file's clock is, from its own volumes, when it is said to be New York's and of starts. */
export type ClockVerdict =
  | { readonly is: 'proved' }
  | { readonly is: 'unproved' }
  | { readonly is: 'other'; readonly reading: ClockReading };

export const judgeClock = (bars: BarColumns, minutes: number, saysZone: boolean): ClockVerdict => {
  const readings = clockReadings(bars, minutes, saysZone ? knownZones.slice(0, 1) : knownZones);
  const own = readings.find(({ zone }) => zone === 'America/New_York');
  const reading = own ?? readings[0];
  if (reading === undefined) return { is: 'unproved' };
  return own?.stamp === 'start' ? { is: 'proved' } : { is: 'other', reading };
};

/**
 * The readings by which every day begins at 09:30 and ends at 16:00 to the minute, with all its bars:
 * proof enough for files of a day or two.
 */
export const exactHours = (
  bars: BarColumns,
  minutes: number,
  zones: readonly string[],
): readonly ClockReading[] => {
  const days = sampledDays(bars);
  const closing = openingMinute + 390;
  const fits = ({ zone, stamp }: Trial): boolean =>
    days.every(({ day, byMinute, total }) => {
      const late = openingIn(zone, day) - openingMinute + (stamp === 'end' ? minutes : 0);
      const first = byMinute[openingMinute + late] ?? 0;
      const last = byMinute[openingMinute + late + Math.ceil(390 / minutes - 1) * minutes] ?? 0;
      const all = sumOf(byMinute, openingMinute + late, closing + late);
      return first > 0 && last > 0 && Math.abs(all - total) < 1e-6 * total;
    });
  return zones
    .flatMap((zone) => [
      { zone, stamp: 'start', minutes } as const,
      { zone, stamp: 'end', minutes } as const,
    ])
    .filter((trial) => days.length > 0 && fits(trial))
    .map(({ zone, stamp }) => ({ zone, stamp, ratio: Number.POSITIVE_INFINITY }));
};
