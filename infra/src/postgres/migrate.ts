import pg from 'pg';
import { reasonOf, StartupError } from '../runtime/index.ts';
import { databaseDiskFull, saysDiskFull } from './embedded/file-errors.ts';
import { migrations } from './migrations.ts';

const lockKey = 7_311_905_043;

/**
 * Brings the schema `sentinel` of a database up to this program, in one transaction; of several
 * processes that start at once one does it and the others wait. Everything lies in that schema, so
 * that Sentinel can share a database with other programs.
 * @throws StartupError when the database cannot be reached or belongs to a newer Sentinel.
 */
export const migrate = async (connectionString: string): Promise<void> => {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    application_name: 'sentinel migrate',
  });
  // The query that was under way rejects as well; without a listener the event would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await applyMissing(client, await appliedSoFar(client));
    await client.query('commit');
  } catch (cause) {
    if (cause instanceof StartupError) throw cause;
    if (saysDiskFull(reasonOf(cause))) throw databaseDiskFull(cause);
    throw new StartupError(
      `The database could not be prepared (${reasonOf(cause)}): check that it runs and that DATABASE_URL names it with a role that may create a schema.`,
      { code: 'database-unreachable', cause },
    );
  } finally {
    await client.end();
  }
};

const appliedSoFar = async (client: pg.Client): Promise<number> => {
  await client.query('create schema if not exists sentinel');
  await client.query(`
    create table if not exists sentinel.sentinel_migrations (
      number integer primary key,
      name text not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<{ number: number }>(
    'select coalesce(max(number), 0) as number from sentinel.sentinel_migrations',
  );
  return rows[0]?.number ?? 0;
};

const applyMissing = async (client: pg.Client, applied: number): Promise<void> => {
  if (applied > migrations.length) {
    throw new StartupError(
      `The data was written by a newer Sentinel (schema ${applied}, this one knows ${migrations.length}): start that version, or point SENTINEL_DATA_DIR or DATABASE_URL elsewhere.`,
      { code: 'data-from-newer-version' },
    );
  }
  for (const { number, name, sql } of migrations.slice(applied)) {
    await client.query(sql);
    await client.query('insert into sentinel.sentinel_migrations (number, name) values ($1, $2)', [
      number,
      name,
    ]);
  }
};
