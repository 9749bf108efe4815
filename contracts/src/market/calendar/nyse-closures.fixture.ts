/**
 * Closed weekdays and half days (13:00) of the NYSE, year by year, typed out date by date from
 * knowledge of the exchange's yearly holiday notices, of the dates of Easter and of the closures in
 * the news; the notices themselves were not at hand, and no code made the list, least of all the
 * code that is held against it. 2026 to 2028 are as the exchange announced them together. The half
 * day of 1999-12-31 was decided by its board in June 1999 (Mondo Visione, "The New York Stock
 * Exchange Defers Off-Hours Trading"), the opening at noon of 2002-09-11 is in that day's Variety.
 * The S&P 500's real trading days of 2000 to 2020 bear it out in the tests of replays.
 */
const notices = `
1998 closed 01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25 half 11-27 12-24
1999 closed 01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24 half 11-26 12-31
2000 closed 01-17 02-21 04-21 05-29 07-04 09-04 11-23 12-25 half 07-03 11-24
2001 closed 01-01 01-15 02-19 04-13 05-28 07-04 09-03 09-11 09-12 09-13 09-14 11-22 12-25 half 07-03 11-23 12-24
2002 closed 01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25 half 07-05 11-29 12-24
2003 closed 01-01 01-20 02-17 04-18 05-26 07-04 09-01 11-27 12-25 half 07-03 11-28 12-24 12-26
2004 closed 01-01 01-19 02-16 04-09 05-31 06-11 07-05 09-06 11-25 12-24 half 11-26
2005 closed 01-17 02-21 03-25 05-30 07-04 09-05 11-24 12-26 half 11-25
2006 closed 01-02 01-16 02-20 04-14 05-29 07-04 09-04 11-23 12-25 half 07-03 11-24
2007 closed 01-01 01-02 01-15 02-19 04-06 05-28 07-04 09-03 11-22 12-25 half 07-03 11-23 12-24
2008 closed 01-01 01-21 02-18 03-21 05-26 07-04 09-01 11-27 12-25 half 07-03 11-28 12-24
2009 closed 01-01 01-19 02-16 04-10 05-25 07-03 09-07 11-26 12-25 half 11-27 12-24
2010 closed 01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24 half 11-26
2011 closed 01-17 02-21 04-22 05-30 07-04 09-05 11-24 12-26 half 11-25
2012 closed 01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 12-25 half 07-03 11-23 12-24
2013 closed 01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25 half 07-03 11-29 12-24
2014 closed 01-01 01-20 02-17 04-18 05-26 07-04 09-01 11-27 12-25 half 07-03 11-28 12-24
2015 closed 01-01 01-19 02-16 04-03 05-25 07-03 09-07 11-26 12-25 half 11-27 12-24
2016 closed 01-01 01-18 02-15 03-25 05-30 07-04 09-05 11-24 12-26 half 11-25
2017 closed 01-02 01-16 02-20 04-14 05-29 07-04 09-04 11-23 12-25 half 07-03 11-24
2018 closed 01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25 half 07-03 11-23 12-24
2019 closed 01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25 half 07-03 11-29 12-24
2020 closed 01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25 half 11-27 12-24
2021 closed 01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24 half 11-26
2022 closed 01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26 half 11-25
2023 closed 01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25 half 07-03 11-24
2024 closed 01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25 half 07-03 11-29 12-24
2025 closed 01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25 half 07-03 11-28 12-24
2026 closed 01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25 half 11-27 12-24
2027 closed 01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24 half 11-26
2028 closed 01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25 half 07-03 11-24
`;

/** One year of the notices; the dates stand as they do in the calendar, `1998-01-01`. */
export const nyseNotices = notices
  .trim()
  .split('\n')
  .map((line) => {
    const [year = '', , ...rest] = line.split(' ');
    const half = rest.indexOf('half');
    const dates = (days: readonly string[]) => days.map((day) => `${year}-${day}`);
    return {
      year: Number(year),
      closed: dates(rest.slice(0, half)),
      half: dates(rest.slice(half + 1)),
    };
  });

/** How many days the exchange traded in a year, as commonly published. */
export const tradingDaysOfYear: Readonly<Record<number, number>> = {
  1998: 252,
  2000: 252,
  2001: 248,
  2002: 252,
  2006: 251,
  2007: 251,
  2008: 253,
  2012: 250,
  2017: 251,
  2018: 251,
  2019: 252,
  2020: 253,
  2021: 252,
  2022: 251,
  2023: 250,
  2024: 252,
  2025: 250,
};
