import {
  canonicalJson,
  type KeyedDigest,
  type KeyedRow,
  type Row,
  type ViewSnapshot,
} from '@sentinel/contracts/kernel';

/** A field of the rows in which two tables differ, and in how many rows. */
export type ColumnDifference = {
  readonly column: string;
  readonly rows: number;
  /** `new` and `gone`: only one of the two holds it in any of its rows. */
  readonly is: 'changed' | 'new' | 'gone';
};

/** What differs between two tables of a view. */
export type Differences = {
  /** The first keys, at most 20, that stand in one alone or with different rows. */
  readonly keys: readonly string[];
  readonly onlyBefore: number;
  readonly onlyNow: number;
  /** Rows that stand in both and differ. */
  readonly differing: number;
  readonly columns: readonly ColumnDifference[];
};

const pageSize = 1_000;
/** Digests are short. */
const digestsPerPage = 5_000;
const reportedKeys = 20;

/** Everything in the order of the keys, a page in memory at a time. */
async function* inOrder<Of extends KeyedDigest | KeyedRow>(
  read: (after: string | undefined, limit: number) => Promise<readonly Of[]>,
  size = pageSize,
): AsyncGenerator<Of, void, void> {
  let after: string | undefined;
  for (let full = true; full; ) {
    const page = await read(after, size);
    yield* page;
    after = page.at(-1)?.key;
    full = page.length === size;
  }
}

export const rowsOf = ({ scan }: ViewSnapshot): AsyncGenerator<KeyedRow, void, void> =>
  inOrder(scan);

/** What stands under each key in the one and in the other, in the order of the keys. */
async function* sideBySide<Of extends KeyedDigest | KeyedRow>(
  lefts: AsyncGenerator<Of, void, void>,
  rights: AsyncGenerator<Of, void, void>,
): AsyncGenerator<readonly [Of | undefined, Of | undefined], void, void> {
  let [left, right] = [await lefts.next(), await rights.next()];
  while (!(left.done && right.done)) {
    const order = left.done ? 1 : right.done ? -1 : compareKeys(left.value.key, right.value.key);
    yield [
      order <= 0 && !left.done ? left.value : undefined,
      order >= 0 && !right.done ? right.value : undefined,
    ];
    if (order <= 0) left = await lefts.next();
    if (order >= 0) right = await rights.next();
  }
}

/** Whether both hold the same rows, by a digest of each. */
export const holdTheSame = async (one: ViewSnapshot, other: ViewSnapshot): Promise<boolean> => {
  const digestsOf = ({ digests }: ViewSnapshot) => inOrder(digests, digestsPerPage);
  for await (const [left, right] of sideBySide(digestsOf(one), digestsOf(other)))
    if (left?.digest !== right?.digest) return false;
  return true;
};

/** Row by row, field by field. A field that is null is left out of a stored row, and differs from none. */
export const differencesOf = async (
  before: ViewSnapshot,
  now: ViewSnapshot,
): Promise<Differences> => {
  const keys: string[] = [];
  const counts = { onlyBefore: 0, onlyNow: 0, differing: 0 };
  const columns = new Map<string, number>();
  const [held, holds] = [new Set<string>(), new Set<string>()];
  for await (const [left, right] of sideBySide(rowsOf(before), rowsOf(now))) {
    for (const column of Object.keys(left?.row ?? {})) held.add(column);
    for (const column of Object.keys(right?.row ?? {})) holds.add(column);
    const differ = left && right ? differingColumns(left.row, right.row) : undefined;
    if (differ?.length === 0) continue;
    for (const column of differ ?? []) columns.set(column, (columns.get(column) ?? 0) + 1);
    counts[differ ? 'differing' : left ? 'onlyBefore' : 'onlyNow'] += 1;
    if (keys.length < reportedKeys) keys.push((left ?? right)?.key ?? '');
  }
  const isOf = (column: string) =>
    !held.has(column) ? 'new' : holds.has(column) ? 'changed' : 'gone';
  return {
    keys,
    ...counts,
    columns: [...columns].map(([column, rows]) => ({ column, rows, is: isOf(column) })),
  };
};

const differingColumns = (left: Row, right: Row): readonly string[] =>
  [...new Set([...Object.keys(left), ...Object.keys(right)])].filter(
    (column) => canonicalJson(left[column] ?? null) !== canonicalJson(right[column] ?? null),
  );

const compareKeys = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
