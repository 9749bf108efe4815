import {
  type AccessRecord,
  type AccessStore,
  AccessStoreUnavailable,
} from '@sentinel/contracts/access';

export type AccessRow = AccessRecord & {
  readonly endsAtMs: number;
  readonly consumedAt: Temporal.Instant | null;
};

const keyOf = (kind: string, id: string): string => JSON.stringify([kind, id]);

/** The same as in the database, for as long as the process lasts; stores on the same rows see each other. */
export const memoryAccessStore = ({
  now,
  rows,
}: {
  readonly now: () => Temporal.Instant;
  readonly rows: Map<string, AccessRow>;
}): AccessStore => {
  let closed = false;
  const open = () => {
    if (closed) throw new AccessStoreUnavailable('the access store is closed');
    return rows;
  };
  const lives = ({ endsAtMs }: AccessRow): boolean => now().epochMilliseconds < endsAtMs;
  const living = (kind: string, id: string): AccessRow | undefined => {
    const row = open().get(keyOf(kind, id));
    return row !== undefined && lives(row) ? row : undefined;
  };
  const write = (record: AccessRecord): void => {
    const { ttlSeconds: ttl } = record;
    const endsAtMs = ttl === null ? Number.POSITIVE_INFINITY : now().epochMilliseconds + ttl * 1000;
    const consumedAt = living(record.kind, record.id)?.consumedAt ?? null;
    // Through JSON, as in the database: what is changed later is not changed here.
    const payload = JSON.parse(JSON.stringify(record.payload)) as AccessRecord['payload'];
    open().set(keyOf(record.kind, record.id), { ...record, payload, endsAtMs, consumedAt });
  };
  const found = (row: AccessRow | undefined) =>
    row && { kind: row.kind, id: row.id, payload: row.payload, consumedAt: row.consumedAt };

  return {
    put: async (record) => write(record),
    add: async (record) => {
      if (living(record.kind, record.id) !== undefined) return false;
      write(record);
      return true;
    },
    find: async (kind, id) => found(living(kind, id)),
    findByAlias: async (kind, alias) =>
      found(
        [...open().values()].find((row) => row.kind === kind && row.alias === alias && lives(row)),
      ),
    consume: async (kind, id) => {
      const row = living(kind, id);
      if (row === undefined || row.consumedAt !== null) return false;
      rows.set(keyOf(kind, id), { ...row, consumedAt: now() });
      return true;
    },
    remove: async (kind, id) => void open().delete(keyOf(kind, id)),
    removeFamily: async (family) => {
      for (const [key, row] of open()) if (row.family === family) rows.delete(key);
    },
    count: async (kind) =>
      [...open().values()].filter((row) => row.kind === kind && lives(row)).length,
    sweep: async () => {
      for (const [key, row] of open()) if (!lives(row)) rows.delete(key);
    },
    close: async () => {
      closed = true;
    },
  };
};
