import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, type ServerDuplexStream, status } from '@grpc/grpc-js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import type { FakeAppend, FakeLog, FakeResult } from './fake-log.ts';
import type { AppendFault } from './faults.ts';

type Call = ServerDuplexStream<Streams.BatchAppendReq, Streams.BatchAppendResp>;

type AppendsOptions = {
  readonly log: FakeLog;
  readonly nextFault: () => AppendFault | undefined;
  readonly leader: () => { readonly host: string; readonly port: number };
  readonly onWritten: () => void;
};

const slowMs = 60;
/** Longer than the tests' clients wait for an answer. */
const lateMs = 400;

/** The one call that carries a client's appends; each is taken whole, and answered, or is not. */
export const fakeAppends =
  ({ log, nextFault, leader, onWritten }: AppendsOptions) =>
  (call: Call): void => {
    const write = (request: Streams.BatchAppendReq): FakeResult => {
      const result = log.append(appendOf(request));
      onWritten();
      return result;
    };
    const answer = (request: Streams.BatchAppendReq, result: FakeResult) => {
      if (!call.cancelled) call.write(responseTo(request, result));
    };
    const fail = (code: status, details: string, metadata = new Metadata()) =>
      call.emit('error', { code, details, metadata });

    const meet: Readonly<Record<AppendFault, (request: Streams.BatchAppendReq) => unknown>> = {
      refused: () => fail(status.UNAVAILABLE, 'Server Is Not Ready'),
      'not-leader': () => fail(status.NOT_FOUND, 'Leader info available', notLeader(leader())),
      'cut-before': () => fail(status.INTERNAL, 'the connection was reset'),
      'cut-after': (request) => {
        write(request);
        fail(status.INTERNAL, 'the connection was reset');
      },
      'silent-before': () => undefined,
      'silent-after': (request) => write(request),
      slow: (request) => setTimeout(() => answer(request, write(request)), slowMs),
      late: (request) => setTimeout(() => write(request), lateMs),
      'timed-out': (request) => {
        write(request);
        call.write(failed(request, new sharedPb.Timeout(), 'Timeout'));
      },
    };

    call.on('data', (request: Streams.BatchAppendReq) => {
      const fault = nextFault();
      if (fault !== undefined) meet[fault](request);
      else answer(request, write(request));
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  };

export const notLeader = ({ host, port }: { readonly host: string; readonly port: number }) => {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', host);
  metadata.set('leader-endpoint-port', `${port}`);
  return metadata;
};

const appendOf = (request: Streams.BatchAppendReq): FakeAppend => {
  const options = request.getOptions();
  if (options === undefined) throw new RangeError('an append has options');
  return {
    stream: Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    expected: options.hasAny()
      ? undefined
      : options.hasNoStream()
        ? -1n
        : BigInt(options.getStreamPosition()),
    events: request.getProposedMessagesList().map((message) => ({
      id: message.getId()?.getString() ?? '',
      type: message.getMetadataMap().get('type') ?? '',
      contentType: message.getMetadataMap().get('content-type') ?? '',
      data: message.getData_asU8(),
      metadata: message.getCustomMetadata_asU8(),
    })),
  };
};

const responseTo = (request: Streams.BatchAppendReq, result: FakeResult) => {
  if (result.kind === 'too-large') {
    const details = new sharedPb.MaximumAppendSizeExceeded();
    details.setMaxappendsize(1_048_576);
    return failed(request, details, 'MaximumAppendSizeExceeded');
  }
  if (result.kind === 'wrong') {
    const details = new sharedPb.WrongExpectedVersion();
    if (result.actual < 0n) details.setCurrentNoStream(new emptyPb.Empty());
    else details.setCurrentStreamRevision(`${result.actual}`);
    return failed(request, details, 'WrongExpectedVersion');
  }
  const position = new sharedPb.AllStreamPosition();
  position.setCommitPosition(`${result.offset}`);
  position.setPreparePosition(`${result.offset}`);
  const success = new streamsPb.BatchAppendResp.Success();
  success.setCurrentRevision(`${result.revision}`);
  success.setPosition(position);
  const response = respond(request);
  response.setSuccess(success);
  return response;
};

const respond = (request: Streams.BatchAppendReq) => {
  const response = new streamsPb.BatchAppendResp();
  response.setCorrelationId(request.getCorrelationId());
  response.setStreamIdentifier(request.getOptions()?.getStreamIdentifier());
  return response;
};

const failed = (
  request: Streams.BatchAppendReq,
  details: { readonly serializeBinary: () => Uint8Array },
  name: string,
) => {
  const any = new anyPb.Any();
  any.pack(details.serializeBinary(), `event_store.client.${name}`);
  const error = new statusPb.Status();
  error.setMessage(name);
  error.setDetails(any);
  const response = respond(request);
  response.setError(error);
  return response;
};
