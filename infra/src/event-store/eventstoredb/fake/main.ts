import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { fakeAppends } from './fake-appends.ts';
import type { FakeFeeds } from './fake-feeds.ts';
import { fakeLog } from './fake-log.ts';
import { fakeReads, readResponse } from './fake-reads.ts';
import type { FakeAnswer, FakeOrder, Faults } from './faults.ts';

/**
 * A server for tests, in a process of its own, that behaves as real ones were measured to and fails as
 * told. Its parent gives it orders, and hears after each on which port it listens.
 */
const host = '127.0.0.1';
const log = fakeLog();
const faults: Faults = { append: [], read: [], feed: [] };
let met = 0;
let port = 0;
let server: Server | undefined;

const next =
  <On extends keyof Faults>(on: On) =>
  (): Faults[On][number] | undefined => {
    const fault = faults[on].shift();
    if (fault !== undefined) met += 1;
    return fault;
  };

const feeds: FakeFeeds = { open: new Set(), nextFault: next('feed'), response: readResponse };
const leader = () => ({ host, port });
const onWritten = () => {
  for (const { push } of [...feeds.open]) push();
};

const listen = async () => {
  const started = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  started.addService(services.StreamsService, {
    read: fakeReads({ log, feeds, nextFault: next('read'), leader }),
    batchAppend: fakeAppends({ log, nextFault: next('append'), leader, onWritten }),
  });
  port = await new Promise<number>((resolve, reject) => {
    started.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  server = started;
};

const stopListening = () => {
  feeds.open.clear();
  server?.forceShutdown();
};

const obey = async (order: FakeOrder): Promise<void> => {
  if (order.do === 'fault') (faults[order.on] as string[]).push(order.what);
  if (order.do === 'calm') for (const waiting of Object.values(faults)) waiting.splice(0);
  if (order.do === 'end-feeds') for (const { end } of [...feeds.open]) end(order.how);
  if (order.do === 'restart') {
    stopListening();
    log.forget();
    await new Promise((resolve) => setTimeout(resolve, order.downMs));
    await listen();
  }
  if (order.do === 'append') {
    const { stream, type } = order;
    const event = { id: crypto.randomUUID(), type, contentType: 'application/json' };
    log.append({
      ...{ stream, expected: undefined },
      events: [{ ...event, data: Buffer.from('{}'), metadata: Buffer.from('') }],
    });
    onWritten();
  }
  if (order.do === 'stop') {
    stopListening();
    process.disconnect?.();
  }
};

const tell = (answer: FakeAnswer) => process.send?.(answer);

await listen();
// One order after another: a restart is over before the next fault is laid.
let last = Promise.resolve();
process.on('message', (order: FakeOrder) => {
  last = last.then(() => obey(order)).then(() => void (process.connected && tell({ port, met })));
});
process.on('disconnect', () => process.exit(0));
tell({ port, met });
