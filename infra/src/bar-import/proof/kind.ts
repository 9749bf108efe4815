import { exchangeZone } from '@sentinel/contracts/kernel';
import type { SourceTime } from '../columns/times.ts';
import type { Findings } from '../findings.ts';
import type { Series } from '../series.ts';
import { wallClock } from './zone-offsets.ts';

const dayMs = 86_400_000;
/** Bars that stand nearly a day apart are of days. */
const nearlyDay = 20 * 3_600_000;

/** Days since 1970 of a written date. */
const dayNumber = (year: number, month: number, day: number): number =>
  Math.round(Date.UTC(year, month - 1, day) / dayMs);

const dateOfDay = (day: number): string =>
  Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString();

/** The day and the second of it that a zone's clock shows at an instant. */
const shown = (ms: number, zone: string): { readonly day: number; readonly seconds: number } => {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  const wall = ms + offsetNanoseconds / 1e6;
  const day = Math.floor(wall / dayMs);
  return { day, seconds: (wall - day * dayMs) / 1_000 };
};

/** The instant of a time that says its zone, else its wall time as if it were UTC's. */
export const wallMs = (time: SourceTime): number =>
  'epochMs' in time
    ? time.epochMs
    : dayNumber(time.year, time.month, time.day) * dayMs + (time.seconds ?? 0) * 1_000;

/** Epoch milliseconds of times, with one clock for each zone that they name. */
export const instantsOf = () => {
  const clocks = new Map<string, ReturnType<typeof wallClock>>();
  return (time: SourceTime, fallback: string): number => {
    if ('epochMs' in time) return time.epochMs;
    const zone = time.zone ?? fallback;
    const clock = clocks.get(zone) ?? wallClock(zone);
    clocks.set(zone, clock);
    return clock(dayNumber(time.year, time.month, time.day), time.seconds ?? 0);
  };
};

const saysZone = (time: SourceTime): boolean => 'epochMs' in time || time.zone !== undefined;

export type Kind =
  | { readonly is: 'daily'; readonly dates: readonly string[] }
  | { readonly is: 'intraday'; readonly saysZone: boolean };

const areDayApart = (series: Series): boolean => {
  const times = series.bars.map(({ time }) => wallMs(time)).sort((a, b) => a - b);
  const steps = times.slice(1).map((ms, i) => ms - (times[i] ?? 0));
  return steps.every((step) => step === 0 || step >= nearlyDay);
};

/** Dates of daily bars that are stamped with a time of the day, all with the same. */
const stampedDates = (series: Series, findings: Findings): readonly string[] | undefined => {
  const times = series.bars.map(({ time }) => time);
  const local = times.map((time) => ('epochMs' in time ? undefined : time.seconds));
  const [first] = local;
  if (first !== undefined && local.every((seconds) => seconds === first)) {
    findings.proved('cadence', 'daily, each stamped at the same time of its day');
    return times.map((time) =>
      'epochMs' in time ? '' : dateOfDay(dayNumber(time.year, time.month, time.day)),
    );
  }
  const instant = instantsOf();
  for (const zone of ['UTC', exchangeZone]) {
    const days = times.map((time) => shown(instant(time, zone), zone));
    const seconds = days[0]?.seconds;
    const fits = days.every((day) => day.seconds === seconds) && (zone !== 'UTC' || seconds === 0);
    if (!fits) continue;
    findings.proved(
      'cadence',
      `daily, each stamped at the same time of its day by the clock of ${zone}`,
    );
    return days.map(({ day }) => dateOfDay(day));
  }
  return undefined;
};

/** Whether a series is of days or of less; undefined, and told, when its times are of both. */
export const kindOf = (series: Series, findings: Findings): Kind | undefined => {
  const times = series.bars.map(({ time }) => time);
  const dates = times.filter((time) => !('epochMs' in time) && time.seconds === undefined);
  if (dates.length === times.length) {
    const written = times.map((time) =>
      'epochMs' in time ? '' : dateOfDay(dayNumber(time.year, time.month, time.day)),
    );
    return { is: 'daily', dates: written };
  }
  if (dates.length > 0) {
    findings.refused(
      'cadence',
      'holds dates and times: import daily bars and shorter ones into libraries of their own',
    );
    return undefined;
  }
  const stamped = areDayApart(series) ? stampedDates(series, findings) : undefined;
  if (stamped !== undefined) return { is: 'daily', dates: stamped };
  const said = times.filter(saysZone).length;
  if (said !== 0 && said !== times.length) {
    findings.refused('zone', 'some of its times say their zone and others do not');
    return undefined;
  }
  return { is: 'intraday', saysZone: said > 0 };
};
