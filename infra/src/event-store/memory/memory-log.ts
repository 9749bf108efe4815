import type {
  AppendResult,
  LogPosition,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import type { AppendRequest } from '../append-request.ts';
import { isExpected, judgeUnwritten, noVersion } from '../expected-version.ts';
import { fromMicroseconds, toMicroseconds } from '../microseconds.ts';
import { recordedEvent } from '../recorded-event.ts';

/** The log as plain data. Everything is synchronous, so an append is one step by nature. */
export type MemoryLog = {
  /** @throws WrongExpectedVersion, EventIdConflict */
  readonly append: (request: AppendRequest) => AppendResult;
  readonly stream: (stream: StreamName) => readonly RecordedEvent[];
  /** All events; the one at position n has index n - 1. */
  readonly all: readonly RecordedEvent[];
};

export const memoryLog = (now: () => Temporal.Instant): MemoryLog => {
  const all: RecordedEvent[] = [];
  const streams = new Map<StreamName, RecordedEvent[]>();
  const byId = new Map<string, RecordedEvent>();

  const write = (request: AppendRequest, head: bigint): AppendResult => {
    const recordedAt = fromMicroseconds(toMicroseconds(now()));
    const added = request.events.map((event, index) =>
      recordedEvent(event, {
        stream: request.stream,
        version: head + 1n + BigInt(index),
        logPosition: BigInt(all.length + 1 + index),
        recordedAt,
      }),
    );
    const stream = streams.get(request.stream) ?? [];
    streams.set(request.stream, stream);
    for (const event of added) {
      all.push(event);
      stream.push(event);
      byId.set(event.id, event);
    }
    return {
      version: (head + BigInt(added.length)) as StreamVersion,
      logPosition: BigInt(all.length) as LogPosition,
      repeated: false,
    };
  };

  return {
    all,
    stream: (stream) => streams.get(stream) ?? [],
    append: (request) => {
      const head = BigInt(streams.get(request.stream)?.length ?? 0) + noVersion;
      const fresh = request.events.every(({ id }) => !byId.has(id));
      if (fresh && isExpected(request.expected, head)) return write(request, head);
      const judged = judgeUnwritten(request, byId, head);
      if (judged instanceof Error) throw judged;
      return judged;
    },
  };
};
