import type { Library } from './library.ts';

/** Daily bars that a regime and its indicators want behind them. */
const warmUpDays = 260;
const afterOpeningMs = 30 * 60_000;

/**
 * Where a replay begins unless told: 10:00 New York on the first day before which every symbol with
 * so long a history has 260 days of bars; when no history is so long, on the second day of the data
 * (the only one, if there is but one).
 */
export const defaultStart = ({ days, sessions }: Library): number => {
  let warm: number | undefined;
  for (const own of days.values()) {
    const day = own[warmUpDays];
    if (day !== undefined) warm = Math.max(warm ?? day, day);
  }
  const session =
    warm === undefined ? (sessions[1] ?? sessions[0]) : sessions.find(({ day }) => day === warm);
  if (session === undefined) throw new RangeError('a library has at least one session');
  return session.openMs + afterOpeningMs;
};
