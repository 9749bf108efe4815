import type { Row } from '../reading/table.ts';
import type { Role } from './roles.ts';

/** A file without a header, told by its form. */
export type Shape = {
  readonly roles: ReadonlyMap<Role, number>;
  /** For people: what it looks like. */
  readonly looksLike: string;
  /** Power of ten of its prices. */
  readonly scale?: number;
  readonly zone?: string;
  /** Times are milliseconds since midnight of the date in the file's name. */
  readonly sinceMidnight?: boolean;
};

const place = (...roles: readonly (Role | undefined)[]): ReadonlyMap<Role, number> =>
  new Map(roles.flatMap((role, at) => (role === undefined ? [] : [[role, at] as const])));

const all = (rows: readonly Row[], column: number, pattern: RegExp): boolean =>
  rows.length > 0 && rows.every(({ cells }) => pattern.test(cells[column]?.trim() ?? ''));

const date = /^(\d{4}[-./]?\d{2}[-./]?\d{2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})$/;
const clock = /^\d{1,2}:?\d{2}(:?\d{2})?$/;
const whole = /^\d+$/;
const figure = /^[\d.,$eE+-]+[kKmMbB]?$/;

/** Lean keeps prices in hundredths of a cent, in whole numbers of five digits and more. */
const isDeciCents = (rows: readonly Row[], from: number): boolean =>
  [0, 1, 2, 3].every((n) => all(rows, from + n, /^\d{4,10}(\.0)?$/));

/**
 * The shapes of headerless exports. Columns of prices are taken as open, high, low and close only where
 * the second is the highest and the third the lowest of every row, which no other order gives.
 */
export const shapeOf = (rows: readonly Row[], file: string): Shape | undefined => {
  const sample = rows.slice(0, 2_000);
  const width = sample[0]?.cells.length ?? 0;
  const figured = (from: number) => [0, 1, 2, 3, 4].every((n) => all(sample, from + n, figure));
  const inOrder = (from: number) =>
    sample.every(({ cells }) => {
      const [open, high, low, close] = cells
        .slice(from, from + 4)
        .map((cell) => Number(cell.replace(/[$,]/g, '')));
      if (open === undefined || high === undefined || low === undefined || close === undefined)
        return false;
      return !(high < Math.max(open, low, close) || low > Math.min(open, high, close));
    });
  const oneTime = place('time', 'open', 'high', 'low', 'close', 'volume');
  if (width === 12 && all(sample, 0, /^\d{13,16}$/) && all(sample, 6, /^\d{13,16}$/))
    return { roles: oneTime, looksLike: 'Binance klines' };
  if (width === 6 && figured(1) && isDeciCents(sample, 1)) {
    if (all(sample, 0, /^\d{8} \d{2}:\d{2}$/))
      return {
        roles: oneTime,
        looksLike: 'Lean, in deci-cents',
        scale: -4,
        zone: 'America/New_York',
      };
    if (all(sample, 0, /^\d{1,8}$/) && /\d{8}/.test(file))
      return {
        roles: oneTime,
        looksLike: 'Lean, in deci-cents and milliseconds since midnight',
        scale: -4,
        zone: 'America/New_York',
        sinceMidnight: true,
      };
  }
  const twoTimes = place('date', 'clock', 'open', 'high', 'low', 'close', 'volume');
  if (width >= 7 && all(sample, 0, date) && all(sample, 1, clock) && figured(2) && inOrder(2))
    return { roles: twoTimes, looksLike: 'date, time, open, high, low, close, volume' };
  if (
    width >= 6 &&
    !all(sample, 0, /^\d{1,7}$/) &&
    figured(1) &&
    inOrder(1) &&
    !all(sample, 0, whole)
  )
    return { roles: oneTime, looksLike: 'time, open, high, low, close, volume' };
  if (width >= 6 && all(sample, 0, /^\d{8}$|^\d{10}$|^\d{13}$/) && figured(1) && inOrder(1))
    return { roles: oneTime, looksLike: 'time, open, high, low, close, volume' };
  return undefined;
};
