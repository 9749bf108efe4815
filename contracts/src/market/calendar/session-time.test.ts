import { describe, expect, test } from 'vitest';
import { alwaysOpenCalendar, everyDayCalendar } from './daily-calendars.ts';
import { calendarNamed } from './named.ts';
import { nyseCalendar } from './nyse.ts';
import {
  isWithin,
  minutesAfterOpen,
  noSession,
  openingBreak,
  openingRange,
  sessionKeys,
} from './session-time.ts';

const nyse = nyseCalendar();
const newYork = (local: string) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime('America/New_York').epochMilliseconds;
const starts = (...locals: readonly string[]) => Float64Array.from(locals, newYork);

describe('D8: hours are New York’s, not UTC’s', () => {
  test.each(['2026-01-14', '2026-07-14'])(
    '09:50 of %s is in the time of the opening break',
    (day) => {
      expect(isWithin(nyse, newYork(`${day}T09:50`), openingBreak)).toBe(true);
      expect(isWithin(nyse, newYork(`${day}T09:50`), openingRange)).toBe(false);
      for (const [time, range, afterwards] of [
        ['09:29:59', false, false],
        ['09:30', true, false],
        ['09:44:59', true, false],
        ['09:45', false, true],
        ['10:59:59', false, true],
        ['11:00', false, false],
        ['14:00', false, false],
      ] as const) {
        expect(isWithin(nyse, newYork(`${day}T${time}`), openingRange)).toBe(range);
        expect(isWithin(nyse, newYork(`${day}T${time}`), openingBreak)).toBe(afterwards);
      }
    },
  );

  test('the same UTC time is inside in July and outside in January', () => {
    const utc = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
    expect(isWithin(nyse, utc('2026-07-14T13:50:00Z'), openingBreak)).toBe(true);
    expect(isWithin(nyse, utc('2026-01-14T13:50:00Z'), openingBreak)).toBe(false);
  });

  test.each([
    ['a Sunday', '2026-11-22T10:00'],
    ['a holiday', '2026-11-26T10:00'],
    ['the evening of a half day', '2026-11-27T13:00'],
  ])('on %s nothing is in session', (_, local) => {
    expect(nyse.sessionAt(newYork(local))).toBeUndefined();
    expect(isWithin(nyse, newYork(local), { from: -1e6, to: 1e6 })).toBe(false);
  });
});

describe('the columns of a series', () => {
  const series = starts(
    '2026-03-06T08:00',
    '2026-03-06T09:30',
    '2026-03-06T15:59',
    '2026-03-06T19:30',
    '2026-03-07T10:00',
    '2026-03-09T09:30',
    '2026-03-09T09:50',
  );

  test('count minutes from the open, across the change of clocks, and NaN on closed days', () => {
    expect([...minutesAfterOpen(nyse, series)]).toEqual([-90, 0, 389, 600, Number.NaN, 0, 20]);
  });

  test('key each session, and nothing outside one', () => {
    const keys = sessionKeys(nyse, series);
    expect([...keys].map((key) => key === noSession)).toEqual([
      true,
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
    expect(keys[1]).toBe(keys[2]);
    expect(keys[5]).toBe(keys[6]);
    expect(keys[5]).toBeGreaterThan(keys[1] as number);
  });
});

describe('calendars without holidays', () => {
  test('the market that never closes has a session for every instant, also of 23 and 25 hours', () => {
    const hours = ['2026-03-08', '2026-11-01', '2026-11-22'].map((day) => {
      const session = alwaysOpenCalendar.sessionAt(newYork(`${day}T12:00`));
      expect(session?.date).toBe(day);
      return ((session?.closeMs ?? 0) - (session?.openMs ?? 0)) / 3_600_000;
    });
    expect(hours).toEqual([23, 25, 24]);
    const midnight = newYork('2026-11-23T00:00');
    expect(alwaysOpenCalendar.sessionAt(midnight - 1)?.date).toBe('2026-11-22');
    expect(alwaysOpenCalendar.sessionAt(midnight)?.date).toBe('2026-11-23');
    expect(alwaysOpenCalendar.previousSession(midnight).date).toBe('2026-11-22');
    expect(alwaysOpenCalendar.nextSession(midnight).date).toBe('2026-11-24');
  });

  test('its weeks run from Monday to Sunday in New York', () => {
    const sunday = alwaysOpenCalendar.sessionAt(newYork('2026-11-22T23:30'));
    const monday = alwaysOpenCalendar.sessionAt(newYork('2026-11-23T00:30'));
    expect(sunday && alwaysOpenCalendar.weekStart(sunday.date)?.date).toBe('2026-11-16');
    expect(monday && alwaysOpenCalendar.weekStart(monday.date)?.date).toBe('2026-11-23');
  });

  test('every day from 09:30 to 16:00 also where clocks change at night, and long before 1970', () => {
    for (const day of ['1950-01-03', '2026-03-08', '2026-11-01', '2026-11-22']) {
      expect(everyDayCalendar.sessionAt(newYork(`${day}T09:29:59.999`))).toBeUndefined();
      expect(everyDayCalendar.sessionAt(newYork(`${day}T09:30`))?.date).toBe(day);
      expect(everyDayCalendar.sessionAt(newYork(`${day}T15:59:59.999`))?.date).toBe(day);
      expect(everyDayCalendar.sessionAt(newYork(`${day}T16:00`))).toBeUndefined();
    }
  });

  test('a recorded name finds its calendar', () => {
    for (const calendar of [nyse, alwaysOpenCalendar, everyDayCalendar])
      expect(calendarNamed(calendar.name)).toBe(calendar);
    expect(() => calendarNamed('NYSE-0')).toThrow('there is no calendar NYSE-0');
    expect(() => calendarNamed('toString')).toThrow(RangeError);
  });
});
