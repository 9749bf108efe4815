/** The rows used last, as they are committed. `undefined` is a row that is known not to exist. */
export type RowCache = {
  readonly has: (key: string) => boolean;
  readonly get: (key: string) => unknown;
  readonly set: (key: string, row: unknown) => void;
};

/** Forgets what was used longest ago once it holds `capacity` rows. */
export const rowCache = (capacity: number): RowCache => {
  const rows = new Map<string, unknown>();
  const set = (key: string, row: unknown) => {
    rows.delete(key);
    rows.set(key, row);
    if (rows.size <= capacity) return;
    const oldest = rows.keys().next();
    if (!oldest.done) rows.delete(oldest.value);
  };
  return {
    has: (key) => rows.has(key),
    get: (key) => {
      const row = rows.get(key);
      if (row !== undefined) set(key, row);
      return row;
    },
    set,
  };
};
