import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, type ServerWritableStream, status } from '@grpc/grpc-js';
import { notLeader } from './fake-appends.ts';
import { type FakeFeeds, openFeed } from './fake-feeds.ts';
import type { FakeLog, FakeRecord } from './fake-log.ts';
import type { ReadFault } from './faults.ts';

export type ReadCall = ServerWritableStream<Streams.ReadReq, Streams.ReadResp>;

type ReadsOptions = {
  readonly log: FakeLog;
  readonly feeds: FakeFeeds;
  readonly nextFault: () => ReadFault | undefined;
  readonly leader: () => { readonly host: string; readonly port: number };
};

/** Reads of a stream and of the log, and subscriptions. */
export const fakeReads =
  ({ log, feeds, nextFault, leader }: ReadsOptions) =>
  (call: ReadCall): void => {
    const options = call.request.getOptions();
    const fail = (code: status, details: string, metadata = new Metadata()) =>
      call.emit('error', { code, details, metadata });
    call.on('error', () => undefined);
    if (options === undefined) return void fail(status.INVALID_ARGUMENT, 'no options');
    const fault = nextFault();
    if (fault === 'silent') return;
    if (fault === 'refused') return void fail(status.UNAVAILABLE, 'Server Is Not Ready');
    if (fault === 'not-leader')
      return void fail(status.NOT_FOUND, 'Leader info available', notLeader(leader()));
    if (!standsSomewhere(log, options))
      return void fail(status.UNKNOWN, 'Exception was thrown by handler.');
    if (options.hasSubscription()) return void openFeed(call, log, feeds);
    const records = options.hasStream() ? readStream(log, options) : readAll(log, options);
    if (records === 'no stream') call.write(notFound(options));
    else if (records === 'no such position')
      return void fail(status.UNKNOWN, 'Unexpected FilteredReadAllResult: InvalidPosition');
    else {
      for (const record of fault === 'cut-midway' ? records.slice(0, 1) : records)
        call.write(readResponse(record));
    }
    if (fault === 'cut-midway') return void fail(status.INTERNAL, 'the connection was reset');
    call.end();
  };

/** No server takes a prepare position behind its commit, nor follows from where nothing stands. */
const standsSomewhere = (log: FakeLog, options: Streams.ReadReq.Options): boolean => {
  const position = options.getAll()?.getPosition();
  if (position === undefined) return true;
  const commit = BigInt(position.getCommitPosition());
  if (BigInt(position.getPreparePosition()) > commit) return false;
  const end = log.all.at(-1)?.offset ?? 0n;
  const isFeed = options.hasSubscription();
  return !isFeed || commit > end || log.all[log.indexAt(commit)]?.offset === commit;
};

const readStream = (log: FakeLog, options: Streams.ReadReq.Options) => {
  const wanted = options.getStream();
  const name = Buffer.from(wanted?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
  const records = log.stream(name);
  if (records.length === 0) return 'no stream';
  const count = Number(options.getCount());
  if (wanted?.hasEnd()) return records.slice(-count).toReversed();
  const from = Number(wanted?.getRevision() ?? 0);
  return records.slice(from, from + count);
};

/** Forwards with the event at the position, backwards without. */
const readAll = (log: FakeLog, options: Streams.ReadReq.Options) => {
  const wanted = options.getAll();
  const prefixes = options.getFilter()?.getStreamIdentifier()?.getPrefixList() ?? [''];
  const isForwards = options.getReadDirection() === 0;
  // Behind the one end and before the other there is nothing.
  if (isForwards ? wanted?.hasEnd() : wanted?.hasStart()) return [];
  const step = isForwards ? 1 : -1;
  let at = isForwards ? 0 : log.all.length - 1;
  if (wanted?.hasPosition()) {
    const commit = BigInt(wanted.getPosition()?.getCommitPosition() ?? 0);
    const index = log.indexAt(commit);
    if (isForwards && index === log.all.length) return [];
    if (log.all[index]?.offset !== commit) return 'no such position';
    at = isForwards ? index : index - 1;
  }
  const found: FakeRecord[] = [];
  // As long as the page, and not as the log: what is measured on it is its client.
  for (const count = Number(options.getCount()); found.length < count; at += step) {
    const record = log.all[at];
    if (record === undefined) break;
    if (prefixes.some((prefix) => record.stream.startsWith(prefix))) found.push(record);
  }
  return found;
};

const notFound = (options: Streams.ReadReq.Options) => {
  const found = new streamsPb.ReadResp.StreamNotFound();
  found.setStreamIdentifier(options.getStream()?.getStreamIdentifier());
  const response = new streamsPb.ReadResp();
  response.setStreamNotFound(found);
  return response;
};

const ticksPerMs = 10_000n;

export const readResponse = (record: FakeRecord): Streams.ReadResp => {
  const { ReadEvent } = streamsPb.ReadResp;
  const id = new sharedPb.UUID();
  id.setString(record.id);
  const stream = new sharedPb.StreamIdentifier();
  stream.setStreamName(Uint8Array.from(Buffer.from(record.stream)));
  const recorded = new ReadEvent.RecordedEvent();
  recorded.setId(id);
  recorded.setStreamIdentifier(stream);
  recorded.setStreamRevision(`${record.revision}`);
  recorded.setCommitPosition(`${record.offset}`);
  recorded.setPreparePosition(`${record.offset}`);
  recorded
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', `${BigInt(record.createdMs) * ticksPerMs}`);
  recorded.setData(record.data);
  recorded.setCustomMetadata(record.metadata);
  const event = new ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(`${record.offset}`);
  const response = new streamsPb.ReadResp();
  response.setEvent(event);
  return response;
};
