import {
  beforeAll as beforeLog,
  type Checkpoint,
  type LogPosition,
} from '@sentinel/contracts/kernel';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { memorySharedState, sharedMemory } from '../../shared-state/index.ts';
import { advancesBy } from '../advances.ts';
import { definitions } from '../definitions.ts';
import { progressOf } from '../progress.ts';
import { reading } from './reading.ts';

const never = 600_000;
const at = (position: bigint) => position as LogPosition;

/** One who reads views that another process folds; `stored` is what the tables say of them. */
const reader = (pauses: { readonly deafMs: number; readonly hearingMs: number }) => {
  const memory = sharedMemory();
  const [here, there] = [memorySharedState({ memory }), memorySharedState({ memory })];
  const progress = progressOf(['orders']);
  const looks = Promise.withResolvers<void>();
  let stored = beforeLog;
  let looked = 0;
  const { waitFor } = reading({
    // It connects when it is asked, which it is not.
    ...{ pool: new pg.Pool(), choosing: new pg.Pool() },
    views: definitions([{ name: 'orders', version: 1, fields: [] }]),
    progress,
    hot: () => undefined,
    isFolding: () => false,
    refresh: async () => {
      looked += 1;
      const checkpoint: Checkpoint = {
        ...{ view: 'orders', generation: 1, version: 1, parked: null },
        logPosition: stored,
      };
      progress.serve(checkpoint);
      looks.resolve();
    },
    advances: advancesBy(here, pauses),
  });
  return {
    waitFor,
    here,
    told: advancesBy(there).tell,
    firstLook: looks.promise,
    looked: () => looked,
    store: (position: bigint) => {
      stored = at(position);
    },
  };
};

describe('a reader of views that another process folds', () => {
  test('is woken by the notice that they are where it waits for, and asks the tables twice', async () => {
    const of = reader({ deafMs: never, hearingMs: never });
    const waited = of.waitFor(at(7n), never);
    await of.firstLook;
    of.store(7n);
    for (const text of [5n, 6n]) of.told(text);
    of.here.tell('views', 'no position');
    of.told(7n);
    expect(await waited).toBe(true);
    expect(of.looked()).toBe(2);
  });

  test('looks by itself where a notice was lost', async () => {
    const of = reader({ deafMs: never, hearingMs: 1 });
    const waited = of.waitFor(at(7n), never);
    await of.firstLook;
    of.store(7n);
    expect(await waited).toBe(true);
  });

  test('looks often while no notice can be heard', async () => {
    const of = reader({ deafMs: 1, hearingMs: never });
    await of.here.close();
    const waited = of.waitFor(at(7n), never);
    await of.firstLook;
    of.store(7n);
    expect(await waited).toBe(true);
  });
});
