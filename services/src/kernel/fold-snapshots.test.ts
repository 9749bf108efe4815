import {
  accepted,
  type EventMetadata,
  type EventStore,
  event,
  type SnapshotStore,
  SnapshotStoreUnavailable,
  streamName,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, systemClock } from '@sentinel/infra/runtime';
import { memorySnapshotStore, type SnapshotRow } from '@sentinel/infra/snapshot-store';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { aggregate } from './aggregate.ts';
import { type VersionedMap, versionedMap } from './versioned-map.ts';

const definitions = { Added: event(1, z.strictObject({ n: z.int() })) } as const;
type Added = { readonly type: 'Added'; readonly data: { n: number } };
type State = { readonly sum: number; readonly seen: VersionedMap<string, number> };
const initialState: State = { sum: 0, seen: versionedMap() };

const stream = streamName('sum', 'one');
const metadata: EventMetadata = {
  principal: 'test',
  client: 'test',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};

type World = {
  readonly log?: EventStore;
  readonly rows?: Map<string, SnapshotRow>;
  readonly code?: string;
  readonly store?: (store: SnapshotStore) => SnapshotStore;
};

/** A process that adds numbers, with what it folded, what it saved and what went wrong. */
const process = ({ log, rows = new Map(), code = 'this', store = (each) => each }: World = {}) => {
  const eventStore = log ?? memoryEventStore({ now: systemClock });
  const folded = { count: 0 };
  const problems: unknown[] = [];
  const sums = aggregate({
    eventStore,
    newId: monotonicIds(),
    definitions,
    decider: {
      initialState,
      decide: (numbers: readonly number[]) =>
        accepted(numbers.map((n) => ({ type: 'Added' as const, data: { n } }))),
      evolve: ({ sum, seen }: State, { data: { n } }: Added) => {
        folded.count += 1;
        return { sum: sum + n, seen: seen.with(`${n}`, n) };
      },
    },
    snapshots: {
      store: store(memorySnapshotStore({ code, rows })),
      onProblem: (_, error) => problems.push(error),
    },
  });
  const add = async (count: number): Promise<void> => {
    for (let from = 0; from < count; from += 500) {
      const numbers = Array.from({ length: Math.min(500, count - from) }, (_, n) => from + n + 1);
      await sums.execute(stream, numbers, metadata);
    }
  };
  const total = async () => {
    const { state, version, logPosition } = await sums.load(stream);
    return { sum: state.sum, seen: state.seen.size, version, logPosition };
  };
  return { ...sums, add, total, rows, log: eventStore, folded, problems };
};
const sumTo = (n: number) => (n * (n + 1)) / 2;
const saved = (of: ReturnType<typeof process>) => of.rows.get(stream)?.version;

test('a start behind a clean stop folds nothing again', async () => {
  const first = process();
  await first.add(3_000);
  await first.settle();
  const next = process(first);
  expect(await next.total()).toEqual(await first.total());
  expect(await next.total()).toMatchObject({ sum: sumTo(3_000), seen: 3_000, version: 2_999n });
  expect(next.folded.count).toBe(0);
  await next.add(10);
  expect(await process(first).total()).toEqual(await next.total());
});

test('a process that is killed leaves a snapshot that is not far behind', async () => {
  const first = process();
  await first.add(2_000);
  await vi.waitFor(() => expect(saved(first)).toBe(1_999n));
  await first.add(900);
  expect(saved(first)).toBe(1_999n);
  const next = process(first);
  expect(await next.total()).toEqual(await first.total());
  expect(next.folded.count).toBe(900);
  expect(first.problems).toEqual([]);
});

test('the longer the stream, the rarer the snapshots', async () => {
  let saves = 0;
  const counting = (store: SnapshotStore): SnapshotStore => ({
    ...store,
    save: async (...call) => {
      saves += 1;
      return store.save(...call);
    },
  });
  const one = process({ store: counting });
  for (let n = 0; n < 40; n++) {
    await one.add(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await one.settle();
  expect(saves).toBeGreaterThan(3);
  expect(saves).toBeLessThan(9);
});

test('a short stream is read from its first event', async () => {
  const one = process();
  await one.add(150);
  await one.settle();
  expect(one.rows.size).toBe(0);
});

test('what other code folded is folded again', async () => {
  const first = process();
  await first.add(2_500);
  await first.settle();
  const next = process({ ...first, code: 'other' });
  expect(await next.total()).toEqual(await first.total());
  expect(next.folded.count).toBe(2_500);
});

test('a snapshot of another log, or of a day that was taken back, is left out', async () => {
  const first = process();
  await first.add(2_500);
  await first.settle();
  const elsewhere = process();
  await elsewhere.add(1_000);
  await elsewhere.add(2_000);
  const restored = process({ ...elsewhere, rows: first.rows });
  expect(await restored.total()).toEqual(await elsewhere.total());
  expect(restored.folded.count).toBe(3_000);
  const shorter = process();
  await shorter.add(100);
  expect((await process({ ...shorter, rows: first.rows }).total()).sum).toBe(sumTo(100));
});

test('a store that cannot be reached is told of, and holds up nobody', async () => {
  const gone = new SnapshotStoreUnavailable('gone');
  const refuse = async () => {
    throw gone;
  };
  const one = process({ store: (store) => ({ ...store, load: refuse, save: refuse }) });
  await one.add(2_500);
  await one.settle();
  expect((await one.total()).sum).toBe(sumTo(2_500));
  expect(one.problems.length).toBeGreaterThan(1);
  expect(new Set(one.problems)).toEqual(new Set([gone]));
});

test('what is appended while a snapshot is being made is not in it', async () => {
  const first = process();
  await first.add(2_000);
  const further = first.add(1_500);
  await further;
  await vi.waitFor(() => expect(saved(first)).toBeDefined());
  const next = process(first);
  expect(await next.total()).toEqual(await first.total());
});
