import type { EventStore, LogPosition } from '@sentinel/contracts/kernel';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { createTestDatabase, migrate } from '@sentinel/infra/postgres';
import { cutConnections, postgresReadModels } from '@sentinel/infra/read-store';
import { systemClock } from '@sentinel/infra/runtime';
import { afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { allProjections, viewDefinitions } from '../catalog.ts';
import { checksums, foldTo, type House, houseOn, projectorOf } from '../samples/house.ts';
import { append, logOf, storyOf } from '../samples/log.ts';
import { watchlist } from '../watchlist/index.ts';
import { ViewRolledBack } from './prepare-views.ts';
import { type AnyProjection, definitionOf } from './projection.ts';
import { rebuildViews } from './rebuild.ts';
import { rollBack } from './roll-back.ts';

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

  afterEach(async () => {
    for (const close of ends.splice(0)) await close();
  });

  const openHouse = (views = viewDefinitions): House => {
    const models = postgresReadModels({ connectionString, views, log });
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

  test('of a projector that is cut off again and again nothing is lost or folded twice', async () => {
    const runs = inject('propertyRuns') || 3;
    const alarms: string[] = [];
    const begin = (run: number) => Math.floor((story.length * run) / runs);
    for (let run = 0; run < runs; run++) {
      // Each is a new one, which knows nothing but what the one before had committed.
      const house = openHouse();
      const one = projectorOf(house, { alarms });
      const stop = new AbortController();
      const running = one.run(stop.signal);
      const appending = append(eventStore, story.slice(begin(run), begin(run + 1)), begin(run));
      await expect.poll(one.isFolding, { timeout: 15_000 }).toBe(true);
      await expect
        .poll(house.readStore.logPosition, { timeout: 15_000 })
        .toBeGreaterThan(BigInt(begin(run)));
      stop.abort();
      await cutConnections(connectionString);
      await running;
      await appending;
      await ends.shift()?.();
    }
    const house = openHouse();
    await foldTo(house, end);
    expect(comparable(await checksums(house))).toEqual(comparable(expected));
    const { signal } = new AbortController();
    const rebuilt = await rebuildViews({ ...house, projections: allProjections, signal });
    expect(rebuilt.every(({ comparison }) => comparison.result === 'equal')).toBe(true);
    expect(alarms.filter((alarm) => !alarm.startsWith('null'))).toEqual([]);
  }, 600_000);

  test('a new version is swapped in with what differs, rolled back for the one before, and that goes on', async () => {
    const half = await append(eventStore, story.slice(0, 300), 0);
    await foldTo(openHouse(), half);
    const encode = (row: unknown) => ({
      ...(watchlist.row.encode(row as never) as object),
      changes: 1,
    });
    const parse = ({ changes: _, ...stored }: Record<string, unknown>) =>
      watchlist.row.parse(stored);
    const next = {
      ...watchlist,
      version: watchlist.version + 1,
      row: { ...watchlist.row, encode, parse },
    };
    const newer = allProjections.map((of) =>
      of.view === next.view ? (next as AnyProjection) : of,
    );
    const house = openHouse(newer.map(definitionOf));
    const built: unknown[] = [];
    const newProgram = projectorOf(house, {
      projections: newer,
      onRebuilt: (rebuilt) => built.push(...rebuilt.map(({ comparison }) => comparison)),
    });
    await foldTo(house, half, newProgram);
    expect(built).toMatchObject([
      { result: 'explained', differences: { columns: [{ column: 'changes', is: 'new' }] } },
    ]);
    const { signal } = new AbortController();
    const stop = new AbortController();
    const running = newProgram.run(stop.signal);
    await expect.poll(newProgram.isFolding, { timeout: 15_000 }).toBe(true);
    const back = await rollBack({ ...house, projections: [next as AnyProjection], signal });
    expect(back).toMatchObject([{ version: watchlist.version, goesOn: false, logPosition: half }]);
    const ended = expect(running).rejects.toThrow(ViewRolledBack);
    await append(eventStore, story.slice(300), 300);
    await ended;
    const older = openHouse();
    await foldTo(older, end);
    expect(comparable(await checksums(older))).toEqual(comparable(expected));
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
