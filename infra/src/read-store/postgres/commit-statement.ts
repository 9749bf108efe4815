import type {
  RowText,
  ViewChange,
  ViewDefinition,
  ViewLoad,
  ViewRow,
} from '@sentinel/contracts/kernel';
import { textArray } from '../../postgres/index.ts';
import { column, tableName } from './tables.ts';

/** A change with the definition of its view. */
export type Change = ViewLoad & { readonly definition: ViewDefinition };

const textOf = ({ key, row, fields }: ViewRow): RowText => ({
  key,
  fields,
  text: JSON.stringify(row),
});

/** The change with its rows as they are stored. */
export const asText = (change: ViewChange): ViewLoad => ({
  ...change,
  upserts: change.upserts.map(textOf),
});

export type Statement = { readonly text: string; readonly values: readonly unknown[] };

const hasRows = ({ upserts, deletes }: Change): boolean => upserts.length + deletes.length > 0;

/**
 * One statement, and so one transaction and one round trip: it locks the checkpoints, and only when
 * every one of them stands where its change starts does it move them and write the rows. Answers one
 * row that says whether it did.
 */
export const commitStatement = (changes: readonly Change[]): Statement => {
  const written = changes.filter(hasRows);
  const parts = [checkpoints];
  const values: unknown[] = [
    changes.map(({ table }) => table.view),
    changes.map(({ table }) => table.generation),
    changes.map(({ from }) => `${from}`),
    changes.map(({ to }) => `${to}`),
    changes.map(({ parked }) => parked),
  ];
  for (const [index, change] of written.entries()) {
    parts.push(writes(change, index, values.length + 1));
    values.push(...valuesOf(change));
  }
  return { text: `with ${parts.join(', ')} select yes as committed from standing`, values };
};

const checkpoints = `
  locked as materialized (
    select c.view, c.generation, m.next, m.parked
    from sentinel.rm_checkpoints c
    join unnest($1::text[], $2::integer[], $3::numeric[], $4::numeric[], $5::text[])
      as m (view, generation, start, next, parked)
      on c.view = m.view and c.generation = m.generation and c.position = m.start
    where c.state <> 'retired'
    for update of c
  ), standing as materialized (
    select count(*) = cardinality($1::text[]) as yes from locked
  ), moved as (
    update sentinel.rm_checkpoints c set position = l.next, parked = l.parked
    from locked l
    where c.view = l.view and c.generation = l.generation and (select yes from standing)
  )`;

const writes = ({ table, definition }: Change, index: number, first: number): string => {
  const columns = ['key', 'row', ...definition.fields.map(column)];
  const fields = definition.fields.map((_, field) => `$${first + 3 + field}::text[]`);
  const arrays = [`$${first}::text[]`, `$${first + 1}::text[]`, ...fields].join(', ');
  const updates = columns.slice(1).map((name) => `${name} = excluded.${name}`);
  return `
  upserted_${index} as (
    insert into ${tableName(table)} (${columns.join(', ')})
    select ${columns.map((name) => (name === 'row' ? 'u.row::json' : `u.${name}`)).join(', ')}
    from unnest(${arrays}) as u (${columns.join(', ')})
    where (select yes from standing)
    on conflict (key) do update set ${updates.join(', ')}
  ), deleted_${index} as (
    delete from ${tableName(table)} where key = any ($${first + 2}::text[]) and (select yes from standing)
  )`;
};

const valuesOf = ({ upserts, deletes, definition }: Change): readonly unknown[] => [
  textArray(upserts.map(({ key }) => key)),
  textArray(upserts.map(({ text }) => text)),
  textArray(deletes),
  ...definition.fields.map((field) => upserts.map(({ fields }) => fields[field] ?? null)),
];
