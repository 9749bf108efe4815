import { exchangeDays } from '@sentinel/contracts/market';
import { textBetween } from './csv-bytes.ts';
import { instantOf, isDate, saysZone } from './time-text.ts';

const [zero, colon, capitalT, space, capitalZ, dash] = [48, 58, 84, 32, 90, 45];
const [dateLength, minuteLength, secondLength] = [10, 16, 19];
/** New York's clocks change at 02:00; from here on a wall time has one meaning. */
const settledMinute = 180;

/** What a time in a file says. `saysZone` is false for a wall time that only habit calls New York's. */
export type FileTime = {
  readonly ms: number;
  readonly isDate: boolean;
  readonly saysZone: boolean;
};

/**
 * Reads times from bytes, quickly where a run of lines has one date, else as `instantOf` does.
 * Undefined for what is neither a date nor a time.
 */
export const timeReader = (bytes: Uint8Array) => {
  let [lastFrom, lastDay] = [-1, 0];

  const sameDate = (from: number): boolean => {
    if (lastFrom < 0) return false;
    for (let i = 0; i < dateLength; i++) if (bytes[from + i] !== bytes[lastFrom + i]) return false;
    return true;
  };

  const two = (at: number): number => {
    const [tens, ones] = [(bytes[at] ?? 0) - zero, (bytes[at + 1] ?? 0) - zero];
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
  };

  /** By arithmetic: a library of days has a new date on each of millions of lines. */
  const dayAt = (from: number): number | undefined => {
    if (sameDate(from)) return lastDay;
    if (bytes[from + 4] !== dash || bytes[from + 7] !== dash) return undefined;
    const [year, month, day] = [two(from) * 100 + two(from + 2), two(from + 5), two(from + 8)];
    const ms = Date.UTC(year, month - 1, day);
    const isDay = month >= 1 && month <= 12 && day >= 1 && new Date(ms).getUTCDate() === day;
    if (!isDay || !(year >= 100)) return undefined;
    lastFrom = from;
    lastDay = ms / 86_400_000;
    return lastDay;
  };

  /** Seconds of the day of `HH:MM` or `HH:MM:SS`; NaN for anything else. */
  const secondsAt = (from: number, to: number): number => {
    if (bytes[from + 2] !== colon) return Number.NaN;
    const seconds = to - from === 5 ? 0 : bytes[from + 5] === colon ? two(from + 6) : Number.NaN;
    const [hours, minutes] = [two(from), two(from + 3)];
    if (!(hours <= 23 && minutes <= 59 && seconds <= 59)) return Number.NaN;
    return hours * 3_600 + minutes * 60 + seconds;
  };

  const quick = (from: number, to: number): FileTime | undefined => {
    const day = dayAt(from);
    if (day === undefined) return undefined;
    if (to - from === dateLength)
      return { ms: exchangeDays.startOf(day), isDate: true, saysZone: true };
    const isUtc = bytes[to - 1] === capitalZ;
    const end = isUtc ? to - 1 : to;
    const between = bytes[from + dateLength];
    const length = end - from;
    if (length !== minuteLength && length !== secondLength) return undefined;
    if (between !== capitalT && between !== space) return undefined;
    const seconds = secondsAt(from + dateLength + 1, end);
    if (Number.isNaN(seconds)) return undefined;
    if (isUtc) return { ms: day * 86_400_000 + seconds * 1_000, isDate: false, saysZone: true };
    if (seconds < settledMinute * 60) return undefined;
    return { ms: exchangeDays.minuteOf(day, seconds / 60), isDate: false, saysZone: false };
  };

  return (from: number, to: number): FileTime | undefined => {
    const known = quick(from, to);
    if (known !== undefined) return known;
    const text = textBetween(bytes, from, to);
    const ms = instantOf(text);
    return ms === undefined ? undefined : { ms, isDate: isDate(text), saysZone: saysZone(text) };
  };
};
