import { execFile, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { describeEventStore } from '../../contract-tests/event-store.ts';
import { openEventStoreDb } from './open-eventstoredb.ts';

/** The oldest and the newest that the adapter was measured with. */
const images = ['eventstore/eventstore:23.10', 'eventstore/eventstore:24.10'];
const run = promisify(execFile);

const startedBy = 'test:eventstore';
/** An image is hundreds of megabytes: only who asks for it by name gets it. */
const reasonToSkip = (): string | undefined => {
  if (process.env.npm_lifecycle_event !== startedBy) return `only npm run ${startedBy} starts one`;
  const { status } = spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 });
  return status === 0 ? undefined : 'Docker is not running';
};

const make = (image: string) => async () => {
  const settings = [
    'EVENTSTORE_CLUSTER_SIZE=1',
    'EVENTSTORE_INSECURE=true',
    'EVENTSTORE_TELEMETRY_OPTOUT=true',
  ].flatMap((setting) => ['--env', setting]);
  const arguments_ = ['run', '--detach', '--rm', '--publish', '127.0.0.1::2113'];
  const { stdout: id } = await run('docker', [...arguments_, ...settings, image]);
  const stop = () => run('docker', ['stop', id.trim()]);
  try {
    const { stdout: bound } = await run('docker', ['port', id.trim(), '2113/tcp']);
    const port = /:(\d+)\s*$/.exec(bound.trim())?.[1];
    const store = await openWhenReady(`esdb://127.0.0.1:${port}?tls=false`);
    return {
      store,
      dispose: async () => {
        await store.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** A server answers that it lives before it leads. */
const openWhenReady = async (url: string) => {
  for (let triesLeft = 30; ; triesLeft--) {
    try {
      return await openEventStoreDb({ url });
    } catch (error) {
      if (triesLeft === 0) throw error;
      await sleep(1_000);
    }
  }
};

const reason = reasonToSkip();
for (const image of images) {
  if (reason !== undefined) {
    describe.skip(`${image} in a container (${reason})`, () => {
      test.todo('the contract suite');
    });
  } else {
    describeEventStore(`${image} in a container`, make(image), {
      gapFreePositions: false,
      idsUniqueInLog: false,
    });
  }
}
