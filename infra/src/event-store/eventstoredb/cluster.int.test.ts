import type { StreamVersion } from '@sentinel/contracts/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  follow,
  freshStream,
  readBehind,
  sampleEvents,
} from '../../contract-tests/event-store/samples.ts';
import { freePort } from '../../runtime/index.ts';
import { openTestFake, type TestFake } from './fake/open-test-fake.ts';
import { openGrpcClient } from './grpc-client.ts';

let fake: TestFake;
beforeAll(async () => {
  fake = await openTestFake();
});
afterEach(() => fake.order({ do: 'calm' }));
afterAll(() => fake.dispose());

const addresses: Readonly<Record<string, () => string | Promise<string>>> = {
  'the follower alone, by name of the cluster': () =>
    `esdb+discover://127.0.0.1:${fake.followerPort}?tls=false`,
  'the follower alone, as the one host': () => `esdb://127.0.0.1:${fake.followerPort}?tls=false`,
  'both nodes': () => `esdb://127.0.0.1:${fake.followerPort},127.0.0.1:${fake.port}?tls=false`,
  'a node that is dead, and the follower': async () =>
    `esdb://127.0.0.1:${await freePort()},127.0.0.1:${fake.followerPort}?tls=false`,
};

describe.each(Object.keys(addresses))('a cluster given as %s', (name) => {
  test('is found, written to and followed, also when another node comes to lead it', async () => {
    const url = await (addresses[name] as () => string | Promise<string>)();
    const store = await fake.open({ url, callMs: 2_000 });
    const stream = freshStream();
    const after = await store.lastPosition();
    const following = follow(store, after, (seen) => seen.length >= 6);
    await store.appendToStream(stream, sampleEvents(2), 'no-stream');
    for (const version of [1n, 3n] as StreamVersion[]) {
      await fake.order({ do: 'elect' });
      const result = await store.appendToStream(stream, sampleEvents(2), version);
      expect(result).toMatchObject({ version: version + 2n, repeated: false });
    }
    expect(await store.readStream(stream)).toHaveLength(6);
    expect(await following).toEqual(await readBehind(store, after));
  });
});

test('a call that ends while no leader can be found ends no process', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  const url = `esdb://127.0.0.1:${fake.followerPort},127.0.0.1:${fake.port}?tls=false`;
  const prefix = 'elections.';
  await fake.order({ do: 'append', stream: `${prefix}a-1`, type: 'SampleTaken' });
  const client = openGrpcClient({ url, prefix, callMs: 10_000 });
  const last = { from: 'end', direction: 'backwards', maxCount: 1 } as const;
  const feed = await client.subscribe(0n);
  for (let last: string | undefined; last !== 'event'; )
    last = (await feed.take(100))?.at(-1)?.kind;
  await fake.order({ do: 'depose' });
  await expect(client.readAll(last)).rejects.toThrow('Not Ready');
  const searching = expect(client.readAll(last)).rejects.toThrow('Failed to discover');
  // While the search goes on, which takes a second.
  await fake.order({ do: 'end-feeds', how: 'unavailable' });
  await expect(feed.take(100)).rejects.toThrow('the server goes away');
  await searching;
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
  await fake.order({ do: 'elect' });
  expect(await client.readAll(last)).toHaveLength(1);
  await client.close();
});
