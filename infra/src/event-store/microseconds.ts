/** Stores keep microseconds; the rest is cut off when the event is taken, not when it is read. */
export const toMicroseconds = (instant: Temporal.Instant): bigint =>
  instant.round({ smallestUnit: 'microsecond', roundingMode: 'floor' }).epochNanoseconds / 1_000n;

export const fromMicroseconds = (microseconds: bigint): Temporal.Instant =>
  Temporal.Instant.fromEpochNanoseconds(microseconds * 1_000n);
