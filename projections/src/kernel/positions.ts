import type { LogPosition } from '@sentinel/contracts/kernel';

/**
 * Text of digits alone that sorts as the position does, for positions of at most 99 digits
 * (EventStoreDB's have 39): how many digits there are, then the digits. It stands in every index of its
 * view, so it is no longer than it must be.
 */
export const positionKey = (logPosition: LogPosition): string => {
  const digits = `${logPosition}`;
  return `${`${digits.length}`.padStart(2, '0')}${digits}`;
};

/** The lowest of the positions; undefined when there is none. */
export const earliest = (positions: readonly LogPosition[]): LogPosition | undefined =>
  positions.toSorted((a, b) => (a < b ? -1 : 1))[0];

/** Text that sorts as the instant does, for times from 1970 to 2286. */
export const sortable = (instant: Temporal.Instant): string =>
  `${instant.epochNanoseconds}`.padStart(19, '0');
