import type {
  KeyedRow,
  ProjectionStore,
  Row,
  RowText,
  ViewChange,
  ViewLoad,
  ViewRow,
  ViewTable,
} from '@sentinel/contracts/kernel';

/** By key; undefined where a row is gone. */
type Rows<Of> = Map<string, Of | undefined>;
type Waiting = {
  readonly first: ViewChange;
  last: ViewChange;
  readonly rows: Rows<RowText>;
  /** Those of the last page that had any: what the next page moves again is written out for neither. */
  newest: Rows<ViewRow>;
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

const written = ({ key, row, fields }: ViewRow): RowText => ({
  key,
  fields,
  text: JSON.stringify(row),
});

/** Writes the rows of the last page out, but those that `next` has anew. Answers by how many bytes all grew. */
const settle = ({ rows, newest }: Waiting, next: Rows<ViewRow>): number => {
  let grown = 0;
  for (const [key, row] of newest) {
    if (next.has(key)) continue;
    if (rows.has(key)) grown -= sizeOf(key, rows.get(key));
    const text = row && written(row);
    grown += sizeOf(key, text);
    rows.set(key, text);
  }
  return grown;
};

/**
 * Builds are folded in memory: a row that many events move is written once for all of them, about
 * `batchBytes` of rows together. What waits is read from here. It waits as text, which takes a tenth of
 * what a row of objects does and is nothing to walk through for the collector: so a build holds two
 * batches and a page, whatever its views are like.
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
    for (const held of leaving.values()) {
      settle(held, new Map());
      held.newest = new Map();
    }
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
    const found = waiting.get(name) ?? {
      ...{ first: change, last: change, rows: new Map(), newest: new Map() },
    };
    waiting.set(name, found);
    found.last = change;
    if (change.upserts.length + change.deletes.length === 0) return;
    const newest: Rows<ViewRow> = new Map(change.upserts.map((row) => [row.key, row]));
    for (const key of change.deletes) newest.set(key, undefined);
    bytes += settle(found, newest);
    found.newest = newest;
  };

  /** What waits under a key, if anything does. */
  const waits = (name: string, key: string): { readonly row: KeyedRow | undefined } | undefined => {
    for (const held of [waiting.get(name), leaving.get(name)]) {
      if (held?.newest.has(key)) return { row: held.newest.get(key) };
      if (!held?.rows.has(key)) continue;
      const row = held.rows.get(key);
      return { row: row && { key, row: JSON.parse(row.text) as Row } };
    }
    return undefined;
  };

  return {
    read: async (table, keys) => {
      const name = nameOf(table);
      const rows = new Map<string, KeyedRow>();
      const missing: string[] = [];
      for (const key of keys) {
        const found = waits(name, key);
        if (found === undefined) missing.push(key);
        else if (found.row !== undefined) rows.set(key, found.row);
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
