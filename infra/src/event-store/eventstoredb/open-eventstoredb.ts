import {
  type AppendResult,
  type EventStore,
  EventStoreUnavailable,
  type StreamName,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import { reasonOf, StartupError } from '../../runtime/index.ts';
import { type AppendRequest, encodeAppend } from '../append-request.ts';
import { pageLimit } from '../page-limit.ts';
import { type AppendLane, appendLane } from './append-lane.ts';
import { readConnectionAddress } from './connection-address.ts';
import type { LogClient } from './log-client.ts';
import { reader } from './reader.ts';
import { sendOnce } from './send.ts';
import { streamNames } from './stored-event.ts';
import { followServer } from './subscription.ts';

export type EventStoreDbOptions = {
  /** `esdb://` or `kurrentdb://`, with `user:password@` and `?tls=` as the server wants it. */
  readonly url: string;
  /** What every stream of ours begins with, since a cluster may be shared. Default `sentinel.` */
  readonly prefix?: string;
  /** The bound of one call. Default 5,000. */
  readonly callMs?: number;
  /** How long an append whose outcome is not known is sent again. Default 10,000. */
  readonly appendMs?: number;
};

/** The log in an EventStoreDB or KurrentDB cluster. Any number of processes may write. @throws StartupError */
export const openEventStoreDb = async (options: EventStoreDbOptions): Promise<EventStore> => {
  const { url, prefix = 'sentinel.', callMs = 5_000, appendMs = 10_000 } = options;
  // Here and nowhere else: a program without EVENTSTORE_URL never loads the client library.
  const { openGrpcClient } = await import('./grpc-client.ts');
  const client = openGrpcClient({ url, prefix, callMs });
  const store = eventStoreOver(client, { prefix, appendMs });
  try {
    await store.lastPosition();
  } catch (cause) {
    await store.close();
    throw new StartupError(whyNotOpened(url, cause), { code: 'event-store-unusable', cause });
  }
  return store;
};

/** One sentence that names the setting, whom it was tried with and what to do; never the password. */
const whyNotOpened = (url: string, cause: unknown): string => {
  const { hosts, credentials } = readConnectionAddress(url);
  const at = hosts.map(({ address, port }) => `${address}:${port}`).join(', ');
  const reason = reasonOf(cause);
  if (!reason.includes('access-denied'))
    return `EVENTSTORE_URL: the server at ${at} does not answer: ${reason}.`;
  return credentials === undefined
    ? `EVENTSTORE_URL: the server at ${at} wants a user and a password, and none is given: write esdb://user:password@….`
    : `EVENTSTORE_URL: the server at ${at} refuses the user "${credentials.username}": its password is wrong, or it may not read $all. Mend both in EVENTSTORE_URL.`;
};

type OverOptions = { readonly prefix: string; readonly appendMs: number };

const eventStoreOver = (client: LogClient, { prefix, appendMs }: OverOptions): EventStore => {
  const names = streamNames(prefix);
  const closed = new AbortController();
  let seen = 0n;
  const onSeen = (position: bigint) => {
    if (position > seen) seen = position;
  };
  const read = reader({ client, names, onSeen });
  const send = sendOnce({ client, names, appendMs, lastSeen: () => seen, onSeen });
  const append = appendInLanes((stream) => appendLane({ stream, reader: read, send }));
  const requireOpen = () => {
    if (closed.signal.aborted) throw new EventStoreUnavailable('the event store is closed');
  };

  return {
    appendToStream: async (stream, events, expected) => {
      requireOpen();
      return append(encodeAppend(stream, events, expected));
    },
    readStream: async (
      stream,
      { from = 0n as StreamVersion, maxCount = Number.MAX_SAFE_INTEGER } = {},
    ) => {
      requireOpen();
      return read.stream(stream, from, maxCount);
    },
    readAll: async ({ after = 0n, maxCount } = {}) => {
      requireOpen();
      return read.all(after, pageLimit(maxCount));
    },
    subscribeToAll: async function* (after, signal) {
      requireOpen();
      const { lastPosition } = read;
      const either = AbortSignal.any([signal, closed.signal]);
      yield* followServer({ client, names, lastPosition, onSeen }, after, either);
      if (!signal.aborted) requireOpen();
    },
    lastPosition: async () => {
      requireOpen();
      return read.lastPosition();
    },
    close: async () => {
      if (closed.signal.aborted) return;
      closed.abort();
      await client.close();
    },
  };
};

const lanesKept = 1_000;
const waitingAppends = 10_000;
const waitingBytes = 64 * 1024 * 1024;

/** One lane for each stream; the idle one that was used longest ago makes room. */
const appendInLanes = (openLane: (stream: StreamName) => AppendLane) => {
  const lanes = new Map<StreamName, AppendLane>();
  let waiting = 0;
  let bytes = 0;
  const laneOf = (stream: StreamName): AppendLane => {
    const lane = lanes.get(stream) ?? openLane(stream);
    lanes.delete(stream);
    lanes.set(stream, lane);
    if (lanes.size > lanesKept) {
      for (const [name, { isIdle }] of lanes) {
        if (name === stream || !isIdle()) continue;
        lanes.delete(name);
        break;
      }
    }
    return lane;
  };
  return async (request: AppendRequest): Promise<AppendResult> => {
    if (waiting >= waitingAppends || bytes + request.bytes > waitingBytes)
      throw new EventStoreUnavailable('too many appends wait for the event store');
    waiting += 1;
    bytes += request.bytes;
    try {
      return await new Promise((resolve, reject) =>
        laneOf(request.stream).offer({ request, resolve, reject }),
      );
    } finally {
      waiting -= 1;
      bytes -= request.bytes;
    }
  };
};
