/** A map that forgets what was used longest ago once it holds `capacity` entries. */
export type BoundedCache<Key, Value> = {
  readonly get: (key: Key) => Value | undefined;
  readonly set: (key: Key, value: Value) => void;
  readonly delete: (key: Key) => void;
  /** All of them, used longest ago first; asking is no use. */
  readonly entries: () => readonly (readonly [Key, Value])[];
};

export const boundedCache = <Key, Value>(capacity: number): BoundedCache<Key, Value> => {
  const entries = new Map<Key, Value>();
  const set = (key: Key, value: Value) => {
    entries.delete(key);
    entries.set(key, value);
    if (entries.size <= capacity) return;
    const oldest = entries.keys().next();
    if (!oldest.done) entries.delete(oldest.value);
  };
  return {
    get: (key) => {
      const value = entries.get(key);
      if (value !== undefined) set(key, value);
      return value;
    },
    set,
    delete: (key) => void entries.delete(key),
    entries: () => [...entries],
  };
};

/** Answers what `make` made of a key, and remembers it for the `capacity` keys used last; what it made undefined is made again. */
export const remembering = <Key, Value>(
  capacity: number,
  make: (key: Key) => Value,
): ((key: Key) => Value) => {
  const cache = boundedCache<Key, Value>(capacity);
  return (key) => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    cache.set(key, made);
    return made;
  };
};
