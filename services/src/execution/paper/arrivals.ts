import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import type { Session } from '../session/index.ts';
import { cancelDueAt, dueAt, replaceDueAt } from '../venue/index.ts';

const nanosecondsPerMs = 1_000_000n;
/** The first whole millisecond at or after an instant. */
export const msFrom = ({ epochNanoseconds }: Temporal.Instant): number =>
  Number((epochNanoseconds + nanosecondsPerMs - 1n) / nanosecondsPerMs);

type Arriving = { readonly terms: VenueTerms; readonly ms: readonly number[] };
const known = new WeakMap<WorkingOrder, Arriving>();

/** Asked of every working order at every look, reckoned once for each order as it stands. */
const arrivalsOf = (order: WorkingOrder, terms: VenueTerms): readonly number[] => {
  const found = known.get(order);
  if (found !== undefined && found.terms === terms) return found.ms;
  const ms = [dueAt(order, terms), cancelDueAt(order, terms), replaceDueAt(order, terms)].flatMap(
    (due) => (due === undefined ? [] : [msFrom(due)]),
  );
  known.set(order, { terms, ms });
  return ms;
};

/** When something reaches the venue, after `fromMs`: each such moment is looked at beside every whole second. */
export const arrivalsAfter = (fromMs: number, { working, venue }: Session): readonly number[] => {
  const found = new Set<number>();
  for (const order of working.values())
    for (const ms of arrivalsOf(order, venue)) if (ms > fromMs) found.add(ms);
  return [...found].sort((a, b) => a - b);
};
