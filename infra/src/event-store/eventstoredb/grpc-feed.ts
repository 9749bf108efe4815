import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { asLogError, type ReadCall } from './grpc-connection.ts';
import { serverEvent } from './grpc-messages.ts';
import type { LogFeed, LogFeedItem } from './log-client.ts';
import { packPosition } from './position.ts';

/** So many items wait for a slow consumer; the server is made to wait with the rest. */
const bufferedItems = 2_000;

/** A subscription's call as something to pull at. */
export const grpcFeed = (call: ReadCall): LogFeed => {
  let buffered: LogFeedItem[] = [];
  let ended: Error | undefined;
  let closed = false;
  let wake = () => undefined as unknown;

  // Before anything else: an error that nobody listens for ends the process.
  call.on('error', (error: unknown) => {
    ended ??= asLogError(error);
    wake();
  });
  call.on('end', () => {
    ended ??= new EventStoreUnavailable('EventStoreDB: the subscription was ended');
    wake();
  });
  call.on('data', (response: Streams.ReadResp) => {
    const item = itemOf(response);
    if (item === undefined) return;
    buffered.push(item);
    if (buffered.length >= bufferedItems) call.pause();
    wake();
  });

  return {
    take: async (maxCount) => {
      for (;;) {
        if (closed) return undefined;
        if (buffered.length > 0) {
          const taken = buffered.slice(0, maxCount);
          buffered = buffered.slice(maxCount);
          if (buffered.length < bufferedItems) call.resume();
          return taken;
        }
        if (ended !== undefined) throw ended;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => {
      closed = true;
      buffered = [];
      call.cancel();
      wake();
    },
  };
};

const itemOf = (response: Streams.ReadResp): LogFeedItem | undefined => {
  const recorded = response.getEvent()?.getEvent();
  if (recorded !== undefined) return { kind: 'event', event: serverEvent(recorded) };
  const checkpoint = response.getCheckpoint();
  if (checkpoint === undefined) return undefined;
  const position = packPosition({
    commit: BigInt(checkpoint.getCommitPosition()),
    prepare: BigInt(checkpoint.getPreparePosition()),
  });
  return { kind: 'checkpoint', position };
};
