import pg from 'pg';

/** What one table takes, in bytes. */
export type TableUse = {
  readonly table: string;
  /** The rows in their pages, with their maps. */
  readonly heap: number;
  /** What was too long for a page. */
  readonly toast: number;
  readonly indexes: number;
};

/** What an installation takes on disk, in bytes. */
export type DiskUse = {
  readonly events: number;
  /** Payload and metadata of all events as the text that they are. */
  readonly payload: number;
  /** Tables of Sentinel's own, the largest first. */
  readonly tables: readonly TableUse[];
  /** All databases of the server, its own catalogues among them. */
  readonly databases: number;
  readonly writeAheadLog: number;
};

/** Looks where the disk of a database server goes. Its role must be the server's owner. */
export const diskUse = async (connectionString: string): Promise<DiskUse> => {
  const client = new pg.Client({ connectionString, application_name: 'sentinel disk use' });
  await client.connect();
  try {
    const tables = await client.query<Readonly<Record<keyof TableUse, string>>>(
      `select relname as table, pg_table_size(oid) - coalesce(pg_total_relation_size(nullif(reltoastrelid, 0)), 0) as heap,
         coalesce(pg_total_relation_size(nullif(reltoastrelid, 0)), 0) as toast,
         pg_indexes_size(oid) as indexes
       from pg_class where relkind = 'r' and relnamespace = 'sentinel'::regnamespace
       order by pg_total_relation_size(oid) desc`,
    );
    const whole = await client.query<{ databases: string; wal: string }>(
      `select (select sum(pg_database_size(oid)) from pg_database) as databases,
         (select sum(size) from pg_ls_waldir()) as wal`,
    );
    const log = await client.query<{ events: string; payload: string }>(
      `select count(*) as events, sum(octet_length(data::text) + octet_length(metadata::text)) as payload
       from sentinel.events`,
    );
    return {
      events: Number(log.rows[0]?.events),
      payload: Number(log.rows[0]?.payload),
      tables: tables.rows.map(({ table, heap, toast, indexes }) => ({
        table,
        heap: Number(heap),
        toast: Number(toast),
        indexes: Number(indexes),
      })),
      databases: Number(whole.rows[0]?.databases),
      writeAheadLog: Number(whole.rows[0]?.wal),
    };
  } finally {
    await client.end();
  }
};
