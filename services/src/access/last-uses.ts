import { boundedCache } from '@sentinel/contracts/kernel';

/** When what lets somebody in was used last, as far as this process saw it and since it began. */
export type LastUses = {
  readonly note: (id: string) => void;
  readonly of: (id: string) => Temporal.Instant | undefined;
};

const remembered = 10_000;

/** Kept in memory alone: an event for each call would double what a call writes. `now` is the wall clock. */
export const lastUses = (now: () => Temporal.Instant): LastUses => {
  const uses = boundedCache<string, Temporal.Instant>(remembered);
  return { note: (id) => uses.set(id, now()), of: uses.get };
};
