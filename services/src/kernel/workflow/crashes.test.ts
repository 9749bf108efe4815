import {
  type EventStore,
  EventStoreUnavailable,
  type NewId,
  WorkflowStoreUnavailable,
} from '@sentinel/contracts/kernel';
import { monotonicIds } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { type Fault, faultyWorld } from './test-kit.ts';
import { cause, mirror, mirrored } from './test-mirror.ts';
import { run, testWorld, untilStepped } from './test-world.ts';

const callNames = [
  'acquire',
  'checkpoint',
  'subscribeToAll',
  'readStream',
  'appendToStream',
  'renew',
  'saveCheckpoint',
];
/** Appends causes to three keys in turn, and takes new ones now and then so that streams stay short. */
const newCauses = (eventStore: EventStore, newId: NewId) => {
  const keys = new Set<string>();
  let count = 0;
  const add = async () => {
    const key = `${Math.floor(count / 60)}-${count % 3}`;
    keys.add(key);
    count += 1;
    await cause(eventStore, key, newId());
  };
  return { add, keys, count: () => count };
};

const expectMirrored = async (
  eventStore: EventStore,
  { keys, count }: ReturnType<typeof newCauses>,
) => {
  let total = 0;
  for (const key of keys) {
    const { causes, effects } = await mirrored(eventStore, key);
    expect(effects).toEqual(causes);
    total += causes.length;
  }
  expect(total).toBe(count());
};

describe('a workflow that makes one effect of each cause', () => {
  test('loses none and makes none twice, killed 400 times before and after each call it makes', async () => {
    const world = testWorld();
    const newId = monotonicIds();
    const struck = new Set<string>();
    const causes = newCauses(world.eventStore, newId);
    for (let life = 0; life < 400; life++) {
      const moment: Fault['moment'] = life % 2 === 0 ? 'before' : 'after';
      const name = callNames[Math.floor(life / 2) % callNames.length];
      // A life that holds its lease asks for it once.
      const once = name === 'acquire' || name === 'checkpoint';
      const nth = once ? 1 : 1 + (Math.floor(life / 2 / callNames.length) % 5);
      let met = 0;
      const process = faultyWorld(world, (_, called) => {
        met += called === name ? 1 : 0;
        if (met < nth) return undefined;
        struck.add(`${moment} ${called}`);
        return { moment };
      });
      // Every step lasts while a checkpoint is saved.
      const slowly = mirror(process.eventStore, newId, async ({ signal }, work) => {
        await process.timer.pause(450, signal);
        await work();
      });
      run(process, [slowly], { owner: `life ${life}` });
      for (let n = 0; n < 100 && !process.dead(); n++) {
        await causes.add();
        await world.timer.advance(300);
      }
      expect(process.dead()).toBe(true);
    }
    const last = run(world, [mirror(world.eventStore, newId)], { owner: 'last' });
    await untilStepped(world, last);
    await last.stop();
    await expectMirrored(world.eventStore, causes);
    expect(struck.size).toBe(2 * callNames.length);
  }, 120_000);

  test('nor when three calls of ten fail, half of them after having taken effect', async () => {
    const world = testWorld();
    const newId = monotonicIds();
    const process = faultyWorld(world, (call, name) => {
      // A pattern without a rhythm: one that beats in time with the calls could fail the same for ever.
      if (((call * 2_654_435_761) % 4_294_967_296) % 10 >= 3) return undefined;
      const Unavailable = /acquire|renew|release|heckpoint/.test(name)
        ? WorkflowStoreUnavailable
        : EventStoreUnavailable;
      return { moment: call % 4 < 2 ? 'before' : 'after', error: new Unavailable('gone') };
    });
    const running = run(process, [mirror(process.eventStore, newId)], { owner: 'one' });
    const causes = newCauses(world.eventStore, newId);
    for (let n = 0; n < 150; n++) {
      await causes.add();
      await world.timer.advance(70);
    }
    await untilStepped(world, running);
    await running.stop();
    await expectMirrored(world.eventStore, causes);
    expect(process.calls()).toBeGreaterThan(300);
  }, 60_000);
});
