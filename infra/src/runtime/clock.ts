/** The wall clock. Nothing outside this floor reads it. */
export const systemClock = (): Temporal.Instant => Temporal.Now.instant();
