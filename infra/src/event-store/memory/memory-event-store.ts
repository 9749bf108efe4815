import {
  type EventStore,
  EventStoreUnavailable,
  type LogPosition,
} from '@sentinel/contracts/kernel';
import { encodeAppend } from '../append-request.ts';
import { followLog, followPageSize } from '../follow-log.ts';
import { pageLimit } from '../page-limit.ts';
import { wakeUp } from '../wake-up.ts';
import { memoryLog } from './memory-log.ts';

const idlePollMs = 60_000;

/** The whole log in memory: for tests, backtests and replays. `now` stamps the events. */
export const memoryEventStore = ({ now }: { readonly now: () => Temporal.Instant }): EventStore => {
  const log = memoryLog(now);
  const woken = wakeUp();
  const closed = new AbortController();
  const requireOpen = () => {
    if (closed.signal.aborted) throw new EventStoreUnavailable('the event store is closed');
  };
  const after = (logPosition: LogPosition, count: number) =>
    log.all.slice(Number(logPosition), Number(logPosition) + count);

  return {
    appendToStream: async (stream, events, expected) => {
      requireOpen();
      const result = log.append(encodeAppend(stream, events, expected));
      woken.ring();
      return result;
    },
    readStream: async (stream, { from = 0n, maxCount } = {}) => {
      requireOpen();
      return log
        .stream(stream)
        .slice(Number(from), maxCount === undefined ? undefined : Number(from) + maxCount);
    },
    readAll: async ({ after: logPosition = 0n as LogPosition, maxCount } = {}) => {
      requireOpen();
      return after(logPosition, pageLimit(maxCount));
    },
    subscribeToAll: async function* (logPosition, signal) {
      requireOpen();
      const recent = (of: LogPosition) => after(of, followPageSize);
      const either = AbortSignal.any([signal, closed.signal]);
      yield* followLog(
        { recent, read: async (of) => recent(of), wakeUp: woken, pollMs: idlePollMs },
        logPosition,
        either,
      );
      if (!signal.aborted) requireOpen();
    },
    lastPosition: async () => {
      requireOpen();
      return BigInt(log.all.length) as LogPosition;
    },
    close: async () => closed.abort(),
  };
};
