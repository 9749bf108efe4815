import { everyDayCalendar, exchangeDays, timeframeMinutes } from '@sentinel/contracts/market';
import type { BarFile, FileBar } from './bar-file.ts';
import { badData } from './csv.ts';
import type { HistoryBar } from './history.ts';
import { type ReplayCalendar, replaySession, type Session } from './sessions.ts';

/** What a file's bars are worth in sessions; the texts say what was left out or stands in for a gap. */
export type BarSessions = {
  readonly bars: readonly HistoryBar[];
  readonly sessions: ReadonlyMap<number, Session>;
  readonly notes: readonly string[];
};

const countOf = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

/** Bars stamped in UTC without saying so begin four or five hours after New York's open. */
const morningMs = 3 * 3_600_000;

const refuseUnmarkedUtc = (
  { file, bars }: BarFile,
  sessions: ReadonlyMap<number, Session>,
): void => {
  const sinceOpen = (bar: FileBar) => bar.startMs - (sessions.get(bar.day)?.openMs ?? 0);
  const morning = bars.some((bar) => sinceOpen(bar) >= 0 && sinceOpen(bar) < morningMs);
  const late = bars.find((bar) => bar.startMs >= (sessions.get(bar.day)?.closeMs ?? 0));
  if (!morning && late !== undefined)
    throw badData(
      file,
      late.line,
      'is after the close, and no bar of the file lies in a morning: if its times are UTC, end each with Z',
    );
};

/** Days between two bars of one file on which an exchange traded, and the file has no bar. */
const missingBetween = (rule: ReplayCalendar, from: number, to: number): readonly number[] => {
  const missing: number[] = [];
  for (let day = from + 1; day < to; day++) {
    const session = replaySession(rule, day);
    if ('day' in session && session.calendar !== everyDayCalendar.name) missing.push(day);
  }
  return missing;
};

const gapNotes = ({ file, bars }: BarFile, rule: ReplayCalendar): readonly string[] =>
  bars.flatMap((bar, i) => {
    const before = bars[i - 1];
    if (before === undefined || bar.day - before.day < 2) return [];
    const missing = missingBetween(rule, before.day, bar.day);
    const [first] = missing;
    if (first === undefined) return [];
    const days = countOf(missing.length, 'trading day');
    return [
      `${file} line ${bar.line}: no bars on ${days} before it, from ${exchangeDays.dateOf(first)}`,
    ];
  });

/** Which bar lies where: those outside a session are left out and told, those on a closed day refused. */
export const barSessions = (barFile: BarFile, rule: ReplayCalendar): BarSessions => {
  const { file, timeframe, bars } = barFile;
  const sessions = new Map<number, Session>();
  for (const { day, line } of bars) {
    if (sessions.has(day)) continue;
    const session = replaySession(rule, day);
    if ('closedBy' in session)
      throw badData(
        file,
        line,
        `${exchangeDays.dateOf(day)} is no trading day of ${session.closedBy}; bars of a market that trades on it need HISTORICAL_CALENDAR=every-day`,
      );
    sessions.set(day, session);
  }
  if (timeframe !== '1Day') refuseUnmarkedUtc(barFile, sessions);
  const lengthMs = timeframeMinutes[timeframe] * 60_000;
  const kept = bars.flatMap((bar) => {
    const session = sessions.get(bar.day);
    if (session === undefined) return [];
    if (timeframe === '1Day') return [{ ...bar, start: session.openMs, end: session.closeMs }];
    if (bar.startMs < session.openMs || bar.startMs >= session.closeMs) return [];
    return [{ ...bar, start: bar.startMs, end: Math.min(bar.startMs + lengthMs, session.closeMs) }];
  });
  const overlap = kept.find((bar, i) => bar.start < (kept[i - 1]?.end ?? 0));
  if (overlap !== undefined) throw badData(file, overlap.line, 'overlaps the bar above it');
  if (kept.length === 0) throw badData(file, 1, 'no bar lies within the hours of a session');
  const outside = bars.length - kept.length;
  const notes = [
    ...gapNotes(barFile, rule),
    ...(outside === 0
      ? []
      : [`${file}: ${countOf(outside, 'bar')} outside the session's hours left out`]),
  ];
  return { bars: kept, sessions, notes };
};
