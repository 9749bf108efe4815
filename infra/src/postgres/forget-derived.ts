import pg from 'pg';

const statement = `
  do $$
    declare derived record;
    begin
      for derived in select tablename from pg_tables
        where schemaname = 'sentinel' and tablename like 'rm\\_%'
      loop
        execute format('drop table sentinel.%I cascade', derived.tablename);
      end loop;
    end
  $$;
  truncate sentinel.workflows, sentinel.snapshots, sentinel.derived_from`;

/**
 * Takes away what a program derived from a log that it reads elsewhere from now on: views, checkpoints
 * and snapshots, whose positions would mean nothing there. The next start builds them again.
 */
export const forgetDerived = async (connectionString: string): Promise<void> => {
  const client = new pg.Client({ connectionString, application_name: 'sentinel migrate-log' });
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end();
  }
};
