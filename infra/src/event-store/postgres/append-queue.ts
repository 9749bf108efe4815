import type { AppendResult } from '@sentinel/contracts/kernel';
import type { AppendRequest } from '../append-request.ts';

/** An append that waits for its answer. Settling it a second time does nothing. */
export type PendingAppend = {
  readonly request: AppendRequest;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: Error) => void;
};

export type AppendQueue = {
  readonly size: () => number;
  /** False when the queue is full. */
  readonly offer: (append: PendingAppend) => boolean;
  /** The next appends, in order, that go together in one statement. */
  readonly takeBatch: () => readonly PendingAppend[];
  readonly takeAll: () => readonly PendingAppend[];
};

const batchEvents = 500;
const batchBytes = 4 * 1024 * 1024;
const queueRequests = 10_000;
const queueBytes = 64 * 1024 * 1024;

export const appendQueue = (): AppendQueue => {
  let waiting: PendingAppend[] = [];
  let waitingBytes = 0;

  const fitting = (): number => {
    const ids = new Set<string>();
    let events = 0;
    let bytes = 0;
    for (const [index, { request }] of waiting.entries()) {
      events += request.events.length;
      bytes += request.bytes;
      const full = events > batchEvents || bytes > batchBytes;
      // An id that comes again waits for the next batch: by then its first outcome is recorded.
      if (index > 0 && (full || request.events.some(({ id }) => ids.has(id)))) return index;
      for (const { id } of request.events) ids.add(id);
    }
    return waiting.length;
  };

  const take = (count: number): readonly PendingAppend[] => {
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(count);
    for (const { request } of taken) waitingBytes -= request.bytes;
    return taken;
  };

  return {
    size: () => waiting.length,
    offer: (append) => {
      if (waiting.length >= queueRequests || waitingBytes + append.request.bytes > queueBytes)
        return false;
      waiting.push(append);
      waitingBytes += append.request.bytes;
      return true;
    },
    takeBatch: () => take(fitting()),
    takeAll: () => take(waiting.length),
  };
};
