import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exchangeDays, nyseCalendar } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { readBarFile } from './bar-file.ts';
import { barSessions } from './bar-sessions.ts';
import type { ReplayCalendar } from './sessions.ts';

const repository = join(import.meta.dirname, '..', '..', '..', '..');

const daily = (dates: readonly string[], rule: ReplayCalendar = 'nyse') =>
  barSessions(
    readBarFile(
      'ABC.csv',
      ['date,open,high,low,close,volume', ...dates.map((date) => `${date},1,1,1,1,100`)].join('\n'),
    ),
    rule,
  );
const timed = (times: readonly string[], rule: ReplayCalendar = 'nyse') =>
  barSessions(
    readBarFile(
      'ABC.csv',
      ['timestamp,open,high,low,close,volume', ...times.map((time) => `${time},1,1,1,1,100`)].join(
        '\n',
      ),
    ),
    rule,
  );

describe('bars and the calendar', () => {
  test('the S&P 500 traded on every session of NYSE-1 from 2000 to 2020, and on no other day', async () => {
    const path = join(repository, 'node_modules/vega-datasets/data/sp500-2000.csv');
    const { bars } = readBarFile('SPX.csv', await readFile(path, 'utf8'));
    const [first, last] = [bars.day[0] ?? 0, bars.day.at(-1) ?? 0];
    const sessions = Array.from({ length: last - first + 1 }, (_, n) => first + n).flatMap(
      (day) => nyseCalendar().sessionOfDay(day)?.date ?? [],
    );
    expect([...bars.day].map((day) => exchangeDays.dateOf(day))).toEqual(sessions);
    expect(sessions.length).toBeGreaterThan(5_000);
  });

  test('a replayed file of AAPL has no gap that its calendar would show', async () => {
    const path = join(repository, 'docs/examples/bars/AAPL.csv');
    const file = readBarFile('AAPL.csv', await readFile(path, 'utf8'));
    expect(barSessions(file, 'nyse').notes).toEqual([]);
  });

  test.each([
    ['a Saturday', '2020-03-07'],
    ['Good Friday', '2020-04-10'],
    ['a day of mourning', '2018-12-05'],
  ])('a bar on %s is refused by line, unless every day is a trading day', (_, date) => {
    expect(() => daily([...new Set(['2018-01-02', date])])).toThrow(
      `ABC.csv line 3: ${date} is no trading day of NYSE-1; bars of a market that trades on it need HISTORICAL_CALENDAR=every-day.`,
    );
    const { bars, sessions } = daily(['2018-01-02', date], 'every-day');
    expect(bars.day.length).toBe(2);
    expect([...sessions.values()].map(({ calendar }) => calendar)).toEqual([
      'every-day-1',
      'every-day-1',
    ]);
  });

  test('years that NYSE-1 does not know have the hours of every day, and gaps but for single days', () => {
    const { sessions, notes } = daily(['1990-11-22', '1990-11-26', '1998-01-02', '2031-01-02']);
    expect([...sessions.values()].map(({ calendar }) => calendar)).toEqual([
      'every-day-1',
      'every-day-1',
      'NYSE-1',
      'every-day-1',
    ]);
    expect(notes.map((note) => note.replace(/\d{3,} trading/, 'many trading'))).toEqual([
      'ABC.csv line 4: no bars on many trading days before it, from 1990-11-27',
      'ABC.csv line 5: no bars on many trading days before it, from 1998-01-05',
      'ABC.csv: no bars on 2 single weekdays of years whose holidays no calendar here knows',
    ]);
  });

  test('trading days without a bar are told by line, and holidays are none', () => {
    expect(daily(['2020-11-25', '2020-11-27', '2020-11-30']).notes).toEqual([]);
    expect(daily(['2020-11-25', '2020-11-30', '2020-12-04']).notes).toEqual([
      'ABC.csv line 3: no bars on 1 trading day before it, from 2020-11-27',
      'ABC.csv line 4: no bars on 3 trading days before it, from 2020-12-01',
    ]);
  });

  test('on a half day a daily bar is complete at 13:00, and later bars are left out and told', () => {
    const closing = Temporal.Instant.from('2020-11-27T18:00:00Z').epochMilliseconds;
    expect(daily(['2020-11-27']).bars.end[0]).toBe(closing);
    const { bars, notes } = timed(
      ['09:30', '12:45', '13:00', '13:15'].map((time) => `2020-11-27 ${time}`),
    );
    expect([...bars.end].map((end) => closing - end)).toEqual([195 * 60_000, 0]);
    expect(notes.slice(1)).toEqual(["ABC.csv: 2 bars outside the session's hours left out"]);
  });

  test('D8: a file in UTC that does not say so is refused, summer and winter', () => {
    const hours = (day: string, from: number) =>
      Array.from({ length: 7 }, (_, n) => `${day} ${from + n}:30`);
    expect(() => timed(hours('2020-07-14', 13))).toThrow(
      'ABC.csv line 5: is after the close, and no bar of the file lies in a morning: if its times are UTC, end each with Z.',
    );
    expect(() => timed(hours('2020-01-14', 14))).toThrow('if its times are UTC');
    expect(timed(hours('2020-01-14', 14).map((time) => `${time}Z`)).bars.day.length).toBe(7);
    expect(timed(['2020-01-14 14:30', '2020-01-14 15:30']).bars.day.length).toBe(2);
  });
});
