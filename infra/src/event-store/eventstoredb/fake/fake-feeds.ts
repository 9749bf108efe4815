import type * as Streams from '@eventstore/db-client/generated/streams_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, type ServerWritableStream, status } from '@grpc/grpc-js';
import type { FakeLog, FakeRecord } from './fake-log.ts';
import type { FeedFault } from './faults.ts';

type Call = ServerWritableStream<Streams.ReadReq, Streams.ReadResp>;

/** Every subscription that is open. */
export type FakeFeeds = {
  readonly open: Set<{ readonly push: () => void; readonly end: (how: FeedFault) => void }>;
  readonly nextFault: () => FeedFault | undefined;
  readonly response: (record: FakeRecord) => Streams.ReadResp;
};

const codes: Readonly<Record<Exclude<FeedFault, 'ended'>, readonly [status, string]>> = {
  'too-slow': [status.ABORTED, 'Operation timed out: Consumer too slow'],
  unavailable: [status.UNAVAILABLE, 'the server goes away'],
  internal: [status.INTERNAL, 'the connection was reset'],
};

/** What stands behind a position, without it, and then what comes; checkpoints say how far there was nothing. */
export const openFeed = (call: Call, log: FakeLog, feeds: FakeFeeds): void => {
  const options = call.request.getOptions();
  const position = options?.getAll()?.getPosition();
  const after = position === undefined ? -1n : BigInt(position.getCommitPosition());
  const prefixes = options?.getFilter()?.getStreamIdentifier()?.getPrefixList() ?? [''];
  // A position past the end is accepted, and stays silent.
  let next = log.indexAt(after + 1n);
  const fault = feeds.nextFault();
  let isOpen = true;

  const end = (how: FeedFault) => {
    if (!isOpen) return;
    isOpen = false;
    feeds.open.delete(feed);
    if (how === 'ended') call.end();
    else {
      const [code, details] = codes[how];
      call.emit('error', { code, details, metadata: new Metadata() });
    }
  };
  const push = () => {
    for (; isOpen && next < log.all.length; next++) {
      const record = log.all[next];
      if (record === undefined) return;
      if (!prefixes.some((prefix) => record.stream.startsWith(prefix))) {
        call.write(checkpoint(record.offset));
        continue;
      }
      call.write(feeds.response(record));
      if (fault !== undefined) end(fault);
    }
  };
  const feed = { push, end };
  feeds.open.add(feed);
  call.on('cancelled', () => {
    isOpen = false;
    feeds.open.delete(feed);
  });
  push();
  if (!isOpen) return;
  for (let times = 0; times < 2; times++) {
    const response = new streamsPb.ReadResp();
    response.setCaughtUp(new streamsPb.ReadResp.CaughtUp());
    call.write(response);
  }
};

const checkpoint = (offset: bigint) => {
  const reached = new streamsPb.ReadResp.Checkpoint();
  reached.setCommitPosition(`${offset}`);
  reached.setPreparePosition('0');
  const response = new streamsPb.ReadResp();
  response.setCheckpoint(reached);
  return response;
};
