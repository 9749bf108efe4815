import {
  type EventId,
  type LogPosition,
  type NewEvent,
  ReadStoreUnavailable,
  streamName,
  type Timer,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { memoryReadModels } from '@sentinel/infra/read-store';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { viewDefinitions } from '@sentinel/projections';
import { expect, test } from 'vitest';
import { watchViews } from './watch-views.ts';

/** A clock that stands until the test lets a pause end; then the watcher has looked once more. */
const steppedTimer = () => {
  let now = 0;
  let waiting: { readonly ms: number; readonly end: () => void } | undefined;
  const timer: Timer = {
    nowMs: () => now,
    pause: (ms) =>
      new Promise((end) => {
        waiting = { ms, end };
      }),
  };
  const settled = async () => {
    while (waiting === undefined) await new Promise(setImmediate);
    return waiting;
  };
  const pass = async (ms: number): Promise<void> => {
    for (const until = now + ms; now < until; ) {
      const pause = await settled();
      waiting = undefined;
      now += pause.ms;
      pause.end();
      await settled();
    }
  };
  return { timer, pass };
};

const watched = async () => {
  const eventStore = memoryEventStore({ now: systemClock });
  const readModels = memoryReadModels({ views: viewDefinitions });
  const { projectionStore } = readModels;
  const table = await projectionStore.startBuild('orders');
  const moved = (from: bigint, to: bigint) => ({
    ...{ table, from: from as LogPosition, to: to as LogPosition },
    ...{ parked: null, upserts: [], deletes: [] },
  });
  await projectionStore.swap(table, async () => moved(0n, 0n));
  const metadata = { principal: 'p', client: 'c', tool: 't', correlationId: 'c', causationId: 'c' };
  const append = () => {
    const event: NewEvent = {
      ...{ id: newId() as EventId, type: 'SymbolAdded', schemaVersion: 1, data: {}, metadata },
    };
    return eventStore.appendToStream(streamName('watchlist', 'main'), [event], 'any');
  };
  const { timer, pass } = steppedTimer();
  const house = { unreachable: false, foldedHere: false };
  const reached = {
    ...readModels,
    projectionStore: {
      ...projectionStore,
      serving: async () => {
        if (house.unreachable) throw new ReadStoreUnavailable('the views cannot be reached: cut');
        return projectionStore.serving();
      },
    },
  };
  const watch = watchViews(
    { eventStore, readModels: reached },
    { isFoldedHere: () => house.foldedHere, signal: new AbortController().signal, timer },
  );
  const fold = (from: bigint, to: bigint) => projectionStore.commit([moved(from, to)]);
  const state = () => watch.status().find(({ view }) => view === 'orders')?.state;
  return { watch, pass, append, fold, house, state };
};

test('views that nobody moves while the log has more are stalled after fifteen seconds, and no longer once they move', async () => {
  const { watch, pass, append, fold, state } = await watched();
  await append();
  await pass(1_000);
  expect(state()).toBe('catching_up');
  await pass(13_500);
  expect(watch.stalled()).toBeUndefined();
  await pass(1_000);
  expect(watch.stalled()).toBe('no process has folded the views for 15 seconds');
  await fold(0n, 1n);
  await pass(500);
  expect(watch.stalled()).toBeUndefined();
  expect(state()).toBe('live');
});

test('views at the end of a quiet log are not stalled, however long it is quiet', async () => {
  const { watch, pass, append, fold } = await watched();
  await append();
  await fold(0n, 1n);
  await pass(60_000);
  expect(watch.stalled()).toBeUndefined();
});

test('a store that cannot be reached says so after as long, unless the views are folded here', async () => {
  const { watch, pass, house } = await watched();
  await pass(1_000);
  house.unreachable = true;
  await pass(14_500);
  expect(watch.stalled()).toBeUndefined();
  await pass(1_000);
  expect(watch.stalled()).toMatch(/cannot be reached: cut/);
  house.foldedHere = true;
  await pass(500);
  expect(watch.stalled()).toBeUndefined();
});

test('a view lags from when the log first held more than it, whoever folds it', async () => {
  const { watch, pass, append, house } = await watched();
  house.foldedHere = true;
  await pass(1_000);
  const at = (position: bigint) => watch.lagMs(position as LogPosition);
  expect(at(0n)).toBe(0);
  await append();
  await pass(2_000);
  await append();
  await pass(1_000);
  expect([at(0n), at(1n), at(2n)]).toEqual([2_500, 500, 0]);
});
