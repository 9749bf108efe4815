import type { Checkpoint, Row, ViewDefinition, ViewRow } from '@sentinel/contracts/kernel';
import type { Pool } from 'pg';
import { reaching } from './failures.ts';
import { type CheckpointRow, column, tableName, toCheckpoint } from './tables.ts';

type Loaded = CheckpointRow & { readonly key: string | null; readonly row: Row };

/** The last rows of a table by key, at most `limit`, with the checkpoint at which they stand, in one look. */
export const loadView = (
  pool: Pool,
  {
    table,
    definition,
    limit,
  }: { readonly table: Checkpoint; readonly definition: ViewDefinition; readonly limit: number },
): Promise<{ readonly checkpoint: Checkpoint; readonly rows: readonly ViewRow[] } | undefined> =>
  reaching(async () => {
    const { rows } = await pool.query<Loaded & Readonly<Record<string, string | null>>>(
      `select c.view, c.generation, c.version, c.position::text as position, c.parked, r.*
       from sentinel.rm_checkpoints c
       left join lateral (select * from ${tableName(table)} order by key desc limit $3) r on true
       where c.view = $1 and c.generation = $2 and c.state = 'serving'`,
      [table.view, table.generation, limit],
    );
    const first = rows[0];
    if (first === undefined) return undefined;
    const { view, generation, version, position, parked } = first;
    return {
      checkpoint: toCheckpoint({ view, generation, version, position, parked }),
      rows: rows.flatMap((found) => {
        if (found.key === null) return [];
        const fields = definition.fields.map((field) => [field, found[column(field)] ?? null]);
        return [{ key: found.key, row: found.row, fields: Object.fromEntries(fields) }];
      }),
    };
  });
