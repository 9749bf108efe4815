import type { SessionClosed } from '@sentinel/contracts/execution';
import { money, type TradingDate } from '@sentinel/contracts/kernel';
import {
  alwaysOpenCalendar,
  exchangeDays,
  type MarketCalendar,
  nyseCalendar,
} from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { fold } from '../../kernel/index.ts';
import { limitsWith, noon } from '../../risk/fixtures.ts';
import { type SessionCommand, type SessionEvent, sessionDecider } from '../session/index.ts';
import { testDigest } from '../test-kit/test-desk.ts';

const decider = sessionDecider(testDigest);

const decided = (command: SessionCommand, past: readonly SessionEvent[]) => {
  const outcome = decider.decide(command, fold(decider, past));
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return outcome.value;
};

/** Opens the books of a date on those of the session before; each closes at an equity of its own. */
const session = (
  date: TradingDate,
  previous: { readonly stream: string; readonly closed: SessionClosed } | null,
) => {
  const opening = decided(
    {
      type: 'OpenSession',
      account: 'paper',
      date,
      at: noon,
      endsAt: noon.add({ hours: 4 }),
      previous,
      startingCash: money.of('100000'),
      limits: limitsWith({}),
      halts: [],
      venue: { seed: 1, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' },
    },
    [],
  );
  const [opened] = opening;
  const enabled = decided({ type: 'EnableTrading', at: noon }, opening);
  const close: SessionCommand = { type: 'CloseSession', at: noon, marks: [], asked: [] };
  const closed = decided(close, [...opening, ...enabled]).at(-1);
  if (opened?.type !== 'SessionOpened' || closed?.type !== 'SessionClosed')
    throw new Error('the books did not open and close');
  const cash = money.of(String(exchangeDays.fromDate(date)));
  return { opened: opened.data, closed: { ...closed.data, cash, equity: cash } };
};

/** What each session of a chain measures the week's and the day's loss from. */
const starts = (dates: readonly TradingDate[]) => {
  let previous: { readonly stream: string; readonly closed: SessionClosed } | null = null;
  const books: { date: TradingDate; week: string; day: string }[] = [];
  for (const date of dates) {
    const { opened, closed } = session(date, previous);
    const { weekStartEquity, equity } = opened;
    books.push({ date, week: money.format(weekStartEquity), day: money.format(equity) });
    previous = { stream: `session-paper-${date}`, closed };
  }
  return books;
};

const datesOf = (calendar: MarketCalendar, from: string, to: string): readonly TradingDate[] => {
  const [first, last] = [exchangeDays.fromDate(from), exchangeDays.fromDate(to)];
  return Array.from({ length: last - first + 1 }, (_, n) => first + n).flatMap(
    (day) => calendar.sessionOfDay(day)?.date ?? [],
  );
};

describe('the week’s loss is measured', () => {
  test('from the Tuesday after a holiday on Monday, to the Friday', () => {
    const books = starts(datesOf(nyseCalendar(), '2026-01-12', '2026-01-26'));
    const friday = books.find(({ date }) => date === '2026-01-16');
    const tuesday = books.find(({ date }) => date === '2026-01-20');
    expect(friday?.week).not.toBe(tuesday?.week);
    expect(tuesday?.week).toBe(tuesday?.day);
    const week = books.filter(({ date }) => date >= '2026-01-20' && date <= '2026-01-23');
    expect(new Set(week.map((book) => book.week)).size).toBe(1);
    expect(new Set(week.map((book) => book.day)).size).toBe(4);
    expect(books.at(-1)?.week).toBe(books.at(-1)?.day);
  });

  test.each([
    ['NYSE-1', nyseCalendar(), '2001-08-27', '2003-01-10'],
    ['the market that never closes', alwaysOpenCalendar, '2026-02-23', '2027-01-10'],
  ])('anew from each week’s first session, and nowhere else, on %s', (_, calendar, from, to) => {
    const books = starts(datesOf(calendar, from, to));
    expect(books.length).toBeGreaterThan(300);
    books.forEach(({ date, week, day }, n) => {
      const first = calendar.weekStart(date)?.date;
      expect([date, week]).toEqual([date, first === date ? day : books[n - 1]?.week]);
    });
  });

  test('anew after weeks in which no session was opened', () => {
    const [, later] = starts(['2026-01-14', '2026-02-05'] as TradingDate[]);
    expect(later?.week).toBe(later?.day);
    const [, sameWeek] = starts(['2026-01-14', '2026-01-16'] as TradingDate[]);
    expect(sameWeek?.week).not.toBe(sameWeek?.day);
  });
});
