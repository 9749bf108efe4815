import type {
  Checkpoint,
  Position,
  ViewChange,
  ViewRow,
  ViewTable,
} from '@sentinel/contracts/kernel';

/** A view that is held in memory as a whole. */
export type HotView = {
  readonly position: Position;
  readonly parked: string | null;
  readonly rows: ReadonlyMap<string, ViewRow>;
};

/**
 * Small views, held in memory by the one process that folds them. Each is what stood in its table at
 * its position: it is loaded in one look, moved only by commits that have taken effect, and dropped
 * as soon as anything else may have changed the table. What is not held is read from the table.
 */
export type HotViews = {
  readonly of: (view: string) => HotView | undefined;
  /** Whether the view of this table is held, or known to be too large. */
  readonly knows: (table: Pick<Checkpoint, 'view' | 'generation'>) => boolean;
  /** Changes with every commit that is followed. */
  readonly age: () => number;
  /**
   * Takes a view as it stood at the checkpoint; `rows` may hold one more than fit, to say so. Not
   * taken when anything was committed since `age`, when the reading began: it may be missing there.
   */
  readonly put: (checkpoint: Checkpoint, rows: readonly ViewRow[], age: number) => void;
  /** Follows changes that were committed. */
  readonly moved: (changes: readonly ViewChange[]) => void;
  /** From here on this table serves its view: an older one is not held any longer. */
  readonly swapped: (table: ViewTable) => void;
  readonly drop: () => void;
};

/** Rows of one view. Looking through them costs less than asking the database. */
export const hotRowLimit = 200;

type Held = {
  readonly generation: number;
  position: Position;
  parked: string | null;
  readonly rows: Map<string, ViewRow>;
};

export const hotViews = (): HotViews => {
  const held = new Map<string, Held | 'too large'>();
  let age = 0;
  const of = (view: string): Held | undefined => {
    const found = held.get(view);
    return found === 'too large' ? undefined : found;
  };

  const follow = ({ table, from, to, parked, upserts, deletes }: ViewChange): void => {
    const view = of(table.view);
    if (view === undefined || view.generation !== table.generation) return;
    // The rows were loaded while this change was on its way and hold it already, or miss another.
    if (view.position !== from) return void held.delete(table.view);
    for (const row of upserts) view.rows.set(row.key, row);
    for (const key of deletes) view.rows.delete(key);
    view.position = to;
    view.parked = parked;
    if (view.rows.size > hotRowLimit) held.set(table.view, 'too large');
  };

  return {
    of,
    knows: ({ view, generation }) => {
      const found = held.get(view);
      return found === 'too large' || found?.generation === generation;
    },
    age: () => age,
    put: ({ view, generation, position, parked }, rows, since) => {
      if (since !== age) return;
      const all = new Map(rows.map((row) => [row.key, row]));
      const small = all.size <= hotRowLimit;
      held.set(view, small ? { generation, position, parked, rows: all } : 'too large');
    },
    moved: (changes) => {
      age += 1;
      changes.forEach(follow);
    },
    swapped: ({ view, generation }) => {
      if (of(view)?.generation !== generation) held.delete(view);
    },
    drop: () => held.clear(),
  };
};
