/**
 * An immutable map that changes in constant time, whatever its size, as long as the newest version is
 * the one that is asked. An older one still answers rightly, after going back change by change: right
 * for folds, where the state before is hardly ever looked at again.
 */
export type VersionedMap<Key, Value> = {
  readonly size: number;
  readonly get: (key: Key) => Value | undefined;
  readonly has: (key: Key) => boolean;
  /** In no order that means anything. */
  readonly values: () => readonly Value[];
  readonly with: (key: Key, value: Value) => VersionedMap<Key, Value>;
  readonly without: (key: Key) => VersionedMap<Key, Value>;
};

/** One version: it holds the entries itself, or says how it differs from the version that leads there. */
type Version<Key, Value> =
  | { readonly entries: Map<Key, Value> }
  | {
      readonly key: Key;
      /** Undefined where this version has no such key. */
      readonly value: Value | undefined;
      readonly from: Place<Key, Value>;
    };
type Place<Key, Value> = { version: Version<Key, Value> };

const set = <Key, Value>(entries: Map<Key, Value>, key: Key, value: Value | undefined): void => {
  if (value === undefined) entries.delete(key);
  else entries.set(key, value);
};

/** Brings the entries to `place`; every version on the way keeps how it differs from its neighbour. */
const entriesAt = <Key, Value>(place: Place<Key, Value>): Map<Key, Value> => {
  const way: Place<Key, Value>[] = [];
  let at = place;
  while (!('entries' in at.version)) {
    way.push(at);
    at = at.version.from;
  }
  const { entries } = at.version;
  for (let next = way.pop(); next !== undefined; next = way.pop()) {
    if ('entries' in next.version) throw new Error('a version stands twice on the way');
    const { key, value } = next.version;
    at.version = { key, value: entries.get(key), from: next };
    set(entries, key, value);
    next.version = { entries };
    at = next;
  }
  return entries;
};

const of = <Key, Value>(place: Place<Key, Value>, size: number): VersionedMap<Key, Value> => {
  const changed = (key: Key, value: Value | undefined): VersionedMap<Key, Value> => {
    const entries = entriesAt(place);
    const before = entries.get(key);
    const next: Place<Key, Value> = { version: { entries } };
    set(entries, key, value);
    place.version = { key, value: before, from: next };
    return of(next, entries.size);
  };
  return {
    size,
    get: (key) => entriesAt(place).get(key),
    has: (key) => entriesAt(place).has(key),
    values: () => [...entriesAt(place).values()],
    with: (key, value) => changed(key, value),
    without: (key) => changed(key, undefined),
  };
};

export const versionedMap = <Key, Value extends object | number>(
  entries: Iterable<readonly [Key, Value]> = [],
): VersionedMap<Key, Value> => {
  const map = new Map(entries);
  return of({ version: { entries: map } }, map.size);
};
