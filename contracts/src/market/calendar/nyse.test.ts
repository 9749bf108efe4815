import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exchangeWeek, type TradingDate } from '../../kernel/index.ts';
import { exchangeDays } from './exchange-days.ts';
import { nyseCalendar } from './nyse.ts';
import { nyseNotices, tradingDaysOfYear } from './nyse-closures.fixture.ts';

const nyse = nyseCalendar();
const dayMs = 86_400_000;
const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const date = (text: string) => text as TradingDate;

/** Every date of a year with its weekday, by plain arithmetic in UTC. */
const datesOf = (year: number) => {
  const first = at(`${year}-01-01T00:00:00Z`);
  const days = Math.round((at(`${year + 1}-01-01T00:00:00Z`) - first) / dayMs);
  return Array.from({ length: days }, (_, n) => {
    const midnight = first + n * dayMs;
    const text = Temporal.Instant.fromEpochMilliseconds(midnight).toString().slice(0, 10);
    // 1970-01-01 was a Thursday.
    return { text, midnight, weekday: ((midnight / dayMs + 3) % 7) + 1 };
  });
};

/** The Sundays between which the clocks are an hour ahead, as Congress set them in 1986 and 2005. */
const summerOf = (year: number): readonly [string, string] => {
  const sundays = datesOf(year)
    .filter(({ weekday }) => weekday === 7)
    .map(({ text }) => text.slice(5));
  const within = (month: string) => sundays.filter((day) => day.startsWith(month));
  const days =
    year < 2007 ? [within('04')[0], within('10').at(-1)] : [within('03')[1], within('11')[0]];
  return [`${year}-${days[0]}`, `${year}-${days[1]}`];
};

describe('the NYSE’s calendar', () => {
  test.each(nyseNotices)(
    'has the sessions, half days and hours of $year',
    ({ year, closed, half }) => {
      const [forward, back] = summerOf(year);
      const expected = datesOf(year)
        .filter(({ text, weekday }) => weekday < 6 && !closed.includes(text))
        .map(({ text, midnight }) => {
          const offset = (text >= forward && text < back ? 4 : 5) * 60;
          const opening = text === '2002-09-11' ? 12 * 60 : 9 * 60 + 30;
          const closing = half.includes(text) ? 13 * 60 : 16 * 60;
          return {
            day: midnight / dayMs,
            date: text,
            openMs: midnight + (opening + offset) * 60_000,
            closeMs: midnight + (closing + offset) * 60_000,
            halfDay: half.includes(text),
          };
        });
      const sessions = datesOf(year).flatMap(({ text }) => nyse.sessionOn(date(text)) ?? []);
      expect(sessions).toEqual(expected);
      expect(sessions.length).toBe(tradingDaysOfYear[year] ?? expected.length);
    },
  );

  test('is held against 31 years', () => {
    expect(nyseNotices.map(({ year }) => year)).toEqual(
      Array.from({ length: 31 }, (_, n) => 1998 + n),
    );
  });

  test('names its version and refuses years that it does not know', () => {
    expect([nyse.name, nyse.firstDate, nyse.lastDate]).toEqual([
      'NYSE-1',
      '1998-01-01',
      '2030-12-31',
    ]);
    expect(() => nyse.sessionOn(date('1997-12-31'))).toThrow(
      new RangeError('NYSE-1 knows the days from 1998-01-01 to 2030-12-31, not 1997-12-31'),
    );
    expect(() => nyse.sessionAt(at('2031-01-02T15:00:00Z'))).toThrow('not 2031-01-02');
    expect(() => nyse.nextSession(at('2030-12-31T20:00:00Z'))).toThrow('not 2031-01-01');
    expect(() => nyse.previousSession(at('1998-01-02T14:00:00Z'))).toThrow('not 1997-12-31');
    expect(() => nyse.sessionAt(Number.NaN)).toThrow(RangeError);
  });

  test('opens and closes to the millisecond, and knows its neighbours over a long closure', () => {
    const monday = nyse.sessionOn(date('2001-09-10'));
    const after = nyse.sessionOn(date('2001-09-17'));
    expect(nyse.sessionAt(at('2001-09-10T13:29:59.999Z'))).toBeUndefined();
    expect(nyse.sessionAt(at('2001-09-10T13:30:00Z'))).toBe(monday);
    expect(nyse.sessionAt(at('2001-09-10T19:59:59.999Z'))).toBe(monday);
    expect(nyse.sessionAt(at('2001-09-10T20:00:00Z'))).toBeUndefined();
    expect(nyse.nextSession(at('2001-09-10T13:30:00Z'))).toBe(after);
    expect(nyse.nextSession(at('2001-09-10T13:29:59.999Z'))).toBe(monday);
    expect(nyse.previousSession(at('2001-09-17T13:30:00Z'))).toBe(monday);
    expect(nyse.previousSession(at('2001-09-17T20:00:00Z'))).toBe(after);
  });

  test('agrees with a walk from day to day at any instant', () => {
    const range = { min: at('1999-01-01T00:00:00Z'), max: at('2029-12-01T00:00:00Z') };
    fc.assert(
      fc.property(fc.integer(range), (ms) => {
        const around = Array.from({ length: 29 }, (_, n) => exchangeDays.at(ms) - 14 + n).flatMap(
          (day) => nyse.sessionOfDay(day) ?? [],
        );
        expect(nyse.sessionAt(ms)).toBe(
          around.find(({ openMs, closeMs }) => openMs <= ms && ms < closeMs),
        );
        expect(nyse.nextSession(ms)).toBe(around.find(({ openMs }) => openMs > ms));
        expect(nyse.previousSession(ms)).toBe(around.findLast(({ closeMs }) => closeMs <= ms));
      }),
    );
  });

  test('a week begins with its first session: two dates share it exactly when they share a Monday', () => {
    expect(nyse.weekStart(date('2026-01-23'))?.date).toBe('2026-01-20');
    expect(nyse.weekStart(date('2026-11-29'))?.date).toBe('2026-11-23');
    const days = fc.integer({
      min: exchangeDays.fromDate('1998-01-05'),
      max: exchangeDays.fromDate('2030-12-22'),
    });
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 8 }), (day, later) => {
        const [a, b] = [exchangeDays.dateOf(day), exchangeDays.dateOf(day + later)];
        const [weekA, weekB] = [nyse.weekStart(a), nyse.weekStart(b)];
        expect(weekA === weekB).toBe(exchangeWeek(a) === exchangeWeek(b));
        expect(weekA).toBeDefined();
      }),
    );
  });
});
