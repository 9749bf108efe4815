import { type AppendRequest, appendLimits } from '../append-request.ts';
import { isExpected } from '../expected-version.ts';

/** What is known of a stream: its last version, and the ids of its last events. */
export type KnownStream = {
  readonly head: bigint;
  readonly ids: ReadonlySet<string>;
};

/**
 * How many of the waiting requests, in their order, can go in one append behind `head`: each where the
 * one before it leads to. None when the first is of another version, or has an id that stands there.
 */
export const countTogether = (
  waiting: readonly AppendRequest[],
  { head, ids }: KnownStream,
): number => {
  const together = new Set<string>();
  let events = 0;
  let bytes = 0;
  for (const [index, request] of waiting.entries()) {
    events += request.events.length;
    bytes += request.bytes;
    const full = events > appendLimits.events || bytes > appendLimits.bytes;
    const at = head + BigInt(together.size);
    const known = request.events.some(({ id }) => ids.has(id) || together.has(id));
    if (known || !isExpected(request.expected, at) || (index > 0 && full)) return index;
    for (const { id } of request.events) together.add(id);
  }
  return waiting.length;
};
