import pg from 'pg';
import type { Log } from '../runtime/index.ts';

export type PoolOptions = {
  readonly connectionString: string;
  /** What the connections are for; an operator sees it in pg_stat_activity. */
  readonly purpose: string;
  /** Connections at most. */
  readonly size: number;
  readonly log: Log;
};

/**
 * A pool that outlives its connections: one that dies while it idles is reported and replaced. A
 * query waits at most 10 s for a connection and 60 s for its answer.
 */
export const openPool = ({ connectionString, purpose, size, log }: PoolOptions): pg.Pool => {
  const pool = new pg.Pool({
    connectionString,
    max: size,
    application_name: `sentinel ${purpose}`,
    connectionTimeoutMillis: 10_000,
    query_timeout: 60_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  pool.on('error', (error) =>
    log.warn(`a database connection (${purpose}) was lost: ${error.message}`),
  );
  return pool;
};
