import type {
  KeyedRow,
  ProjectionStore,
  Row,
  RowText,
  ViewChange,
  ViewLoad,
  ViewTable,
} from '@sentinel/contracts/kernel';

type Waiting = {
  readonly first: ViewChange;
  last: ViewChange;
  /** By key; undefined where a row is gone. */
  readonly rows: Map<string, RowText | undefined>;
};
type Batch = Map<string, Waiting>;

export type WriteBehind = Pick<ProjectionStore, 'read'> & {
  /** Takes changes over; those of some pages before may be on their way to the store meanwhile. */
  readonly write: (changes: readonly ViewChange[]) => Promise<void>;
  /** Everything is in the store, rows and checkpoints. */
  readonly flush: () => Promise<void>;
};

const nameOf = ({ view, generation }: ViewTable): string => `${view} ${generation}`;

const changeOf = ({ first, last, rows }: Waiting): ViewLoad => {
  const upserts: RowText[] = [];
  const deletes: string[] = [];
  for (const [key, row] of rows)
    if (row === undefined) deletes.push(key);
    else upserts.push(row);
  return { ...last, from: first.from, upserts, deletes };
};

/** What a row takes in memory beside its texts, in bytes, roughly. */
const rowOverhead = 250;

/** Characters are bytes here: nearly all text of rows is Latin, of which each takes one. */
const sizeOf = (key: string, row: RowText | undefined): number => {
  let size = rowOverhead + key.length + (row?.text.length ?? 0);
  for (const field in row?.fields) size += row?.fields[field]?.length ?? 0;
  return size;
};

/**
 * Builds are folded in memory: a row that many events move is written once for all of them, about
 * `batchBytes` of rows together. What waits is read from here. It waits as text, which takes a tenth of
 * what a row of objects does and is nothing to walk through for the collector: so a build holds two
 * batches, whatever its views are like.
 */
export const writeBehind = (
  { read, load }: Pick<ProjectionStore, 'read' | 'load'>,
  { batchBytes, onSwapped }: { readonly batchBytes: number; readonly onSwapped: () => Error },
): WriteBehind => {
  let waiting: Batch = new Map();
  let leaving: Batch = new Map();
  let sending: Promise<void> = Promise.resolve();
  let bytes = 0;

  const send = async (): Promise<void> => {
    await sending;
    if (waiting.size === 0) return;
    leaving = waiting;
    waiting = new Map();
    bytes = 0;
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
    const put = (key: string, row: RowText | undefined): void => {
      if (found.rows.has(key)) bytes -= sizeOf(key, found.rows.get(key));
      bytes += sizeOf(key, row);
      found.rows.set(key, row);
    };
    for (const { key, row, fields } of change.upserts)
      put(key, { key, fields, text: JSON.stringify(row) });
    for (const key of change.deletes) put(key, undefined);
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
          if (row !== undefined) rows.set(key, { key, row: JSON.parse(row.text) as Row });
        }
      }
      if (missing.length === 0) return rows;
      return new Map([...(await read(table, missing)), ...rows]);
    },
    write: async (changes) => {
      changes.forEach(take);
      if (bytes >= batchBytes) await send();
    },
    flush: async () => {
      await send();
      await sending;
    },
  };
};
