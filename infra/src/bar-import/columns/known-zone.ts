const kept = new Map<string, boolean>();
/** A file has a zone or two; one that is mangled may have as many as lines. */
const mostKept = 1_000;

/** Whether wall times can be told in a zone or at an offset of this name. */
export const isZone = (name: string): boolean => {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const is = canBeTold(name);
  if (kept.size < mostKept) kept.set(name, is);
  return is;
};

const canBeTold = (name: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};
