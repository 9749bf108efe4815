import type { ProjectionStore, ViewLoad } from '@sentinel/contracts/kernel';
import type { Pool, PoolClient } from 'pg';
import { copyRows } from '../../postgres/index.ts';
import type { Definitions } from '../definitions.ts';
import { type Change, commitStatement } from './commit-statement.ts';
import { inTransaction } from './table-states.ts';
import { column, tableName } from './tables.ts';

/** Keeps the tables where they are until the transaction ends; false when one is gone or stands elsewhere. */
const standStill = async (client: PoolClient, changes: readonly ViewLoad[]): Promise<boolean> => {
  const { rowCount } = await client.query(
    `select from sentinel.rm_checkpoints c
     join unnest($1::text[], $2::integer[], $3::numeric[]) as m (view, generation, start)
       on c.view = m.view and c.generation = m.generation and c.position = m.start
     where c.state = 'building' for update of c`,
    [
      changes.map(({ table }) => table.view),
      changes.map(({ table }) => table.generation),
      changes.map(({ from }) => `${from}`),
    ],
  );
  return rowCount === changes.length;
};

/** The last key of each table; undefined where it holds none. All in one answer: there are many tables. */
const lastKeys = async (
  client: PoolClient,
  changes: readonly ViewLoad[],
): Promise<ReadonlyMap<ViewLoad, Buffer>> => {
  const looks = changes.map(
    ({ table }, index) => `select ${index} as index, max(key) as last from ${tableName(table)}`,
  );
  const { rows } = await client.query<{ index: number; last: string | null }>(
    looks.join(' union all '),
  );
  const found = new Map<ViewLoad, Buffer>();
  for (const { index, last } of rows) {
    const change = changes[index];
    if (change !== undefined && last !== null) found.set(change, Buffer.from(last));
  }
  return found;
};

type Rows = ViewLoad['upserts'];

/** Rows behind every key that the table holds are new for certain: those are copied. */
const parted = (
  upserts: Rows,
  last: Buffer | undefined,
): { readonly known: Rows; readonly fresh: Rows } => {
  if (last === undefined) return { known: [], fresh: upserts };
  const isFresh = ({ key }: Rows[number]) => Buffer.compare(Buffer.from(key), last) > 0;
  return { known: upserts.filter((row) => !isFresh(row)), fresh: upserts.filter(isFresh) };
};

const copy = async (client: PoolClient, { table, definition, upserts }: Change): Promise<void> => {
  if (upserts.length === 0) return;
  const columns = ['key', 'row', ...definition.fields.map(column)];
  const rows = upserts.map(({ key, text, fields }) => [
    key,
    text,
    ...definition.fields.map((field) => fields[field] ?? null),
  ]);
  await copyRows(client, { table: tableName(table), columns }, rows);
};

/** Writes builds in one transaction: rows that are new by COPY, the others by one statement. */
export const bulkLoad =
  (
    { pool, views }: { readonly pool: Pool; readonly views: Definitions },
    commit: ProjectionStore['load'],
  ): ProjectionStore['load'] =>
  async (changes) => {
    const loaded = await inTransaction(pool, async (client) => {
      if (!(await standStill(client, changes))) return false;
      const written = changes.filter(({ upserts }) => upserts.length > 0);
      const last = written.length > 0 ? await lastKeys(client, written) : new Map();
      const parts = changes.map((change) => {
        const { known, fresh } = parted(change.upserts, last.get(change));
        const definition = views.of(change.table.view);
        return {
          known: { ...change, definition, upserts: known },
          fresh: { ...change, definition, upserts: fresh },
        };
      });
      const { text, values } = commitStatement(parts.map(({ known }) => known));
      const { rows } = await client.query<{ committed: boolean }>(text, [...values]);
      if (rows[0]?.committed !== true) return false;
      for (const { fresh } of parts) await copy(client, fresh);
      return true;
    });
    // Not taken: an ordinary commit is not taken either, and says why.
    return loaded ? 'committed' : commit(changes);
  };
