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
  readonly entries: () => readonly (readonly [Key, Value])[];
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

class At<Key, Value> implements VersionedMap<Key, Value> {
  readonly size: number;
  readonly #place: Place<Key, Value>;

  constructor(place: Place<Key, Value>, size: number) {
    this.#place = place;
    this.size = size;
  }

  get(key: Key): Value | undefined {
    return entriesAt(this.#place).get(key);
  }

  has(key: Key): boolean {
    return entriesAt(this.#place).has(key);
  }

  values(): readonly Value[] {
    return [...entriesAt(this.#place).values()];
  }

  entries(): readonly (readonly [Key, Value])[] {
    return [...entriesAt(this.#place)];
  }

  with(key: Key, value: Value): VersionedMap<Key, Value> {
    return this.#changed(key, value);
  }

  without(key: Key): VersionedMap<Key, Value> {
    return this.#changed(key, undefined);
  }

  #changed(key: Key, value: Value | undefined): VersionedMap<Key, Value> {
    const entries = entriesAt(this.#place);
    const before = entries.get(key);
    const next: Place<Key, Value> = { version: { entries } };
    set(entries, key, value);
    this.#place.version = { key, value: before, from: next };
    return new At(next, entries.size);
  }
}

export const versionedMap = <Key, Value extends object | number>(
  entries: Iterable<readonly [Key, Value]> = [],
): VersionedMap<Key, Value> => {
  const map = new Map(entries);
  return new At({ version: { entries: map } }, map.size);
};

/** Whether `value` is one of these maps, of whatever keys and values. */
export const isVersionedMap = (value: unknown): value is VersionedMap<unknown, unknown> =>
  value instanceof At;
