import { exchangeDays, timeframeMinutes } from '@sentinel/contracts/market';
import { type BarColumns, figureAt } from './bar-columns.ts';
import type { BarFile } from './bar-file.ts';
import { judgeClock } from './clock-proof.ts';
import { type Faults, faultsOf, refuseFaults } from './faults.ts';
import { countOf, gapNotes } from './gaps.ts';
import type { History } from './history.ts';
import { type ReplayCalendar, replaySession, type Session } from './sessions.ts';

/** What a file's bars are worth in sessions; the texts say what was left out or stands in for a gap. */
export type BarSessions = {
  readonly bars: Omit<History, 'symbol' | 'timeframe'>;
  readonly sessions: ReadonlyMap<number, Session>;
  readonly notes: readonly string[];
};

/** Bars stamped in UTC without saying so begin four or five hours after New York's open. */
const morningMs = 3 * 3_600_000;

/** For files of a few days, whose volumes prove nothing. */
const refuseUnmarkedUtc = (
  bars: BarColumns,
  sessions: ReadonlyMap<number, Session>,
  faults: Faults,
): void => {
  let late: number | undefined;
  for (let i = 0; i < bars.length; i++) {
    const session = sessions.get(figureAt(bars.day, i));
    const startMs = figureAt(bars.startMs, i);
    const sinceOpen = startMs - (session?.openMs ?? 0);
    if (sinceOpen >= 0 && sinceOpen < morningMs) return;
    if (late === undefined && startMs >= (session?.closeMs ?? 0)) late = bars.line[i];
  }
  if (late !== undefined)
    faults.add(
      'clock',
      late,
      'is after the close, and no bar of the file lies in a morning: if its times are UTC, end each with Z',
    );
};

const placeOf: Readonly<Record<string, string>> = {
  'Etc/GMT+5': 'New York winter time all year',
  'America/New_York': 'New York',
};

/** What the volumes say of a file's clock, where they contradict how it would be read. */
const judgeTimes = (barFile: BarFile, faults: Faults): readonly string[] => {
  const { file, bars, timeframe, saysZone } = barFile;
  const verdict = judgeClock(bars, timeframeMinutes[timeframe], saysZone);
  if (verdict.is === 'proved') return [];
  if (verdict.is === 'unproved')
    return saysZone
      ? []
      : [`${file}: nothing in its volumes shows that its times are New York’s, as they are taken`];
  const { zone, stamp, ratio } = verdict.reading;
  const where = placeOf[zone] ?? zone;
  const times = Number.isFinite(ratio) ? `${ratio.toFixed(0)} times as much` : 'all';
  const mend =
    zone === 'UTC'
      ? 'end each with Z, or import it with --zone UTC'
      : `import it with --zone ${zone}`;
  faults.add(
    'clock',
    bars.line[0] ?? 1,
    zone === 'America/New_York'
      ? `the bars are stamped at their ${stamp}: the volume sets in one bar after 09:30; import the file with --stamp ${stamp}`
      : `the times look like ${where}: read so, ${times} trades from the open on as before it${stamp === 'end' ? ', by bars stamped at their end' : ''}; ${mend}${stamp === 'end' ? ' --stamp end' : ''}`,
  );
  return [];
};

const sessionsOf = (
  { bars }: BarFile,
  rule: ReplayCalendar,
  faults: Faults,
): ReadonlyMap<number, Session> => {
  const sessions = new Map<number, Session>();
  let last: number | undefined;
  for (let i = 0; i < bars.length; i++) {
    const day = figureAt(bars.day, i);
    if (day === last) continue;
    last = day;
    const session = replaySession(rule, day);
    if ('closedBy' in session)
      faults.add(
        'closed',
        figureAt(bars.line, i),
        `${exchangeDays.dateOf(day)} is no trading day of ${session.closedBy}; bars of a market that trades on it need HISTORICAL_CALENDAR=every-day`,
      );
    else sessions.set(day, session);
  }
  return sessions;
};

type Hours = {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly kept: Int32Array;
};

/** When each bar within a session begins and ends, and which bars of the file those are. */
const hoursOf = (
  { bars, timeframe }: BarFile,
  sessions: ReadonlyMap<number, Session>,
  faults: Faults,
): Hours => {
  const lengthMs = timeframeMinutes[timeframe] * 60_000;
  const [start, end] = [new Float64Array(bars.length), new Float64Array(bars.length)];
  const kept = new Int32Array(bars.length);
  let [count, day, before] = [0, Number.NaN, 0];
  let session: Session | undefined;
  for (let i = 0; i < bars.length; i++) {
    if (bars.day[i] !== day) {
      day = figureAt(bars.day, i);
      session = sessions.get(day);
    }
    if (session === undefined) continue;
    const startMs = timeframe === '1Day' ? session.openMs : figureAt(bars.startMs, i);
    if (startMs < session.openMs || startMs >= session.closeMs) continue;
    const endMs =
      timeframe === '1Day' ? session.closeMs : Math.min(startMs + lengthMs, session.closeMs);
    if (startMs < before)
      faults.add('overlap', figureAt(bars.line, i), 'overlaps the bar above it');
    before = endMs;
    start[count] = startMs;
    end[count] = endMs;
    kept[count] = i;
    count++;
  }
  return {
    start: start.subarray(0, count),
    end: end.subarray(0, count),
    kept: kept.subarray(0, count),
  };
};

/**
 * Which bar lies where: those outside a session are left out and told, those on a closed day refused.
 * @throws UnfitBars
 */
export const barSessions = (barFile: BarFile, rule: ReplayCalendar): BarSessions => {
  const { file, timeframe, bars } = barFile;
  const faults = faultsOf(file);
  const sessions = sessionsOf(barFile, rule, faults);
  const isIntraday = timeframe !== '1Day';
  const clockNotes = isIntraday && rule === 'nyse' ? judgeTimes(barFile, faults) : [];
  if (isIntraday && !faults.any()) refuseUnmarkedUtc(bars, sessions, faults);
  const { start, end, kept } = hoursOf(barFile, sessions, faults);
  if (kept.length === 0 && !faults.any())
    faults.add('hours', 1, 'no bar lies within the hours of a session');
  refuseFaults(faults.list());
  const keptDays = new Set<number>();
  for (const i of kept) keptDays.add(bars.day[i] ?? 0);
  const outside = bars.length - kept.length;
  const pick = (column: Float64Array) =>
    outside === 0 ? column : Float64Array.from(kept, (i) => column[i] ?? Number.NaN);
  return {
    bars: {
      day: outside === 0 ? bars.day : Int32Array.from(kept, (i) => bars.day[i] ?? 0),
      start,
      end,
      open: pick(bars.open),
      high: pick(bars.high),
      low: pick(bars.low),
      close: pick(bars.close),
      volume: pick(bars.volume),
    },
    // A day on which every bar lay outside the hours is no session.
    sessions: new Map([...sessions].filter(([day]) => keptDays.has(day))),
    notes: [
      ...gapNotes(file, bars, rule),
      ...clockNotes,
      ...(outside === 0
        ? []
        : [`${file}: ${countOf(outside, 'bar')} outside the session's hours left out`]),
    ],
  };
};
