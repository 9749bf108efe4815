import type { LogPosition, ViewDefinition, ViewTable } from '@sentinel/contracts/kernel';

/** Names are checked where views are declared, so they can stand in statements as they are. */
export const tableName = ({ view, generation }: ViewTable): string =>
  `sentinel.rm_${view}_v${generation}`;
export const viewName = (view: string): string => `sentinel.rm_${view}`;
export const column = (field: string): string => `f_${field}`;

export const createCheckpoints = `
  create schema if not exists sentinel;
  create table if not exists sentinel.rm_checkpoints (
    view text collate "C" not null,
    -- Counts the tables that were built for the view.
    generation integer not null,
    version integer not null,
    state text not null check (state in ('building', 'serving', 'retired')),
    -- EventStoreDB's positions need 39 digits.
    position numeric(39) not null,
    parked text,
    primary key (view, generation)
  );
  create unique index if not exists rm_checkpoints_serving
    on sentinel.rm_checkpoints (view) where state = 'serving'`;

export const createTable = (table: ViewTable, { fields }: ViewDefinition): string => `
  create table ${tableName(table)} (
    key text collate "C" primary key,
    -- json and not jsonb: it comes back faster, and nothing looks into it here. It stays in its page,
    -- compressed where it is long: what a row was before is then cleared away with the page's next
    -- change, and not only when the table is vacuumed.
    row json storage main not null
    ${fields.map((field) => `, ${column(field)} text collate "C"`).join('')}
  )`;

/** An equal field finds its rows in the order of their keys, so a page costs what a page holds. */
export const createIndexes = (table: ViewTable, { fields }: ViewDefinition): string =>
  [
    ...fields.map(
      (field) => `create index if not exists rm_${table.view}_v${table.generation}_${field}
        on ${tableName(table)} (${column(field)}, key) where ${column(field)} is not null`,
    ),
    `analyze ${tableName(table)}`,
  ].join(';');

export const createView = (table: ViewTable): string =>
  `drop view if exists ${viewName(table.view)};
   create view ${viewName(table.view)} as select * from ${tableName(table)}`;

export type CheckpointRow = {
  readonly view: string;
  readonly generation: number;
  readonly version: number;
  readonly position: string;
  readonly parked: string | null;
};

export const checkpointColumns = 'view, generation, version, position::text as position, parked';

export const toCheckpoint = ({ position, ...row }: CheckpointRow) => ({
  ...row,
  logPosition: BigInt(position) as LogPosition,
});
