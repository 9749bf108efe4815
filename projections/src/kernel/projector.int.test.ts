import type { EventStore, LogPosition } from '@sentinel/contracts/kernel';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { createTestDatabase, migrate } from '@sentinel/infra/postgres';
import { cutConnections, postgresReadModels } from '@sentinel/infra/read-store';
import { systemClock } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allProjections, viewDefinitions } from '../catalog.ts';
import { checksums, foldTo, type House, houseOn, projectorOf } from '../samples/house.ts';
import { append, logOf, storyOf } from '../samples/log.ts';
import { rebuildViews } from './rebuild.ts';

const log = { info: () => undefined, warn: () => undefined };
const story = storyOf(Array.from({ length: 600 }, (_, n) => (n * 61) % 1000));
const end = BigInt(story.length) as LogPosition;

describe('projector on Postgres', () => {
  let eventStore: EventStore;
  let connectionString: string;
  let expected: readonly unknown[];
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const plain = houseOn(await logOf(story));
    await foldTo(plain, end);
    expected = await checksums(plain);
  });

  beforeEach(async () => {
    const database = await createTestDatabase();
    connectionString = database.connectionString;
    await migrate(connectionString);
    eventStore = await openPostgresEventStore({ connectionString, now: () => systemClock(), log });
    ends.push(eventStore.close, database.drop);
  });

  afterAll(async () => {
    for (const close of ends) await close();
  });

  const openHouse = (): House => {
    const models = postgresReadModels({ connectionString, views: viewDefinitions, log });
    ends.unshift(models.close);
    return { eventStore, ...models };
  };

  /** All but the events' own times, which the writer of each log stamps. */
  const comparable = (sums: readonly unknown[]) =>
    sums.filter((_, index) => allProjections[index]?.view !== 'recent_events');

  test('folds live events, is rebuilt meanwhile, and ends as a fold in memory does', async () => {
    const house = openHouse();
    const one = projectorOf(house);
    const stop = new AbortController();
    const running = one.run(stop.signal);
    await expect.poll(() => one.status().every(({ state }) => state === 'live')).toBe(true);
    const appending = append(eventStore, story, 0);
    for (let round = 0; round < 3; round++) {
      const { signal } = stop;
      const rebuilt = await rebuildViews({ ...house, projections: allProjections, signal });
      expect(rebuilt.map(({ comparison }) => comparison.result)).toEqual(
        allProjections.map(() => 'equal'),
      );
    }
    expect(await house.readStore.waitFor(await appending, 10_000)).toBe(true);
    stop.abort();
    await running;
    expect(comparable(await checksums(house))).toEqual(comparable(expected));
  });

  test('goes on after its connections were cut, and folds every event once', async () => {
    const house = openHouse();
    const alarms: string[] = [];
    const one = projectorOf(house, { alarms });
    const stop = new AbortController();
    const running = one.run(stop.signal);
    await append(eventStore, story.slice(0, 100), 0);
    await expect.poll(() => house.readStore.logPosition()).toBe(100n);
    const appending = append(eventStore, story.slice(100), 100);
    expect(await cutConnections(connectionString)).toBeGreaterThan(1);
    await appending;
    await expect.poll(() => house.readStore.logPosition(), { timeout: 15_000 }).toBe(end);
    stop.abort();
    await running;
    expect(comparable(await checksums(house))).toEqual(comparable(expected));
    const { signal } = new AbortController();
    const rebuilt = await rebuildViews({ ...house, projections: allProjections, signal });
    expect(rebuilt.every(({ comparison }) => comparison.result === 'equal')).toBe(true);
  });

  test('of two projectors one folds; the other takes over when it ends, and readers elsewhere see both', async () => {
    const [first, second] = [openHouse(), openHouse()];
    const [one, two] = [projectorOf(first), projectorOf(second)];
    const [stopOne, stopTwo] = [new AbortController(), new AbortController()];
    const runningOne = one.run(stopOne.signal);
    await expect.poll(() => one.status().every(({ state }) => state === 'live')).toBe(true);
    const runningTwo = two.run(stopTwo.signal);
    const half = await append(eventStore, story.slice(0, 50), 0);
    // The second process does not fold: it has to ask the store how far the first has come.
    expect(await second.readStore.waitFor(half, 5_000)).toBe(true);
    expect((await second.readStore.get('accounts', 'paper')).logPosition).toBe(half);
    expect(two.status().every(({ state }) => state === 'starting')).toBe(true);
    stopOne.abort();
    await runningOne;
    await append(eventStore, story.slice(50), 50);
    expect(await second.readStore.waitFor(end, 10_000)).toBe(true);
    stopTwo.abort();
    await runningTwo;
    expect(comparable(await checksums(second))).toEqual(comparable(expected));
  });
});
