import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { readConnectionAddress } from './connection-address.ts';
import { grpcAppends } from './grpc-appends.ts';
import { asLogError, type Connection, openConnection, type ReadCall } from './grpc-connection.ts';
import { grpcFeed } from './grpc-feed.ts';
import {
  logReadRequest,
  serverEvent,
  streamReadRequest,
  subscribeRequest,
} from './grpc-messages.ts';
import type { LogClient, ServerEvent } from './log-client.ts';

export type GrpcClientOptions = {
  readonly url: string;
  /** Every stream of ours begins with it. */
  readonly prefix: string;
  /** The bound of one call. */
  readonly callMs: number;
};

/** Loads the client library, so it is itself loaded only by whoever has an EVENTSTORE_URL. @throws StartupError */
export const openGrpcClient = ({ url, prefix, callMs }: GrpcClientOptions): LogClient => {
  const connection = openConnection(readConnectionAddress(url));
  const read = (request: Streams.ReadReq) => readAtOnce(connection, request, callMs);
  return {
    append: grpcAppends(connection, callMs),
    readStream: (wanted) => read(streamReadRequest(wanted)),
    readAll: (wanted) => read(logReadRequest(wanted, prefix)),
    subscribe: async (after) => {
      const feed = connection.openRead(subscribeRequest(after, prefix)).then(grpcFeed);
      try {
        return await within(callMs, feed);
      } catch (error) {
        // One that comes late is nobody's.
        feed.then(
          ({ close }) => close(),
          () => undefined,
        );
        throw error;
      }
    },
    close: () => connection.dispose(),
  };
};

/** A whole answer, or an error in time: the server's own bound on a read is none. */
const readAtOnce = async (
  connection: Connection,
  request: Streams.ReadReq,
  callMs: number,
): Promise<readonly ServerEvent[]> => {
  let call: ReadCall | undefined;
  const answer = connection.openRead(request, callMs).then((opened) => {
    call = opened;
    return collect(opened);
  });
  try {
    return await within(callMs, answer);
  } finally {
    call?.cancel();
  }
};

const collect = (call: ReadCall): Promise<readonly ServerEvent[]> =>
  new Promise((resolve, reject) => {
    const events: ServerEvent[] = [];
    call.on('error', (error) => reject(asLogError(error)));
    call.on('end', () => resolve(events));
    call.on('data', (response: Streams.ReadResp) => {
      const recorded = response.getEvent()?.getEvent();
      if (recorded !== undefined) events.push(serverEvent(recorded));
    });
  });

const within = async <Value>(ms: number, task: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new EventStoreUnavailable(`EventStoreDB: no answer in ${ms} ms`);
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([task, late]);
  } catch (error) {
    throw asLogError(error);
  } finally {
    clearTimeout(timer);
  }
};
