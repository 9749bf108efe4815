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
