import type { LogPosition } from '@sentinel/contracts/kernel';

/** Sorts as the position does; wide enough for the positions of every store. */
export const positionKey = (logPosition: LogPosition): string => `${logPosition}`.padStart(39, '0');

/** The lowest of the positions; undefined when there is none. */
export const earliest = (positions: readonly LogPosition[]): LogPosition | undefined =>
  positions.toSorted((a, b) => (a < b ? -1 : 1))[0];

/** Text that sorts as the instant does, for times from 1970 to 2286. */
export const sortable = (instant: Temporal.Instant): string =>
  `${instant.epochNanoseconds}`.padStart(19, '0');
