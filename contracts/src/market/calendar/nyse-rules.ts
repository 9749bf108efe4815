import { exchangeDays } from './exchange-days.ts';

/** The years of NYSE-1. Before 1998 Martin Luther King's day was no holiday; after 2030 nobody knows. */
export const nyseYears = { first: 1998, last: 2030 } as const;

const [monday, thursday, friday, saturday, sunday] = [1, 4, 5, 6, 7] as const;

const dayOf = (year: number, month: number, day: number): number =>
  exchangeDays.fromDate(Temporal.PlainDate.from({ year, month, day }).toString());

/** The third Monday of a month, say, is the first one on or after the 15th. */
const onOrAfter = (weekday: number, day: number): number =>
  day + ((weekday - exchangeDays.weekdayOf(day) + 7) % 7);

/** A Sunday's holiday is kept on Monday, a Saturday's on Friday. */
const observed = (day: number): number => {
  const weekday = exchangeDays.weekdayOf(day);
  if (weekday === sunday) return day + 1;
  return weekday === saturday ? day - 1 : day;
};

/** Easter Sunday by the Gregorian computus of Meeus, Jones and Butcher. */
const easter = (year: number): number => {
  const [golden, century, rest] = [year % 19, Math.floor(year / 100), year % 100];
  const correction = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const sum = epact + weekday - 7 * late + 114;
  return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1);
};

/** New Year's day on a Saturday is not kept: the Friday before closes the year's books. */
const newYear = (year: number): readonly number[] => {
  const day = dayOf(year, 1, 1);
  return exchangeDays.weekdayOf(day) === saturday ? [] : [observed(day)];
};

const holidays = (year: number): readonly number[] => [
  ...newYear(year),
  onOrAfter(monday, dayOf(year, 1, 15)),
  onOrAfter(monday, dayOf(year, 2, 15)),
  easter(year) - 2,
  onOrAfter(monday, dayOf(year, 5, 25)),
  ...(year >= 2022 ? [observed(dayOf(year, 6, 19))] : []),
  observed(dayOf(year, 7, 4)),
  onOrAfter(monday, dayOf(year, 9, 1)),
  onOrAfter(thursday, dayOf(year, 11, 22)),
  observed(dayOf(year, 12, 25)),
];

/** Closures that no rule foretells: attacks, days of mourning for a president, the hurricane Sandy. */
const specialClosures = [
  '2001-09-11',
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11',
  '2007-01-02',
  '2012-10-29',
  '2012-10-30',
  '2018-12-05',
  '2025-01-09',
].map(exchangeDays.fromDate);

/** The Friday after the fourth of July 2002 stood for the third; the last day of 1999 for Y2K. */
const specialHalfDays = ['1999-12-31', '2002-07-05', '2003-12-26'].map(exchangeDays.fromDate);
const fullAfterAll = exchangeDays.fromDate('2002-07-03');

const halfDays = (year: number): readonly number[] => [
  onOrAfter(thursday, dayOf(year, 11, 22)) + 1,
  // On a Friday either is the holiday itself, kept a day early.
  ...[dayOf(year, 7, 3), dayOf(year, 12, 24)].filter(
    (day) => exchangeDays.weekdayOf(day) < friday && day !== fullAfterAll,
  ),
];

const years = Array.from(
  { length: nyseYears.last - nyseYears.first + 1 },
  (_, n) => nyseYears.first + n,
);

/** What the NYSE's rules say of all its years, in numbers of `exchangeDays`. */
export const nyseRules = () => ({
  closed: new Set([...years.flatMap(holidays), ...specialClosures]),
  half: new Set([...years.flatMap(halfDays), ...specialHalfDays]),
  /** The day of remembrance on which trading began at noon. */
  noonOpening: exchangeDays.fromDate('2002-09-11'),
});
