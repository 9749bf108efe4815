import type { RecordedEvent } from '@sentinel/contracts/kernel';

export type RecentEvents = {
  /** Takes what was just written. A leap in the positions makes it forget everything before. */
  readonly push: (events: readonly RecordedEvent[]) => void;
  /** At most `limit` events behind `position`; undefined when it may have forgotten some of them. */
  readonly after: (position: bigint, limit: number) => readonly RecordedEvent[] | undefined;
};

/** The last events that this process wrote: its followers need no round trip to the database. */
export const recentEvents = (capacity: number): RecentEvents => {
  const slots: RecordedEvent[] = [];
  let first = 0n;
  let last = -1n;
  return {
    push: (events) => {
      for (const event of events) {
        if (event.logPosition !== last + 1n) first = event.logPosition;
        last = event.logPosition;
        slots[Number(last % BigInt(capacity))] = event;
        if (last - first >= BigInt(capacity)) first = last - BigInt(capacity) + 1n;
      }
    },
    after: (position, limit) => {
      if (last < first || position < first - 1n) return undefined;
      const found: RecordedEvent[] = [];
      for (let at = position + 1n; at <= last && found.length < limit; at++) {
        const event = slots[Number(at % BigInt(capacity))];
        if (event === undefined) return undefined;
        found.push(event);
      }
      return found;
    },
  };
};
