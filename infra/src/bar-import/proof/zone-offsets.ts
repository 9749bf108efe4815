const dayMs = 86_400_000;

/** Epoch milliseconds of wall times in a zone: one look-up a day, but for the days of a clock change. */
export const wallClock = (zone: string) => {
  const offsets = new Map<number, number | undefined>();

  /** Milliseconds that the zone is ahead of UTC all through a wall day; undefined when its clocks change. */
  const offsetOf = (day: number): number | undefined => {
    if (offsets.has(day)) return offsets.get(day);
    const at = (ms: number) =>
      Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
    const [before, after] = [at((day - 1) * dayMs), at((day + 2) * dayMs)];
    const steady = before === after ? before : undefined;
    offsets.set(day, steady);
    return steady;
  };

  return (day: number, seconds: number): number => {
    const offset = offsetOf(day);
    const wallMs = day * dayMs + seconds * 1_000;
    if (offset !== undefined) return wallMs - offset;
    return Temporal.Instant.fromEpochMilliseconds(wallMs)
      .toZonedDateTimeISO('UTC')
      .toPlainDateTime()
      .toZonedDateTime(zone).epochMilliseconds;
  };
};
