import statusAny from '@eventstore/db-client/generated/shared_pb.js';
import type * as Status from '@eventstore/db-client/generated/status_pb.js';
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { newId } from '../../runtime/index.ts';
import { type AppendCall, asLogError, type Connection } from './grpc-connection.ts';
import { appendRequest } from './grpc-messages.ts';
import { type ServerAppend, type ServerAppendResult, ServerRefused } from './log-client.ts';
import { packPosition } from './position.ts';

type Waiting = {
  readonly resolve: (result: ServerAppendResult) => void;
  readonly reject: (error: Error) => void;
};

/** Appends over the connection's one call for them; each ends within `callMs`, answered or not. */
export const grpcAppends = (connection: Connection, callMs: number) => {
  const waitingOn = new WeakMap<AppendCall, Map<string, Waiting>>();

  const listenTo = (call: AppendCall): Map<string, Waiting> => {
    const known = waitingOn.get(call);
    if (known !== undefined) return known;
    const waiting = new Map<string, Waiting>();
    waitingOn.set(call, waiting);
    const endAll = (error: unknown) => {
      const each = [...waiting.values()];
      waiting.clear();
      for (const { reject } of each) reject(asLogError(error));
    };
    call.on('error', endAll);
    call.on('end', () => endAll(new EventStoreUnavailable('the server ended the call')));
    call.on('data', (response: Streams.BatchAppendResp) => {
      const id = response.getCorrelationId()?.getString() ?? '';
      const asked = waiting.get(id);
      waiting.delete(id);
      if (asked === undefined) return;
      try {
        asked.resolve(resultOf(response));
      } catch (error) {
        asked.reject(asLogError(error));
      }
    });
    return waiting;
  };

  return (append: ServerAppend): Promise<ServerAppendResult> =>
    new Promise((resolve, reject) => {
      const id = newId();
      let forget = () => undefined as unknown;
      const timer = setTimeout(() => {
        forget();
        reject(new EventStoreUnavailable(`EventStoreDB: no answer to an append in ${callMs} ms`));
      }, callMs);
      const ended = (end: () => void) => {
        clearTimeout(timer);
        end();
      };
      connection.openAppends().then(
        (call) => {
          const waiting = listenTo(call);
          if (call.destroyed || call.writableEnded)
            return ended(() =>
              reject(new EventStoreUnavailable('EventStoreDB: the call has ended')),
            );
          forget = () => waiting.delete(id);
          waiting.set(id, {
            resolve: (result) => ended(() => resolve(result)),
            reject: (error) => ended(() => reject(error)),
          });
          call.write(appendRequest(append, id, new Date(Date.now() + callMs)));
        },
        (error: unknown) => ended(() => reject(asLogError(error))),
      );
    });
};

const resultOf = (response: Streams.BatchAppendResp): ServerAppendResult => {
  const success = response.getSuccess();
  const position = success?.getPosition();
  if (success !== undefined && position !== undefined) {
    return {
      kind: 'taken',
      revision: BigInt(success.getCurrentRevision()),
      position: packPosition({
        commit: BigInt(position.getCommitPosition()),
        prepare: BigInt(position.getPreparePosition()),
      }),
    };
  }
  const status = response.getError();
  if (status === undefined) throw new EventStoreUnavailable('EventStoreDB: an answer without one');
  return failureOf(status);
};

const failureOf = (status: Status.Status): ServerAppendResult => {
  const details = status.getDetails();
  const kind = details?.getTypeName().split('.').at(-1) ?? '';
  if (kind === 'WrongExpectedVersion') {
    const wrong = details?.unpack(
      statusAny.WrongExpectedVersion.deserializeBinary,
      details.getTypeName(),
    );
    return {
      kind: 'wrong',
      actual: wrong?.hasCurrentStreamRevision() ? BigInt(wrong.getCurrentStreamRevision()) : -1n,
    };
  }
  if (['AccessDenied', 'StreamDeleted', 'MaximumAppendSizeExceeded', 'BadRequest'].includes(kind))
    throw new ServerRefused(
      `EventStoreDB: ${kind} ${status.getMessage()}`,
      kind === 'StreamDeleted',
    );
  throw new EventStoreUnavailable(`EventStoreDB: ${kind} ${status.getMessage()}`.trimEnd());
};
