import type { RecordedEvent, StreamName } from '@sentinel/contracts/kernel';
import { noVersion } from '../expected-version.ts';
import type { KnownStream } from './append-plan.ts';
import type { Reader } from './reader.ts';

export type StreamKnowledge = {
  /** The stream as it was at most `trustedMs` ago. @throws EventStoreUnavailable, EventStoreCorrupt */
  readonly know: () => Promise<KnownStream>;
  /** The last events as they are now. @throws EventStoreUnavailable, EventStoreCorrupt */
  readonly look: () => Promise<readonly RecordedEvent[]>;
  readonly wrote: (ids: readonly string[], head: bigint) => void;
  /** Somebody else wrote, or nobody knows who did. */
  readonly doubt: () => void;
};

/** At first so many of the last events are looked at; in doubt more. */
const firstLook = 100;
const fullLook = 1_000;
const idsKept = 2_000;
/** Whoever else appends to the stream is met by the expected version; this bounds what repeats unseen. */
const trustedMs = 1_000;

export const streamKnowledge = (reader: Reader, stream: StreamName): StreamKnowledge => {
  let known: { head: bigint; ids: Set<string>; atMs: number } | undefined;

  const learn = (events: readonly RecordedEvent[], head: bigint, ids: Set<string>) => {
    for (const { id } of events) ids.add(id);
    known = { head: events.at(-1)?.version ?? head, ids: newest(ids), atMs: performance.now() };
    return known;
  };
  const lookBack = async (maxCount: number) => {
    const events = await reader.streamEnd(stream, maxCount);
    learn(events, noVersion, new Set());
    return events;
  };

  return {
    know: async () => {
      if (known !== undefined && performance.now() - known.atMs < trustedMs) return known;
      if (known === undefined) return learn(await lookBack(firstLook), noVersion, new Set());
      const { head, ids } = known;
      return learn(await reader.stream(stream, head + 1n, fullLook), head, ids);
    },
    look: () => lookBack(fullLook),
    wrote: (ids, head) => {
      const all = known?.ids ?? new Set();
      for (const id of ids) all.add(id);
      known = { head, ids: newest(all), atMs: performance.now() };
    },
    doubt: () => {
      known = undefined;
    },
  };
};

const newest = (ids: Set<string>): Set<string> =>
  ids.size <= idsKept ? ids : new Set([...ids].slice(-idsKept / 2));
