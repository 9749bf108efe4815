import { type Lease, type RebuildClaim, RebuildRunning } from '@sentinel/contracts/kernel';
import pg from 'pg';
import { reaching } from './failures.ts';

const lockKey = 7_311_905_053;

const createClaims = `
  create schema if not exists sentinel;
  create table if not exists sentinel.rm_rebuild (
    single boolean primary key default true check (single),
    views text[] not null,
    claimed_by text not null,
    since timestamptz not null
  )`;

type Row = { readonly views: string[]; readonly by: string; readonly since: string };

/**
 * The right to rebuild is an advisory lock of a connection of its own, so that it ends with its holder,
 * however that ends. Who holds it stands in a table, for whoever is refused.
 */
export const claimRebuild = (
  connectionString: string,
  { views, by }: RebuildClaim,
): Promise<Lease> =>
  reaching(async () => {
    const client = new pg.Client({
      connectionString,
      application_name: 'sentinel rebuild',
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
      keepAlive: true,
    });
    const lost = new AbortController();
    client.on('error', () => undefined);
    client.on('end', () => lost.abort(new Error('the right to rebuild is lost')));
    try {
      await client.connect();
      const { rows } = await client.query<{ taken: boolean }>(
        'select pg_try_advisory_lock($1) as taken',
        [lockKey],
      );
      if (rows[0]?.taken !== true) throw await runningOne(client);
      await client.query(createClaims);
      await client.query(
        `insert into sentinel.rm_rebuild (views, claimed_by, since) values ($1, $2, now())
         on conflict (single) do update
           set views = excluded.views, claimed_by = excluded.claimed_by, since = excluded.since`,
        [views, by],
      );
    } catch (error) {
      await client.end();
      throw error;
    }
    return { lost: lost.signal, release: () => client.end() };
  });

const runningOne = async (client: pg.Client): Promise<RebuildRunning> => {
  const exists = await client.query<{ exists: boolean }>(
    "select to_regclass('sentinel.rm_rebuild') is not null as exists",
  );
  const found =
    exists.rows[0]?.exists === true
      ? await client.query<Row>(
          `select views, claimed_by as by, to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
           from sentinel.rm_rebuild`,
        )
      : undefined;
  const row = found?.rows[0];
  // The very first one has its lock a moment before it writes down who it is.
  return row === undefined
    ? new RebuildRunning({ views: ['views'], by: 'another process' }, 'this moment')
    : new RebuildRunning(row, row.since);
};
