import pg from 'pg';

/**
 * Ends every connection that folds or reads views in this database, as a restart of the server
 * would: for tests of what comes after. Answers how many there were.
 */
export const cutConnections = async (connectionString: string): Promise<number> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database()
         and application_name in ('sentinel views', 'sentinel projector')`,
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
};
