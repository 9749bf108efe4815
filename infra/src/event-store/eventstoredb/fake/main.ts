import { fakeAppends } from './fake-appends.ts';
import type { FakeFeeds } from './fake-feeds.ts';
import { fakeLog } from './fake-log.ts';
import { type FakeNode, host, startNode } from './fake-node.ts';
import { fakeReads, readResponse } from './fake-reads.ts';
import type { FakeAnswer, FakeOrder, FakeSecurity, Faults } from './faults.ts';

/**
 * A cluster of two nodes for tests, in a process of its own, that behaves as real ones were measured to
 * and fails as told. Its parent gives it orders, and hears after each on which ports it listens.
 */
const given = process.argv[2];
const security = given === undefined ? undefined : (JSON.parse(given) as FakeSecurity);
const log = fakeLog();
const faults: Faults = { append: [], read: [], feed: [] };
let met = 0;
let nodes: readonly FakeNode[] = [];
let ports: readonly number[] = [0, 0];
let leads = 0;
let isLed = true;

const next =
  <On extends keyof Faults>(on: On) =>
  (): Faults[On][number] | undefined => {
    const fault = faults[on].shift();
    if (fault !== undefined) met += 1;
    return fault;
  };

const feeds: FakeFeeds = { open: new Set(), nextFault: next('feed'), response: readResponse };
const leaderPort = () => ports[leads] as number;
const leader = () => ({ host, port: leaderPort() });
const onWritten = () => {
  for (const { push } of [...feeds.open]) push();
};

const listen = async () => {
  const streams = {
    read: fakeReads({ log, feeds, nextFault: next('read'), leader }),
    batchAppend: fakeAppends({ log, nextFault: next('append'), leader, onWritten }),
  };
  const read = fakeReads({ log: fakeLog(), feeds, nextFault: next('read'), leader });
  const common = {
    security,
    streams,
    lagging: { ...streams, read },
    leaderPort,
    isLed: () => isLed,
    ports: () => ports,
  };
  nodes = await Promise.all(ports.map((port) => startNode({ ...common, port })));
  ports = nodes.map(({ port }) => port);
};

const stopListening = () => {
  feeds.open.clear();
  for (const { stop } of nodes) stop();
};

const obey = async (order: FakeOrder): Promise<void> => {
  if (order.do === 'fault') (faults[order.on] as string[]).push(order.what);
  if (order.do === 'calm') for (const waiting of Object.values(faults)) waiting.splice(0);
  if (order.do === 'end-feeds') for (const { end } of [...feeds.open]) end(order.how);
  if (order.do === 'elect') {
    const before = nodes[leads];
    leads = 1 - leads;
    isLed = true;
    before?.resign();
  }
  if (order.do === 'depose') isLed = false;
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

const tell = () => {
  const answer = { port: leaderPort(), followerPort: ports[1 - leads] as number, met };
  process.send?.(answer satisfies FakeAnswer);
};

await listen();
// One order after another: a restart is over before the next fault is laid.
let last = Promise.resolve();
process.on('message', (order: FakeOrder) => {
  last = last.then(() => obey(order)).then(() => void (process.connected && tell()));
});
process.on('disconnect', () => process.exit(0));
tell();
