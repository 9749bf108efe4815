import type {
  KeyedRow,
  ProjectionStore,
  ViewChange,
  ViewRow,
  ViewTable,
} from '@sentinel/contracts/kernel';

type Waiting = {
  readonly first: ViewChange;
  last: ViewChange;
  /** By key; undefined where a row is gone. */
  readonly rows: Map<string, ViewRow | undefined>;
};
type Batch = Map<string, Waiting>;

export type WriteBehind = Pick<ProjectionStore, 'read'> & {
  /** Takes changes over; those of some pages before may be on their way to the store meanwhile. */
  readonly write: (changes: readonly ViewChange[]) => Promise<void>;
  /** Everything is in the store, rows and checkpoints. */
  readonly flush: () => Promise<void>;
};

const nameOf = ({ view, generation }: ViewTable): string => `${view} ${generation}`;

const changeOf = ({ first, last, rows }: Waiting): ViewChange => {
  const upserts: ViewRow[] = [];
  const deletes: string[] = [];
  for (const [key, row] of rows)
    if (row === undefined) deletes.push(key);
    else upserts.push(row);
  return { ...last, from: first.from, upserts, deletes };
};

/**
 * Builds are folded in memory: a row that many events move is written once for all of them, some
 * `mostRows` rows together. What waits is read from here.
 */
export const writeBehind = (
  { read, load }: Pick<ProjectionStore, 'read' | 'load'>,
  { mostRows, onSwapped }: { readonly mostRows: number; readonly onSwapped: () => Error },
): WriteBehind => {
  let waiting: Batch = new Map();
  let leaving: Batch = new Map();
  let sending: Promise<void> = Promise.resolve();
  let count = 0;

  const send = async (): Promise<void> => {
    await sending;
    if (waiting.size === 0) return;
    leaving = waiting;
    waiting = new Map();
    count = 0;
    sending = load([...leaving.values()].map(changeOf)).then((answer) => {
      if (answer === 'swapped') throw onSwapped();
      leaving = new Map();
    });
    // Whoever writes next hears of a failure; nobody does who only aborts.
    sending.catch(() => undefined);
  };

  const take = (change: ViewChange): void => {
    const name = nameOf(change.table);
    const found = waiting.get(name) ?? { first: change, last: change, rows: new Map() };
    found.last = change;
    const before = found.rows.size;
    for (const row of change.upserts) found.rows.set(row.key, row);
    for (const key of change.deletes) found.rows.set(key, undefined);
    count += found.rows.size - before;
    waiting.set(name, found);
  };

  return {
    read: async (table, keys) => {
      const name = nameOf(table);
      const [newest, older] = [waiting.get(name)?.rows, leaving.get(name)?.rows];
      const rows = new Map<string, KeyedRow>();
      const missing: string[] = [];
      for (const key of keys) {
        const holder = newest?.has(key) ? newest : older;
        if (holder?.has(key) !== true) missing.push(key);
        else {
          const row = holder.get(key);
          if (row !== undefined) rows.set(key, row);
        }
      }
      if (missing.length === 0) return rows;
      return new Map([...(await read(table, missing)), ...rows]);
    },
    write: async (changes) => {
      changes.forEach(take);
      if (count >= mostRows) await send();
    },
    flush: async () => {
      await send();
      await sending;
    },
  };
};
