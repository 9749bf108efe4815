import type { ProjectionStore, ViewLoad } from '@sentinel/contracts/kernel';
import type { Pool, PoolClient } from 'pg';
import { copyRows } from '../../postgres/index.ts';
import type { Definitions } from '../definitions.ts';
import { type Change, commitStatement } from './commit-statement.ts';
import { inTransaction } from './table-states.ts';
import { column, tableName } from './tables.ts';

/** Keeps the table where it is until the transaction ends; false when it is gone or stands elsewhere. */
const standsStill = async (client: PoolClient, { table, from }: ViewLoad): Promise<boolean> => {
  const { rowCount } = await client.query(
    `select from sentinel.rm_checkpoints
     where view = $1 and generation = $2 and position = $3 and state = 'building' for update`,
    [table.view, table.generation, `${from}`],
  );
  return rowCount === 1;
};

/** Rows behind every key that the table holds are new for certain: those are copied. */
const parted = async (
  client: PoolClient,
  { table, upserts }: ViewLoad,
): Promise<{ readonly known: ViewLoad['upserts']; readonly fresh: ViewLoad['upserts'] }> => {
  const { rows } = await client.query<{ last: string | null }>(
    `select max(key) as last from ${tableName(table)}`,
  );
  const last = rows[0]?.last ?? null;
  if (last === null) return { known: [], fresh: upserts };
  const isFresh = ({ key }: ViewLoad['upserts'][number]) =>
    Buffer.compare(Buffer.from(key), Buffer.from(last)) > 0;
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
      const parts = [];
      for (const change of changes) {
        if (!(await standsStill(client, change))) return false;
        const { known, fresh } = await parted(client, change);
        const definition = views.of(change.table.view);
        parts.push({
          known: { ...change, definition, upserts: known },
          fresh: { ...change, definition, upserts: fresh },
        });
      }
      const { text, values } = commitStatement(parts.map(({ known }) => known));
      const { rows } = await client.query<{ committed: boolean }>(text, [...values]);
      if (rows[0]?.committed !== true) return false;
      for (const { fresh } of parts) await copy(client, fresh);
      return true;
    });
    // Not taken: an ordinary commit is not taken either, and says why.
    return loaded ? 'committed' : commit(changes);
  };
