import type {
  Checkpoint,
  LogPosition,
  ViewChange,
  ViewRow,
  ViewTable,
} from '@sentinel/contracts/kernel';

/** A view that is held in memory: as a whole, or its last rows. */
export type HotView = {
  readonly logPosition: LogPosition;
  readonly parked: string | null;
  readonly rows: ReadonlyMap<string, ViewRow>;
  /** Every row from this key on is held; all rows are where it is null. */
  readonly floor: string | null;
  /** The highest text of each field that a row before the floor may hold; none where no such row has one. */
  readonly beneath: Beneath;
};

export type Beneath = Readonly<Record<string, string>>;

/**
 * Small views and the last rows of large ones, held in memory by the one process that folds them. Each is what stood in its table at
 * its position: it is loaded in one look, moved only by commits that have taken effect, and dropped
 * as soon as anything else may have changed the table. What is not held is read from the table.
 */
export type HotViews = {
  readonly of: (view: string) => HotView | undefined;
  /** Whether the view of this table is held. */
  readonly knows: (table: Pick<Checkpoint, 'view' | 'generation'>) => boolean;
  /** Changes with every commit that is followed. */
  readonly age: () => number;
  /**
   * Takes a view as it stood at the checkpoint: its last rows, one more than are kept where there are
   * so many, and what the rows before them hold. Not taken when anything was committed since `age`, when
   * the reading began: it may be missing there.
   */
  readonly put: (loaded: LoadedView, age: number) => void;
  /** Follows changes that were committed. */
  readonly moved: (changes: readonly ViewChange[]) => void;
  /** From here on this table serves its view: an older one is not held any longer. */
  readonly swapped: (table: ViewTable) => void;
  readonly drop: () => void;
};

export type LoadedView = {
  readonly checkpoint: Checkpoint;
  readonly rows: readonly ViewRow[];
  readonly beneath: Beneath;
};

/** Rows of one view that are kept. Looking through them costs less than asking the database. */
export const hotRowLimit = 200;
/** So many are let grow before the first of them are dropped again. */
const mostRows = 2 * hotRowLimit;

type Held = {
  readonly generation: number;
  logPosition: LogPosition;
  parked: string | null;
  rows: Map<string, ViewRow>;
  floor: string | null;
  beneath: Beneath;
};

/** What rows before the floor may hold, with one more among them. */
const withRow = (beneath: Beneath, { fields }: ViewRow): Beneath => {
  const higher = Object.entries(fields).flatMap(([field, text]) =>
    text !== null && (beneath[field] ?? '') <= text ? [[field, text]] : [],
  );
  return higher.length === 0 ? beneath : { ...beneath, ...Object.fromEntries(higher) };
};

/** Lets go of the first rows by key, where there are more than `most`. */
const trim = (held: Held, most: number): void => {
  if (held.rows.size <= most) return;
  const floor = [...held.rows.keys()].sort().at(-hotRowLimit) ?? '';
  const all = [...held.rows.values()];
  held.floor = floor;
  held.beneath = all.filter(({ key }) => key < floor).reduce(withRow, held.beneath);
  held.rows = new Map(all.flatMap((row) => (row.key < floor ? [] : [[row.key, row]])));
};

export const hotViews = (): HotViews => {
  const held = new Map<string, Held>();
  let age = 0;

  const follow = ({ table, from, to, parked, upserts, deletes }: ViewChange): void => {
    const view = held.get(table.view);
    if (view === undefined || view.generation !== table.generation) return;
    // The rows were loaded while this change was on its way and hold it already, or miss another.
    if (view.logPosition !== from) return void held.delete(table.view);
    for (const row of upserts)
      if (view.floor === null || row.key >= view.floor) view.rows.set(row.key, row);
      else view.beneath = withRow(view.beneath, row);
    for (const key of deletes) view.rows.delete(key);
    view.logPosition = to;
    view.parked = parked;
    trim(view, mostRows);
  };

  return {
    of: (view) => held.get(view),
    knows: ({ view, generation }) => held.get(view)?.generation === generation,
    age: () => age,
    put: ({ checkpoint: { view, generation, logPosition, parked }, rows, beneath }, since) => {
      if (since !== age) return;
      const all = new Map(rows.map((row) => [row.key, row]));
      const taken: Held = { generation, logPosition, parked, rows: all, floor: null, beneath };
      trim(taken, hotRowLimit);
      held.set(view, taken);
    },
    moved: (changes) => {
      age += 1;
      changes.forEach(follow);
    },
    swapped: ({ view, generation }) => {
      if (held.get(view)?.generation !== generation) held.delete(view);
    },
    drop: () => held.clear(),
  };
};
