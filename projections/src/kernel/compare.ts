import type { KeyedDigest, KeyedRow, ViewSnapshot } from '@sentinel/contracts/kernel';

const pageSize = 1_000;
const reportedKeys = 20;

/** Everything in the order of the keys, a page in memory at a time. */
async function* inOrder<Of extends KeyedDigest | KeyedRow>(
  read: (after: string | undefined, limit: number) => Promise<readonly Of[]>,
): AsyncGenerator<Of, void, void> {
  let after: string | undefined;
  for (let full = true; full; ) {
    const page = await read(after, pageSize);
    yield* page;
    after = page.at(-1)?.key;
    full = page.length === pageSize;
  }
}

export const rowsOf = ({ scan }: ViewSnapshot): AsyncGenerator<KeyedRow, void, void> =>
  inOrder(scan);

/** The first keys, at most 20, that stand in one alone or with different rows. */
export const differingKeys = async (
  one: ViewSnapshot,
  other: ViewSnapshot,
): Promise<readonly string[]> => {
  const keys: string[] = [];
  const [lefts, rights] = [inOrder(one.digests), inOrder(other.digests)];
  let [left, right] = [await lefts.next(), await rights.next()];
  while (!(left.done && right.done) && keys.length < reportedKeys) {
    const order = left.done ? 1 : right.done ? -1 : compareKeys(left.value.key, right.value.key);
    if (!left.done && order < 0) keys.push(left.value.key);
    if (!right.done && order > 0) keys.push(right.value.key);
    if (!left.done && !right.done && order === 0 && left.value.digest !== right.value.digest)
      keys.push(left.value.key);
    if (order <= 0) left = await lefts.next();
    if (order >= 0) right = await rights.next();
  }
  return keys;
};

const compareKeys = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
