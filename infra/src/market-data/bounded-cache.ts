/** Remembers what `make` made for the `capacity` keys used last. */
export const boundedCache = <Key, Value>(
  capacity: number,
  make: (key: Key) => Value,
): ((key: Key) => Value) => {
  const entries = new Map<Key, Value>();
  return (key) => {
    const known = entries.get(key);
    const value = known ?? make(key);
    if (known !== undefined) entries.delete(key);
    entries.set(key, value);
    if (entries.size > capacity) {
      const oldest = entries.keys().next();
      if (!oldest.done) entries.delete(oldest.value);
    }
    return value;
  };
};
