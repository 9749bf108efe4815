/**
 * An immutable map whose `with` costs a microsecond or two at a hundred thousand entries. Folds of
 * long streams need one: copying a whole Map for each event makes a day of orders quadratic.
 */
export type PersistentMap<Value> = {
  readonly size: number;
  readonly get: (key: string) => Value | undefined;
  readonly with: (key: string, value: Value) => PersistentMap<Value>;
};

type Bucket<Value> = ReadonlyMap<string, Value>;
/** A tree of three levels, 32 wide: a change copies one path, 96 places, and shares the rest. */
type Branch<Child> = readonly (Child | undefined)[];
type Twig<Value> = Branch<Bucket<Value>>;
type Limb<Value> = Branch<Twig<Value>>;

const width = 32;
const unset: readonly undefined[] = new Array(width).fill(undefined);

const hashOf = (key: string): number => {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  return hash ^ (hash >>> 15);
};

const placesOf = (key: string) => {
  const hash = hashOf(key);
  return [hash & (width - 1), (hash >>> 5) & (width - 1), (hash >>> 10) & (width - 1)] as const;
};

const replaced = <Child>(
  branch: Branch<Child> | undefined,
  place: number,
  child: Child,
): Branch<Child> => {
  const copy = (branch ?? unset).slice();
  copy[place] = child;
  return copy;
};

const of = <Value>(root: Branch<Limb<Value>>, size: number): PersistentMap<Value> => ({
  size,
  get: (key) => {
    const [first, second, third] = placesOf(key);
    return root[first]?.[second]?.[third]?.get(key);
  },
  with: (key, value) => {
    const [first, second, third] = placesOf(key);
    const limb = root[first];
    const twig = limb?.[second];
    const before = twig?.[third];
    const bucket = new Map(before).set(key, value);
    const next = replaced(
      root,
      first,
      replaced(limb, second, replaced<Bucket<Value>>(twig, third, bucket)),
    );
    return of(next, size + bucket.size - (before?.size ?? 0));
  },
});

export const emptyMap = <Value>(): PersistentMap<Value> => of<Value>(unset, 0);
