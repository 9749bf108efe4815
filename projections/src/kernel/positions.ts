import type { Position } from '@sentinel/contracts/kernel';

/** The lowest of the positions; undefined when there is none. */
export const earliest = (positions: readonly Position[]): Position | undefined =>
  positions.toSorted((a, b) => (a < b ? -1 : 1))[0];
