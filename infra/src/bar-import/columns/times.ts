import { isZone } from './known-zone.ts';

/** A time as a source writes it, before anything is known of its zone. */
export type WrittenTime = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Since midnight; undefined for a date alone. */
  readonly seconds: number | undefined;
  /** An offset or a zone's name, where the source says one. */
  readonly zone: string | undefined;
};

/** An instant that a source counts from 1970; its zone is UTC by what it is. */
export type CountedTime = { readonly epochMs: number };

export type SourceTime = WrittenTime | CountedTime;

export type DateOrder = 'ymd' | 'mdy' | 'dmy';

const monthNames = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
];
const zoneNames: Readonly<Record<string, string>> = {
  z: 'UTC',
  utc: 'UTC',
  gmt: 'UTC',
  est: '-05:00',
  edt: '-04:00',
  cst: '-06:00',
  cdt: '-05:00',
  pst: '-08:00',
  pdt: '-07:00',
  'us/eastern': 'America/New_York',
  'us/central': 'America/Chicago',
  'us/pacific': 'America/Los_Angeles',
  et: 'America/New_York',
};

/** A zone as sources write it; undefined for what is none. */
export const zoneFrom = (text: string): string | undefined => {
  const bare = text.trim();
  const named = zoneNames[bare.toLowerCase()];
  if (named !== undefined) return named;
  const offset = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i.exec(bare);
  const name =
    offset === null
      ? /^[A-Za-z]+\/[A-Za-z_]+(\/[A-Za-z_]+)?$/.exec(bare)?.[0]
      : `${offset[1]}${offset[2]?.padStart(2, '0')}:${offset[3] ?? '00'}`;
  return name !== undefined && isZone(name) ? name : undefined;
};

/** Digits of seconds, milli-, micro- and nanoseconds since 1970, for times from 1990 to 2100. */
const counted = (digits: string): CountedTime | undefined => {
  const value = BigInt(digits);
  const units = [
    [1n, 1_000n],
    [1_000n, 1n],
    [1_000_000n, 0n],
    [1_000_000_000n, 0n],
  ] as const;
  for (const [perSecond] of units) {
    const seconds = value / perSecond;
    if (seconds >= 200_000_000n && seconds <= 4_200_000_000n)
      return { epochMs: Number((value * 1_000n) / perSecond) };
  }
  return undefined;
};

/** Seconds since midnight of `9:30`, `09:30:00.000`, `0930`, `093000`, `9:30 AM`; undefined otherwise. */
const secondsOf = (text: string): number | undefined => {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?$/.exec(text.trim());
  const packed = match === null ? /^(\d{1,2})(\d{2})(\d{2})?$/.exec(text.trim()) : null;
  const [, hours = '', minutes = '', seconds = '0', half] = match ?? packed ?? [];
  if (hours === '') return undefined;
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  }
  if (hour > 24 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const total = hour * 3_600 + Number(minutes) * 60 + Number(seconds);
  return total <= 86_400 ? total : undefined;
};

const fullYear = (text: string): number => {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 70 ? 2_000 + year : 1_900 + year;
};

type DateParts = {
  readonly parts: readonly [string, string, string];
  readonly order: DateOrder | undefined;
};

/** The three numbers of a date; `order` is undefined where only the other rows can tell it. */
const dateParts = (text: string): DateParts | undefined => {
  const iso =
    /^(\d{4})([-/.]?)(\d{2})\2(\d{2})$/.exec(text) ??
    /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text);
  if (iso !== null) return { parts: [iso[1] ?? '', iso[3] ?? '', iso[4] ?? ''], order: 'ymd' };
  const numeric = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text);
  if (numeric !== null)
    return { parts: [numeric[1] ?? '', numeric[3] ?? '', numeric[4] ?? ''], order: undefined };
  const month = (name: string) => String(monthNames.indexOf(name.slice(0, 3).toLowerCase()) + 1);
  const american = /^([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})$/.exec(text);
  if (american !== null && month(american[1] ?? '') !== '0')
    return {
      parts: [american[3] ?? '', month(american[1] ?? ''), american[2] ?? ''],
      order: 'ymd',
    };
  const european = /^(\d{1,2})[- ]([A-Za-z]{3,9})\.?[- ](\d{4}|\d{2})$/.exec(text);
  if (european !== null && month(european[2] ?? '') !== '0')
    return {
      parts: [european[3] ?? '', month(european[2] ?? ''), european[1] ?? ''],
      order: 'ymd',
    };
  return undefined;
};

/** The first two numbers of a date whose order is open; undefined for any other text. */
export const openDate = (text: string): readonly [number, number] | undefined => {
  const found = dateParts(splitTime(text.trim()).date);
  if (found === undefined || found.order !== undefined) return undefined;
  return [Number(found.parts[0]), Number(found.parts[1])];
};

const splitTime = (
  text: string,
): { readonly date: string; readonly clock: string; readonly zone: string | undefined } => {
  const match =
    /^(.+?)[T ,;]\s*(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AaPp][Mm])?|\d{6})\s*(.*)$/.exec(
      text,
    );
  if (match === null) return { date: text, clock: '', zone: undefined };
  const rest = match[3]?.trim() ?? '';
  return { date: match[1] ?? '', clock: match[2] ?? '', zone: rest === '' ? undefined : rest };
};

/** What a date looks like without its figures: those of one column look alike. */
export const dateForm = (text: string): string =>
  splitTime(text.trim())
    .date.replace(/\d+/g, '9')
    .replace(/[A-Za-z]+/g, 'a');

/**
 * Reads one time. `order` is that of dates such as 03/04/2020. Undefined when the text is no time, or
 * no day of any calendar.
 */
export const timeOf = (text: string, order: DateOrder): SourceTime | undefined => {
  const bare = text.trim();
  if (/^\d{9,19}(\.0+)?$/.test(bare)) return counted(bare.replace(/\..*$/, ''));
  const { date, clock, zone: said } = splitTime(bare);
  const found = dateParts(date.trim());
  if (found === undefined) return undefined;
  const [a, b, c] = found.parts;
  const [year, month, day] =
    found.order === 'ymd' ? [a, b, c] : order === 'dmy' ? [c, b, a] : [c, a, b];
  const zone = said === undefined ? undefined : zoneFrom(said);
  const seconds = clock === '' ? undefined : secondsOf(clock);
  if ((said !== undefined && zone === undefined) || (clock !== '' && seconds === undefined))
    return undefined;
  const time = { year: fullYear(year), month: Number(month), day: Number(day), seconds, zone };
  try {
    Temporal.PlainDate.from(
      { year: time.year, month: time.month, day: time.day },
      { overflow: 'reject' },
    );
    return time;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
