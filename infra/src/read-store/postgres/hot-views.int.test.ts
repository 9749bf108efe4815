import type {
  Find,
  Lease,
  ProjectionStore,
  ReadStore,
  ViewRow,
  ViewTable,
} from '@sentinel/contracts/kernel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { change, others, thing, things } from '../../contract-tests/read-store/samples.ts';
import { createTestDatabase, type TestDatabase } from '../../postgres/test-database.ts';
import { postgresReadModels } from '../postgres.ts';
import type { ReadModels } from '../read-models.ts';
import { hotRowLimit } from './hot-views.ts';

const log = { info: () => undefined, warn: () => undefined };
const finds: readonly Find[] = [
  { limit: 3 },
  { limit: 501, newestFirst: true },
  { limit: 4, newestFirst: true },
  { limit: 4, newestFirst: true, cursor: 'k40' },
  { limit: 90, newestFirst: true, where: { color: 'green' }, cursor: 'k7' },
  { limit: 5, where: { color: 'red' }, cursor: 'k05' },
  { limit: 5, between: { field: 'made', from: 'k02', to: 'k07' } },
];

/** Two processes on one database: the first folds and holds views in memory, the second reads tables. */
describe('views held in memory', () => {
  let database: TestDatabase;
  let folding: ReadModels;
  let elsewhere: ReadModels;
  let lease: Lease;

  beforeEach(async () => {
    database = await createTestDatabase();
    const { connectionString } = database;
    const open = () => postgresReadModels({ connectionString, views: [things, others], log });
    [folding, elsewhere] = [open(), open()];
    lease = await folding.projectionStore.takeLease(AbortSignal.timeout(5_000));
  });

  afterEach(async () => {
    await lease.release();
    await folding.close();
    await elsewhere.close();
    await database.drop();
  });

  const build = async (store: ProjectionStore): Promise<ViewTable> => {
    const { view, generation } = await store.startBuild('things');
    await store.finishBuild({ view, generation });
    await store.swap({ view, generation }, async () => change({ view, generation }, [0, 0]));
    return { view, generation };
  };

  /** Builds the view and loads it, as a projector does when it starts. */
  const start = async (): Promise<ViewTable> => {
    const table = await build(folding.projectionStore);
    await folding.projectionStore.serving();
    return table;
  };

  const look = async ({ find, get }: ReadStore) => ({
    one: await get('things', 'k03'),
    pages: await Promise.all(finds.map((of) => find('things', of))),
  });

  const expectSame = async () =>
    expect(await look(folding.readStore)).toEqual(await look(elsewhere.readStore));

  const keys = (count: number) =>
    Array.from({ length: count }, (_, n) => `k${String(n).padStart(2, '0')}`);

  /** Empties the table behind everybody's back: who still sees rows has them in memory. */
  const spoil = async (table: ViewTable) => {
    const deletes = keys(9);
    await elsewhere.projectionStore.commit([change(table, [1, 1], { deletes })]);
  };

  test('are answered without the table, and end with the lease', async () => {
    const table = await start();
    const upserts = keys(9).map((key) => thing(key, 'red'));
    await folding.projectionStore.commit([change(table, [0, 1], { upserts })]);
    await spoil(table);
    expect((await folding.readStore.get('things', 'k03')).value).toBeDefined();
    expect((await elsewhere.readStore.get('things', 'k03')).value).toBeUndefined();
    await lease.release();
    expect((await folding.readStore.get('things', 'k03')).value).toBeUndefined();
  });

  test('are what the table holds, after every commit and beyond what fits in memory', async () => {
    const table = await start();
    for (let position = 0; position < 50; position++) {
      const upserts = keys(position * 10).map((key) => thing(key, position % 2 ? 'red' : 'green'));
      const deletes = [`k0${position % 10}`].filter(
        (key) => !upserts.some((row) => row.key === key),
      );
      const next = change(table, [position, position + 1], { upserts, deletes });
      await folding.projectionStore.commit([next]);
      await expectSame();
    }
    expect(49 * 10).toBeGreaterThan(2 * hotRowLimit);
  });

  test('keep their last rows when they grow large', async () => {
    const table = await start();
    const upserts = keys(3 * hotRowLimit).map((key) => thing(key, 'red'));
    await folding.projectionStore.commit([change(table, [0, 1], { upserts })]);
    const newest: Find = { limit: 5, newestFirst: true };
    const { value } = await elsewhere.readStore.find('things', newest);
    const deletes = value.map(({ key }) => key);
    await elsewhere.projectionStore.commit([change(table, [1, 2], { deletes })]);
    expect((await folding.readStore.find('things', newest)).value).toEqual(value);
    expect((await elsewhere.readStore.find('things', newest)).value).not.toEqual(value);
    expect((await folding.readStore.get('things', 'k00')).value).toBeDefined();
  });

  describe.each(['loaded', 'folded'])('when they are large, and %s', (how) => {
    const many = keys(3 * hotRowLimit).sort();
    const late: Find = { limit: 500, between: { field: 'made', from: many.at(-9) ?? '' } };
    const large = async (upserts: readonly ViewRow[]) => {
      const table = await build(folding.projectionStore);
      if (how === 'folded') await folding.projectionStore.serving();
      const process = how === 'folded' ? folding : elsewhere;
      await process.projectionStore.commit([change(table, [0, 1], { upserts })]);
      await folding.projectionStore.serving();
      return table;
    };
    const found = async (from: ReadModels) => {
      const { value } = await from.readStore.find('things', late);
      return value.map(({ key }) => key);
    };

    test('answer what is asked for from where no earlier row reaches', async () => {
      const table = await large(many.map((key) => thing(key, 'red')));
      await elsewhere.projectionStore.commit([change(table, [1, 2], { deletes: many })]);
      expect(await found(folding)).toEqual(many.slice(-9));
      expect(await found(elsewhere)).toEqual([]);
    });

    test('leave to the table what an earlier row may answer', async () => {
      const first = many[0] ?? '';
      const table = await large(many.map((key) => thing(key, 'red', key === first ? 'z' : key)));
      expect(await found(folding)).toEqual([first, ...many.slice(-9)]);
      await expectSame();
      const upserts = [thing(many[1] ?? '', 'red', 'y')];
      await folding.projectionStore.commit([change(table, [1, 2], { upserts })]);
      expect(await found(folding)).toEqual([first, many[1], ...many.slice(-9)]);
    });

    test('notice an earlier row that comes to what is asked for', async () => {
      const table = await large(many.map((key) => thing(key, 'red')));
      const upserts = [thing(many[1] ?? '', 'red', many.at(-9))];
      await folding.projectionStore.commit([change(table, [1, 2], { upserts })]);
      expect(await found(folding)).toEqual([many[1], ...many.slice(-9)]);
    });
  });

  test('are parked with the table', async () => {
    const table = await start();
    await folding.projectionStore.commit([change(table, [0, 1], { parked: 'bad' })]);
    await expect(folding.readStore.get('things', 'k03')).rejects.toThrow('bad');
    await expect(folding.readStore.find('things', { limit: 1 })).rejects.toThrow('bad');
  });

  test('give way when another process puts a rebuilt table in their place', async () => {
    const table = await start();
    const upserts = keys(9).map((key) => thing(key, 'red'));
    await folding.projectionStore.commit([change(table, [0, 1], { upserts })]);
    const rebuilt = await build(elsewhere.projectionStore);
    await expect
      .poll(async () => (await folding.readStore.get('things', 'k03')).value)
      .toBeUndefined();
    expect(await folding.projectionStore.commit([change(table, [1, 2])])).toBe('swapped');
    await folding.projectionStore.serving();
    await folding.projectionStore.commit([change(rebuilt, [0, 1], { upserts })]);
    await expectSame();
    expect((await folding.readStore.get('things', 'k03')).value).toBeDefined();
  });

  test('are dropped when a commit fails', async () => {
    const table = await start();
    const upserts = keys(9).map((key) => thing(key, 'red'));
    await folding.projectionStore.commit([change(table, [0, 1], { upserts })]);
    await spoil(table);
    await expect(folding.projectionStore.commit([change(table, [7, 8])])).rejects.toThrow();
    await expectSame();
  });
});
