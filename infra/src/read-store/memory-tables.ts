import {
  beforeAll,
  type Checkpoint,
  CheckpointLost,
  canonicalJson,
  type ProjectionStore,
  type Row,
  type ViewChange,
  type ViewLoad,
  type ViewRow,
  type ViewSnapshot,
  type ViewTable,
} from '@sentinel/contracts/kernel';
import type { Definitions } from './definitions.ts';
import type { Progress } from './progress.ts';

export type MemoryTable = {
  readonly checkpoint: Checkpoint;
  readonly rows: Map<string, ViewRow>;
};

type View = {
  readonly tables: ReadonlyMap<number, MemoryTable>;
  readonly serving: number | undefined;
  readonly retired: number | undefined;
};

/** The tables of all views as plain data. Each change is one synchronous step, so it is whole by nature. */
const tablesIn = (progress: Progress) => {
  const views = new Map<string, View>();
  const none: View = { tables: new Map(), serving: undefined, retired: undefined };
  const viewOf = (view: string): View => views.get(view) ?? none;
  const tableOf = ({ view, generation }: ViewTable) => viewOf(view).tables.get(generation);
  const serving = (view: string): MemoryTable | undefined =>
    tableOf({ view, generation: viewOf(view).serving ?? 0 });

  const put = (checkpoint: Checkpoint, rows: Map<string, ViewRow>): void => {
    const { view, generation } = checkpoint;
    const of = viewOf(view);
    views.set(view, { ...of, tables: new Map(of.tables).set(generation, { checkpoint, rows }) });
    progress.moved([checkpoint]);
  };

  const keepOnly = (view: string, kept: Omit<View, 'tables'>): void => {
    const tables = [...viewOf(view).tables].filter(([generation]) =>
      [kept.serving, kept.retired].includes(generation),
    );
    views.set(view, { ...kept, tables: new Map(tables) });
  };

  /** Undefined when the table no longer takes changes. */
  const tableFor = ({ table: of, from }: ViewChange): MemoryTable | undefined => {
    const table = tableOf(of);
    if (table === undefined || viewOf(of.view).retired === of.generation) return undefined;
    if (table.checkpoint.logPosition !== from)
      throw new CheckpointLost(`${of.view} is at ${table.checkpoint.logPosition}, not at ${from}`);
    return table;
  };

  /** Every table is looked at before the first is changed. */
  const apply = (changes: readonly ViewChange[]): boolean => {
    const tables = changes.flatMap((change) => tableFor(change) ?? []);
    if (tables.length < changes.length) return false;
    for (const [index, { to, parked, upserts, deletes }] of changes.entries()) {
      const table = tables[index] as MemoryTable;
      for (const { key, row, fields } of upserts)
        table.rows.set(key, { key, fields, row: asStored(row) });
      for (const key of deletes) table.rows.delete(key);
      put({ ...table.checkpoint, logPosition: to, parked }, table.rows);
    }
    return true;
  };

  /** A build of this version that was left behind whole goes on. */
  const leftBehind = (view: string, version: number): Checkpoint | undefined => {
    const { tables, ...kept } = viewOf(view);
    return [...tables.values()]
      .map(({ checkpoint }) => checkpoint)
      .find(
        (of) =>
          ![kept.serving, kept.retired].includes(of.generation) &&
          of.version === version &&
          of.parked === null,
      );
  };

  return { views, viewOf, tableOf, serving, put, keepOnly, apply, leftBehind };
};

/** A store of views whose tables are plain data. */
export const memoryTables = (definitions: Definitions, progress: Progress) => {
  const { views, viewOf, tableOf, serving, put, keepOnly, apply, leftBehind } = tablesIn(progress);

  const store: Omit<ProjectionStore, 'awaited' | 'takeLease' | 'claimRebuild'> = {
    serving: async () => definitions.all.flatMap(({ name }) => serving(name)?.checkpoint ?? []),
    read: async (table, keys) => {
      const rows = tableOf(table)?.rows;
      return new Map(keys.flatMap((key) => rows?.get(key) ?? []).map((row) => [row.key, row]));
    },
    commit: async (changes) => (apply(changes) ? 'committed' : 'swapped'),
    load: async (changes) => (apply(changes.map(parsed)) ? 'committed' : 'swapped'),
    startBuild: async (view) => {
      const { version } = definitions.of(view);
      const left = leftBehind(view, version);
      if (left !== undefined) return left;
      const generation = Math.max(0, ...viewOf(view).tables.keys()) + 1;
      keepOnly(view, viewOf(view));
      const checkpoint = { view, generation, version, logPosition: beforeAll, parked: null };
      put(checkpoint, new Map());
      return checkpoint;
    },
    dropBuild: async ({ view }) => keepOnly(view, viewOf(view)),
    finishBuild: async () => undefined,
    swap: async (of, catchUp) => {
      const before = viewOf(of.view).serving;
      for (let attempt = 0; attempt < 10; attempt++) {
        const at = serving(of.view)?.checkpoint.logPosition ?? beforeAll;
        const change = await catchUp(at);
        // Nothing can be locked here; when the serving table moved meanwhile, it is asked again.
        if ((serving(of.view)?.checkpoint.logPosition ?? beforeAll) !== at) continue;
        if (!apply([change])) break;
        keepOnly(of.view, { serving: of.generation, retired: before });
        progress.serve((tableOf(of) as MemoryTable).checkpoint);
        return;
      }
      throw new CheckpointLost(`the build of ${of.view} was overtaken`);
    },
    before: async (view) => tableOf({ view, generation: viewOf(view).retired ?? 0 })?.checkpoint,
    reopen: async ({ view, generation }) => {
      const of = viewOf(view);
      if (of.retired !== generation) throw new CheckpointLost(`${view} ${generation} is gone`);
      keepOnly(view, of);
      views.set(view, { ...viewOf(view), retired: undefined });
    },
    exchange: async ({ view, generation }) => {
      const { serving: served, retired, tables } = viewOf(view);
      if (retired !== generation) throw new CheckpointLost(`${view} ${generation} is gone`);
      views.set(view, { tables, serving: retired, retired: served });
      progress.serve((serving(view) as MemoryTable).checkpoint);
    },
    snapshot: async (of, look) => {
      const table = typeof of === 'string' ? serving(of) : tableOf(of);
      return table === undefined ? undefined : look(snapshotOf(table));
    },
  };
  return { serving, store };
};

const parsed = (change: ViewLoad): ViewChange => ({
  ...change,
  upserts: change.upserts.map(({ text, ...row }) => ({ ...row, row: JSON.parse(text) as Row })),
});

const asStored = (row: Row): Row => JSON.parse(canonicalJson(row)) as Row;

const snapshotOf = ({ checkpoint, rows: live }: MemoryTable): ViewSnapshot => {
  const rows = new Map(live);
  const sorted = [...rows.keys()].sort();
  const page = (after: string | undefined, limit: number) => {
    const start = after === undefined ? 0 : sorted.findIndex((key) => key > after);
    if (start === -1) return [];
    return sorted.slice(start, start + limit).flatMap((key) => rows.get(key) ?? []);
  };
  return {
    checkpoint,
    scan: async (after, limit) => page(after, limit).map(({ key, row }) => ({ key, row })),
    digests: async (after, limit) =>
      page(after, limit).map(({ key, row }) => ({ key, digest: canonicalJson(row) })),
  };
};
