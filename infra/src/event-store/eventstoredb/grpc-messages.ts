import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import timestampPb from 'google-protobuf/google/protobuf/timestamp_pb.js';
import {
  type LogRead,
  type ServerAppend,
  type ServerEvent,
  ServerRefused,
  type StreamRead,
} from './log-client.ts';
import { packPosition, unpackPosition } from './position.ts';

const { ReadReq, BatchAppendReq } = streamsPb;
const { Options } = ReadReq;
type Options = Streams.ReadReq.Options;

const empty = () => new sharedPb.Empty();
const streamIdentifier = (stream: string) => {
  const identifier = new sharedPb.StreamIdentifier();
  identifier.setStreamName(Uint8Array.from(Buffer.from(stream)));
  return identifier;
};

const readOptions = (): Options => {
  const uuid = new Options.UUIDOption();
  uuid.setString(empty());
  const options = new Options();
  options.setUuidOption(uuid);
  options.setResolveLinks(false);
  return options;
};

const request = (options: Options): Streams.ReadReq => {
  const read = new ReadReq();
  read.setOptions(options);
  return read;
};

export const streamReadRequest = ({ stream, from, maxCount }: StreamRead): Streams.ReadReq => {
  const options = readOptions();
  const of = new Options.StreamOptions();
  of.setStreamIdentifier(streamIdentifier(stream));
  if (from === 'end') of.setEnd(empty());
  else of.setRevision(`${from}`);
  options.setStream(of);
  options.setReadDirection(from === 'end' ? 1 : 0);
  options.setCount(`${maxCount}`);
  options.setNoFilter(empty());
  return request(options);
};

const allFrom = (from: LogRead['from']) => {
  const all = new Options.AllOptions();
  if (from === 'start') all.setStart(empty());
  else if (from === 'end') all.setEnd(empty());
  else {
    const { commit, prepare } = unpackPosition(from);
    // The server answers such a one with an exception, as it does what may pass.
    if (prepare > commit)
      throw new ServerRefused('EventStoreDB: no event of any log stands at that position', true);
    const position = new Options.Position();
    position.setCommitPosition(`${commit}`);
    position.setPreparePosition(`${prepare}`);
    all.setPosition(position);
  }
  return all;
};

/** Has the server say how far it has looked after so many windows of 32 events without one of ours. */
const checkpointWindows = 32;

const prefixFilter = (prefix: string) => {
  const expression = new Options.FilterOptions.Expression();
  expression.setPrefixList([prefix]);
  const filter = new Options.FilterOptions();
  filter.setStreamIdentifier(expression);
  filter.setMax(32);
  filter.setCheckpointintervalmultiplier(checkpointWindows);
  return filter;
};

export const logReadRequest = (
  { from, direction, maxCount }: LogRead,
  prefix: string,
): Streams.ReadReq => {
  const options = readOptions();
  options.setAll(allFrom(from));
  options.setReadDirection(direction === 'forwards' ? 0 : 1);
  options.setCount(`${maxCount}`);
  options.setFilter(prefixFilter(prefix));
  return request(options);
};

export const subscribeRequest = (after: bigint, prefix: string): Streams.ReadReq => {
  const options = readOptions();
  options.setAll(allFrom(after === 0n ? 'start' : after));
  options.setSubscription(new Options.SubscriptionOptions());
  options.setFilter(prefixFilter(prefix));
  return request(options);
};

export const appendRequest = (
  { stream, events, expected }: ServerAppend,
  correlationId: string,
  deadline: Date,
): Streams.BatchAppendReq => {
  const options = new BatchAppendReq.Options();
  options.setStreamIdentifier(streamIdentifier(stream));
  options.setDeadline(timestampPb.Timestamp.fromDate(deadline));
  if (expected < 0n) options.setNoStream(new emptyPb.Empty());
  else options.setStreamPosition(`${expected}`);
  const append = new BatchAppendReq();
  append.setCorrelationId(uuid(correlationId));
  append.setOptions(options);
  append.setIsFinal(true);
  for (const event of events) {
    const message = new BatchAppendReq.ProposedMessage();
    message.setId(uuid(event.id));
    message.getMetadataMap().set('type', event.type).set('content-type', 'application/json');
    message.setData(Uint8Array.from(Buffer.from(event.data)));
    message.setCustomMetadata(Uint8Array.from(Buffer.from(event.metadata)));
    append.addProposedMessages(message);
  }
  return append;
};

const uuid = (text: string) => {
  const id = new sharedPb.UUID();
  id.setString(text);
  return id;
};

export const serverEvent = (recorded: Streams.ReadResp.ReadEvent.RecordedEvent): ServerEvent => {
  const system = recorded.getMetadataMap();
  return {
    id: recorded.getId()?.getString() ?? '',
    type: system.get('type') ?? '',
    stream: Buffer.from(recorded.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    revision: BigInt(recorded.getStreamRevision()),
    position: packPosition({
      commit: BigInt(recorded.getCommitPosition()),
      prepare: BigInt(recorded.getPreparePosition()),
    }),
    // The server counts ticks of 100 ns since 1970.
    createdMicroseconds: BigInt(system.get('created') ?? '0') / 10n,
    data: Buffer.from(recorded.getData_asU8()).toString(),
    metadata: Buffer.from(recorded.getCustomMetadata_asU8()).toString(),
  };
};
