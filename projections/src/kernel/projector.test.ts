import {
  beforeAll,
  CheckpointLost,
  type EventStore,
  type LogPosition,
} from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allProjections } from '../catalog.ts';
import { checksums, foldTo, type House, houseOn, projectorOf } from '../samples/house.ts';
import { append, logOf, stories, storyOf } from '../samples/log.ts';
import { wholeStory } from '../samples/story.ts';
import { rebuildViews } from './rebuild.ts';

/** Shows the log in pages of at most `size` events, as a slow or a bursting log would. */
const paged = (eventStore: EventStore, sizes: readonly number[]): EventStore => ({
  ...eventStore,
  subscribeToAll: async function* (after, signal) {
    let turn = 0;
    for await (const { events, caughtUp } of eventStore.subscribeToAll(after, signal)) {
      for (let start = 0; start < events.length || events.length === 0; ) {
        const end = start + (sizes[turn++ % sizes.length] ?? 1);
        yield { events: events.slice(start, end), caughtUp: caughtUp && end >= events.length };
        if (end >= events.length) break;
        start = end;
      }
    }
  },
});

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe('projector', () => {
  test('every type of event folds one by one as it does at once', async () => {
    const log = await logOf(wholeStory);
    const end = BigInt(wholeStory.length) as LogPosition;
    const [atOnce, oneByOne] = [houseOn(log), houseOn(paged(log, [1]))];
    await foldTo(atOnce, end);
    await foldTo(oneByOne, end, projectorOf(oneByOne, { cachedRows: 1 }));
    expect(await checksums(oneByOne)).toEqual(await checksums(atOnce));
  });

  test('views folded in any batches equal those rebuilt from the log', async () => {
    await fc.assert(
      fc.asyncProperty(
        stories,
        sizes,
        fc.integer({ min: 1, max: 20 }),
        async (story, batches, cachedRows) => {
          const log = await logOf([]);
          const house = houseOn(paged(log, batches));
          const end = BigInt(story.length) as LogPosition;
          const half = Math.floor(story.length / 2);
          await foldTo(house, beforeAll);
          await append(log, story.slice(0, half), 0);
          await foldTo(house, BigInt(half) as LogPosition, projectorOf(house, { cachedRows }));
          await append(log, story.slice(half), half);
          await foldTo(house, end, projectorOf(house, { cachedRows }));
          const incremental = await checksums(house);
          const signal = AbortSignal.timeout(5_000);
          const rebuilt = await rebuildViews({ ...house, projections: allProjections, signal });
          expect(rebuilt.map(({ comparison }) => comparison.result)).toEqual(
            allProjections.map(() => 'equal'),
          );
          expect(await checksums(house)).toEqual(incremental);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('events delivered twice, and pages that overlap, change nothing', async () => {
    const story = storyOf(Array.from({ length: 150 }, (_, n) => (n * 37) % 1000));
    const log = await logOf([]);
    const twice: EventStore = {
      ...log,
      subscribeToAll: async function* (after, signal) {
        for await (const { events, caughtUp } of log.subscribeToAll(after, signal)) {
          yield { events, caughtUp: false };
          yield { events: events.slice(0, 20), caughtUp: false };
          yield { events, caughtUp };
        }
      },
    };
    const [once, again] = [houseOn(log), houseOn(twice)];
    // The first start only makes the empty views; everything comes through the subscription.
    for (const house of [once, again]) await foldTo(house, beforeAll);
    const end = await append(log, story, 0);
    for (const house of [once, again]) await foldTo(house, end);
    expect(await checksums(again)).toEqual(await checksums(once));
  });

  test('a batch that is lost with its commit is folded again, once', async () => {
    const story = storyOf(Array.from({ length: 120 }, (_, n) => (n * 53) % 1000));
    const [plain, log] = [houseOn(await logOf(story)), await logOf([])];
    await foldTo(plain, BigInt(story.length) as LogPosition);
    const house = houseOn(paged(log, [2]));
    await foldTo(house, beforeAll);
    await append(log, story, 0);
    for (let crash = 1; crash <= 10; crash++) {
      let commits = 0;
      const dying: House = {
        ...house,
        projectionStore: {
          ...house.projectionStore,
          commit: async (changes) => {
            commits += 1;
            // Half of the crashes come before the commit takes effect, half after it.
            if (commits === 2 && crash % 2 === 0) await house.projectionStore.commit(changes);
            if (commits === 2) throw new Error('crashed');
            return house.projectionStore.commit(changes);
          },
        },
      };
      await expect(projectorOf(dying).run(AbortSignal.timeout(5_000))).rejects.toThrow('crashed');
    }
    await foldTo(house, BigInt(story.length) as LogPosition);
    expect(await checksums(house)).toEqual(await checksums(plain));
  });

  test('stops when another projector has moved its checkpoint', async () => {
    const log = await logOf(storyOf([0, 10, 20]));
    const house = houseOn(log);
    await foldTo(house, await log.lastPosition());
    const running = projectorOf(house).run(AbortSignal.timeout(5_000));
    await expect.poll(() => house.readStore.logPosition()).toBe(await log.lastPosition());
    const changes = (await house.projectionStore.serving()).map((table) => ({
      table,
      from: table.logPosition,
      to: (table.logPosition + 1n) as LogPosition,
      parked: null,
      upserts: [],
      deletes: [],
    }));
    await house.projectionStore.commit(changes);
    await append(log, storyOf([0]).slice(1), 10);
    await expect(running).rejects.toThrow(CheckpointLost);
  });

  test('ends with its signal, gives the lease back and says how far it came', async () => {
    const log = await logOf(storyOf([3, 5, 6]));
    const house = houseOn(log);
    const one = projectorOf(house);
    expect(one.status().every(({ state }) => state === 'starting')).toBe(true);
    const stop = new AbortController();
    const running = one.run(stop.signal);
    await expect.poll(() => one.status().every(({ state }) => state === 'live')).toBe(true);
    expect(new Set(one.status().map(({ logPosition }) => logPosition))).toEqual(
      new Set([await log.lastPosition()]),
    );
    stop.abort();
    await running;
    const lease = await house.projectionStore.takeLease(AbortSignal.timeout(1_000));
    await lease.release();
  });
});
