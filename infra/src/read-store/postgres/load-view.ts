import type { Checkpoint, Row, ViewDefinition } from '@sentinel/contracts/kernel';
import type { Pool } from 'pg';
import { reaching } from './failures.ts';
import type { LoadedView } from './hot-views.ts';
import { type CheckpointRow, column, tableName, toCheckpoint } from './tables.ts';

type Loaded = CheckpointRow & { readonly key: string | null; readonly row: Row };

const highest = (field: string): string => `highest_${field}`;

/**
 * The last rows of a table by key, at most `limit`, with the checkpoint at which they stand, and the highest
 * text of each field in the rows before them, in one look.
 */
export const loadView = (
  pool: Pool,
  {
    table,
    definition,
    limit,
  }: { readonly table: Checkpoint; readonly definition: ViewDefinition; readonly limit: number },
): Promise<LoadedView | undefined> =>
  reaching(async () => {
    const { fields } = definition;
    // By the field's index from its end: the rows that are loaded are stepped over, and the first one left is it.
    const before = fields.map(
      (field) => `(select max(${column(field)}) from ${tableName(table)}
        where key < (select min(key) from newest)) as ${highest(field)}`,
    );
    const { rows } = await pool.query<Loaded & Readonly<Record<string, string | null>>>(
      `with newest as materialized (select * from ${tableName(table)} order by key desc limit $3)
       select c.view, c.generation, c.version, c.position::text as position, c.parked,
         ${['r.*', ...before].join(', ')}
       from sentinel.rm_checkpoints c left join newest r on true
       where c.view = $1 and c.generation = $2 and c.state = 'serving'`,
      [table.view, table.generation, limit],
    );
    const first = rows[0];
    if (first === undefined) return undefined;
    const { view, generation, version, position, parked } = first;
    const beneath = fields.flatMap((field) => {
      const text = first[highest(field)] ?? null;
      return text === null ? [] : [[field, text]];
    });
    return {
      beneath: Object.fromEntries(beneath),
      checkpoint: toCheckpoint({ view, generation, version, position, parked }),
      rows: rows.flatMap((found) => {
        if (found.key === null) return [];
        const texts = fields.map((field) => [field, found[column(field)] ?? null]);
        return [{ key: found.key, row: found.row, fields: Object.fromEntries(texts) }];
      }),
    };
  });
