import {
  beforeAll,
  EventStoreCorrupt,
  type LogPosition,
  type RecordedEvent,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { LogClient, LogRead, ServerEvent } from './log-client.ts';
import { retrying } from './retrying.ts';
import { type StreamNames, storedEvent } from './stored-event.ts';

export type Reader = {
  /** @throws EventStoreUnavailable, EventStoreCorrupt when a version is missing */
  readonly stream: (
    stream: StreamName,
    from: bigint,
    maxCount: number,
  ) => Promise<readonly RecordedEvent[]>;
  /** The last events of a stream, in order. */
  readonly streamEnd: (stream: StreamName, maxCount: number) => Promise<readonly RecordedEvent[]>;
  /** @throws EventStoreUnavailable, EventStoreCorrupt when no event stands at `after` */
  readonly all: (after: bigint, maxCount: number) => Promise<readonly RecordedEvent[]>;
  readonly lastPosition: () => Promise<LogPosition>;
};

type ReaderOptions = {
  readonly client: LogClient;
  readonly names: StreamNames;
  /** Hears of the last position of everything that is read. */
  readonly onSeen: (position: bigint) => void;
};

/** One answer of the server: at half a kilobyte each well within the bound of a call. */
const pageEvents = 500;

export const reader = ({ client, names, onSeen }: ReaderOptions): Reader => {
  const readStream = async (stream: StreamName, from: bigint | 'end', maxCount: number) => {
    const read = { stream: names.onServer(stream), from, maxCount };
    const events = await retrying(() => client.readStream(read));
    const ours = events.map((event) => storedEvent(event, stream));
    for (const { logPosition } of ours.slice(-1)) onSeen(logPosition);
    return ours;
  };
  const readAll = (read: LogRead) => retrying(() => client.readAll(read));
  const ours = (events: readonly ServerEvent[]): readonly RecordedEvent[] =>
    events.flatMap((event) => {
      const stream = names.ours(event);
      return stream === undefined ? [] : [storedEvent(event, stream)];
    });

  return {
    stream: async (stream, from, maxCount) => {
      const events: RecordedEvent[] = [];
      for (let full = true; full && events.length < maxCount; ) {
        const next = from + BigInt(events.length);
        const limit = Math.min(pageEvents, maxCount - events.length);
        const page = await readStream(stream, next, limit);
        requireDense(stream, page, next);
        events.push(...page);
        full = page.length === limit;
      }
      return events;
    },
    streamEnd: async (stream, maxCount) => (await readStream(stream, 'end', maxCount)).toReversed(),
    all: async (after, maxCount) => {
      const events: RecordedEvent[] = [];
      let at = after;
      for (let full = true; full && events.length < maxCount; ) {
        // From a position on means with it, so that one more is read and the first is dropped.
        const isStart = at <= beforeAll;
        const limit = Math.min(pageEvents, maxCount - events.length) + (isStart ? 0 : 1);
        const page = await readAll({
          from: isStart ? 'start' : at,
          direction: 'forwards',
          maxCount: limit,
        });
        if (!isStart && page[0]?.position !== at) throw notHere(at);
        const fresh = isStart ? page : page.slice(1);
        events.push(...ours(fresh));
        at = fresh.at(-1)?.position ?? at;
        full = page.length === limit;
      }
      for (const { logPosition } of events.slice(-1)) onSeen(logPosition);
      return events;
    },
    lastPosition: async () => {
      for (let from: bigint | 'end' = 'end'; ; ) {
        const maxCount = from === 'end' ? 1 : pageEvents;
        const page: readonly ServerEvent[] = await readAll({
          from,
          direction: 'backwards',
          maxCount,
        });
        const last = page.find((event) => names.ours(event) !== undefined);
        if (last !== undefined) {
          onSeen(last.position);
          return last.position as LogPosition;
        }
        const oldest = page.at(-1);
        if (oldest === undefined) return beforeAll;
        from = oldest.position;
      }
    },
  };
};

const notHere = (position: bigint): EventStoreCorrupt =>
  new EventStoreCorrupt(`no event of this log stands at position ${position}`);

/** Nobody deletes from a log: a version that is missing has been taken away. */
const requireDense = (
  stream: StreamName,
  events: readonly RecordedEvent[],
  first: bigint,
): void => {
  const hole = events.findIndex(({ version }, index) => version !== first + BigInt(index));
  if (hole !== -1)
    throw new EventStoreCorrupt(`${stream} has a hole: version ${first + BigInt(hole)} is missing`);
};
