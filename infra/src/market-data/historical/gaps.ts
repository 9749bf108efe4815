import { everyDayCalendar, exchangeDays } from '@sentinel/contracts/market';
import { type BarColumns, figureAt } from './bar-columns.ts';
import { type ReplayCalendar, replaySession } from './sessions.ts';

export const countOf = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/** Days without trade that stand alone in a calendar without holidays are most likely such. */
const holiday = 1;
const saturday = 6;

/** Whether a file has bars on weekends as a rule: at least a tenth of them. */
const tradesOnWeekends = ({ length, day }: BarColumns): boolean => {
  let [days, weekends] = [0, 0];
  for (let i = 0; i < length; i++) {
    if (i > 0 && day[i] === day[i - 1]) continue;
    days++;
    if (exchangeDays.weekdayOf(day[i] ?? 0) >= saturday) weekends++;
  }
  return weekends * 10 >= days;
};

/**
 * Days between two bars on which the file's market traded, and it has no bar: by the NYSE's calendar
 * where that rules, else any day of the week on which the file trades at all.
 */
const missingBetween = (
  rule: ReplayCalendar,
  [from, to]: readonly [number, number],
  weekends: boolean,
): { readonly known: readonly number[]; readonly unknown: readonly number[] } => {
  const [known, unknown]: [number[], number[]] = [[], []];
  for (let day = from + 1; day < to; day++) {
    const session = replaySession(rule, day);
    if (!('day' in session)) continue;
    if (session.calendar !== everyDayCalendar.name) known.push(day);
    else if (weekends || exchangeDays.weekdayOf(day) < saturday) unknown.push(day);
  }
  return { known, unknown };
};

/** The gaps of a file, by line; single days of years whose holidays nobody told are counted together. */
export const gapNotes = (
  file: string,
  bars: BarColumns,
  rule: ReplayCalendar,
): readonly string[] => {
  const weekends = tradesOnWeekends(bars);
  const notes: string[] = [];
  let alone = 0;
  for (let i = 1; i < bars.length; i++) {
    const [from, to] = [figureAt(bars.day, i - 1), figureAt(bars.day, i)];
    if (to - from < 2) continue;
    const { known, unknown } = missingBetween(rule, [from, to], weekends);
    const counts = weekends || unknown.length > holiday ? unknown : [];
    if (counts.length === 0) alone += unknown.length;
    const missing = [...known, ...counts].sort((a, b) => a - b);
    const [first] = missing;
    if (first === undefined) continue;
    notes.push(
      `${file} line ${bars.line[i]}: no bars on ${countOf(missing.length, 'trading day')} before it, from ${exchangeDays.dateOf(first)}`,
    );
  }
  if (alone > 0)
    notes.push(
      `${file}: no bars on ${countOf(alone, 'single weekday')} of years whose holidays no calendar here knows`,
    );
  return notes;
};
