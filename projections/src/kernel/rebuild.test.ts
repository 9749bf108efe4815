import type { LogPosition } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { allProjections } from '../catalog.ts';
import { orders } from '../execution/index.ts';
import { killSwitch } from '../risk/index.ts';
import { checksums, foldTo, houseOn, projectorOf } from '../samples/house.ts';
import { sampleId } from '../samples/ids.ts';
import { append, logOf, storyOf } from '../samples/log.ts';
import { ViewsFromNewerVersion } from './prepare-views.ts';
import type { AnyProjection } from './projection.ts';
import { rebuildViews } from './rebuild.ts';
import { rollBack } from './roll-back.ts';

const choices = Array.from({ length: 400 }, (_, n) => (n * 61) % 1000);
const story = storyOf(choices);
const end = BigInt(story.length) as LogPosition;
const signal = AbortSignal.timeout(20_000);

describe('rebuild', () => {
  test('goes on beside the projector while events arrive, and loses none', async () => {
    const [log, plain] = [await logOf([]), houseOn(await logOf(story))];
    await foldTo(plain, end);
    const house = houseOn(log);
    const one = projectorOf(house);
    const stop = new AbortController();
    const running = one.run(stop.signal);
    let appended = 0;
    let rebuilds = 0;
    const halfway = Math.floor(story.length / 2);
    const appending = (async () => {
      for (const placed of story) {
        await append(log, [placed], appended++);
        // The last events wait for the first rebuild, so that at least one is overtaken.
        while (appended === halfway && rebuilds === 0) await new Promise(setImmediate);
        if (appended % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    await expect.poll(() => one.status().every(({ state }) => state === 'live')).toBe(true);
    for (let going = true; going; rebuilds++) {
      going = appended < story.length;
      const rebuilt = await rebuildViews({ ...house, projections: allProjections, signal });
      expect(rebuilt.filter(({ comparison }) => comparison.result !== 'equal')).toEqual([]);
      await new Promise(setImmediate);
    }
    expect(rebuilds).toBeGreaterThan(1);
    await appending;
    await expect.poll(() => house.readStore.logPosition()).toBe(end);
    stop.abort();
    await running;
    expect(await checksums(house)).toEqual(await checksums(plain));
  });

  test('names the keys under which the served view was wrong, and puts it right', async () => {
    const house = houseOn(await logOf(story));
    await foldTo(house, end);
    const right = await checksums(house);
    const table = (await house.projectionStore.serving()).find(({ view }) => view === 'orders');
    if (table === undefined) throw new Error('orders are served');
    const spoilt = { key: sampleId(1), row: { spoilt: true }, fields: {} };
    const spoil = { table, from: end, to: end, parked: null };
    await house.projectionStore.commit([{ ...spoil, upserts: [spoilt], deletes: [sampleId(2)] }]);
    const seen: bigint[] = [];
    const [rebuilt] = await rebuildViews({
      ...house,
      projections: [orders],
      signal,
      onProgress: ({ done, total }) => {
        expect(total).toBe(end);
        seen.push(done);
      },
    });
    expect(rebuilt?.comparison).toMatchObject({
      result: 'different',
      at: end,
      differences: { keys: [sampleId(1), sampleId(2)], onlyBefore: 0, onlyNow: 1, differing: 1 },
    });
    expect(seen.at(-1)).toBe(end);
    expect(await checksums(house)).toEqual(right);
  });

  test('a dry run says what differs, and leaves what serves and no table beside it', async () => {
    const house = houseOn(await logOf(story));
    await foldTo(house, end);
    const serving = await house.projectionStore.serving();
    const table = serving.find(({ view }) => view === 'orders');
    if (table === undefined) throw new Error('orders are served');
    const spoil = { table, from: end, to: end, parked: null };
    await house.projectionStore.commit([{ ...spoil, upserts: [], deletes: [sampleId(2)] }]);
    const spoilt = await checksums(house);
    const dry = { ...house, projections: [orders], signal, dryRun: true };
    const [rebuilt] = await rebuildViews(dry);
    expect(rebuilt?.comparison).toEqual({
      result: 'different',
      at: end,
      differences: { keys: [sampleId(2)], onlyBefore: 0, onlyNow: 1, differing: 0, columns: [] },
    });
    expect(await checksums(house)).toEqual(spoilt);
    expect(await house.projectionStore.serving()).toEqual(serving);
    const look = async () => 'there';
    expect(await house.projectionStore.snapshot(rebuilt?.table ?? '', look)).toBeUndefined();
  });

  test('says which fields of another version differ, and whether that version explains it', async () => {
    const house = houseOn(await logOf(story));
    await foldTo(house, end);
    const compared = async (change: (row: Record<string, unknown>) => object) => {
      const rows = new Map<string, unknown>();
      const encode = (row: unknown) => {
        const { orderId } = row as { readonly orderId: string };
        rows.set(orderId, row);
        return { ...change(orders.row.encode(row as never) as never), orderId };
      };
      // What that version wrote it can read again.
      const parse = (stored: unknown) => rows.get((stored as { readonly orderId: string }).orderId);
      const row = { ...orders.row, encode, parse };
      const next = { ...orders, version: orders.version + 1, row };
      const dry = { ...house, projections: [next as AnyProjection], signal, dryRun: true };
      const [rebuilt] = await rebuildViews(dry);
      return rebuilt?.comparison;
    };
    const explained = await compared((row) => ({ ...row, changes: 1 }));
    expect(explained).toMatchObject({
      result: 'explained',
      differences: { onlyBefore: 0, onlyNow: 0, columns: [{ column: 'changes', is: 'new' }] },
    });
    expect(await compared((row) => ({ ...row, status: 'XYZ', changes: 1 }))).toMatchObject({
      result: 'different',
      differences: {
        columns: expect.arrayContaining([
          { column: 'status', is: 'changed', rows: expect.any(Number) },
          { column: 'changes', is: 'new', rows: expect.any(Number) },
        ]),
      },
    });
    // A field that the row of this version may have, and that no row has any more, explains nothing.
    expect(await compared(({ status: _, ...row }) => row)).toMatchObject({
      result: 'different',
      differences: { columns: [{ column: 'status', is: 'gone' }] },
    });
    expect(await compared((row) => row)).toMatchObject({ result: 'equal' });
  });

  test('one that was killed is gone on with where it came to', async () => {
    const house = houseOn(await logOf(story));
    await foldTo(house, end);
    const killed = async (): Promise<never> => {
      throw new Error('killed');
    };
    const projectionStore = { ...house.projectionStore, finishBuild: killed, dropBuild: killed };
    const cut = rebuildViews({ ...house, projectionStore, projections: [orders], signal });
    await expect(cut).rejects.toThrow('killed');
    const read: unknown[] = [];
    const eventStore: typeof house.eventStore = {
      ...house.eventStore,
      readAll: (page) => {
        read.push(page?.after);
        return house.eventStore.readAll(page);
      },
    };
    const again = await rebuildViews({ ...house, eventStore, projections: [orders], signal });
    expect(again).toMatchObject([{ comparison: { result: 'equal' }, logPosition: end }]);
    expect(read).toEqual([]);
  });

  test('a rollback brings back what served, up to date, and is itself taken back', async () => {
    const house = houseOn(await logOf(story));
    await foldTo(house, end);
    const right = await checksums(house);
    const given = { ...house, projections: [orders], signal };
    await expect(rollBack(given)).rejects.toThrow('nothing stayed');
    const table = (await house.projectionStore.serving()).find(({ view }) => view === 'orders');
    if (table === undefined) throw new Error('orders are served');
    const spoil = { table, from: end, to: end, parked: null, upserts: [] };
    await house.projectionStore.commit([{ ...spoil, deletes: [sampleId(2)] }]);
    const spoilt = await checksums(house);
    await rebuildViews(given);
    expect(await checksums(house)).toEqual(right);
    const { version, generation } = table;
    const backAt = (logPosition: bigint) => [
      { table: { view: 'orders', generation }, version, logPosition, goesOn: true },
    ];
    expect(await rollBack(given)).toEqual(backAt(end));
    expect(await checksums(house)).toEqual(spoilt);
    await append(house.eventStore, storyOf([3, 4]).slice(1, 2), story.length);
    expect(await rollBack(given)).toMatchObject([{ logPosition: end + 1n, goesOn: true }]);
    await rebuildViews(given);
    expect((await rebuildViews(given))[0]?.comparison.result).toBe('equal');
  });

  test('an aborted rebuild leaves what served', async () => {
    const house = houseOn(await logOf(story));
    await foldTo(house, end);
    const rebuilding = rebuildViews({
      ...house,
      projections: [orders],
      signal: AbortSignal.abort(),
    });
    await expect(rebuilding).rejects.toThrow();
    expect((await house.readStore.get('orders', sampleId(1))).logPosition).toBe(end);
  });

  test('a fold with a new version is built before it serves; an older program refuses to start', async () => {
    const house = houseOn(await logOf(story));
    await foldTo(house, end);
    const built = async () =>
      (await house.projectionStore.serving()).find(({ view }) => view === 'kill_switch')
        ?.generation;
    const generation = await built();
    const older: AnyProjection = { ...killSwitch, version: 0 };
    const running = projectorOf(house, { projections: [older] }).run(signal);
    await expect(running).rejects.toThrow(ViewsFromNewerVersion);
    expect(await built()).toBe(generation);
  });
});
