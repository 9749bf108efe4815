import type { LogPosition } from '@sentinel/contracts/kernel';

/** Sorts as the position does; wide enough for the positions of every store. */
export const positionKey = (logPosition: LogPosition): string => `${logPosition}`.padStart(39, '0');

/** The lowest of the positions; undefined when there is none. */
export const earliest = (positions: readonly LogPosition[]): LogPosition | undefined =>
  positions.toSorted((a, b) => (a < b ? -1 : 1))[0];
