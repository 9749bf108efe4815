import type { LogPosition, ProjectionStore } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { allProjections } from '../catalog.ts';
import { checksums, foldTo, houseOn } from '../samples/house.ts';
import { append, logOf, storyOf } from '../samples/log.ts';
import { rebuildViews } from './rebuild.ts';

const story = storyOf(Array.from({ length: 400 }, (_, n) => (n * 61) % 1000));
const half = Math.floor(story.length / 2);
const end = BigInt(story.length) as LogPosition;
const signal = AbortSignal.timeout(20_000);

/** A house without views whose second half happens while the first of them takes its place. */
const begin = async () => {
  const house = houseOn(await logOf(story.slice(0, half)));
  const counts = { read: 0, left: 0 };
  const { eventStore, projectionStore } = house;
  let happened = false;
  const swap: ProjectionStore['swap'] = (table, catchUp) =>
    projectionStore.swap(table, async () => {
      if (!happened) await append(eventStore, story.slice(half), half);
      happened = true;
      const change = await catchUp(await eventStore.lastPosition());
      counts.left += change.upserts.length + change.deletes.length;
      return change;
    });
  const readAll: typeof eventStore.readAll = async (page) => {
    const events = await eventStore.readAll(page);
    counts.read += events.length;
    return events;
  };
  return {
    house,
    counts,
    rebuild: () =>
      rebuildViews({
        eventStore: { ...eventStore, readAll },
        projectionStore: { ...projectionStore, swap },
        projections: allProjections,
        signal,
      }),
  };
};

test('what comes while views take their places is read once for all that wait, and held by the page', async () => {
  const { house, counts, rebuild } = await begin();
  await rebuild();
  const plain = houseOn(await logOf(story));
  await foldTo(plain, end);
  expect(await checksums(house)).toEqual(await checksums(plain));
  // The view that takes its place first catches up alone, and the others after it together.
  expect(counts.read).toBe(half + 2 * (story.length - half));
  expect(counts.left).toBe(0);
});
