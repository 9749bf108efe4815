import type { Position } from '@sentinel/contracts/kernel';

/** Sorts as the position does; wide enough for the positions of every store. */
export const positionKey = (position: Position): string => `${position}`.padStart(39, '0');

/** The lowest of the positions; undefined when there is none. */
export const earliest = (positions: readonly Position[]): Position | undefined =>
  positions.toSorted((a, b) => (a < b ? -1 : 1))[0];
