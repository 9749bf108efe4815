import type { Find, ViewDefinition } from '@sentinel/contracts/kernel';
import type { Statement } from './commit-statement.ts';
import { column, viewName } from './tables.ts';

const serving = ({ name, version }: ViewDefinition): string =>
  `c.view = '${name}' and c.state = 'serving' and c.version = ${version}`;

/** Row and checkpoint in one look: the position answered is exactly that of the row. */
export const getStatement = (definition: ViewDefinition): string => `
  select c.position::text as position, c.parked, r.row
  from sentinel.rm_checkpoints c left join ${viewName(definition.name)} r on r.key = $1
  where ${serving(definition)}`;

/** The same for a page; an empty one is a single row without a key. */
export const findStatement = (definition: ViewDefinition, find: Find): Statement => {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const { where = {}, between, cursor, newestFirst } = find;
  const conditions = Object.keys(where)
    .sort()
    .map((field) => `${column(field)} = ${parameter(where[field])}`);
  if (between?.from !== undefined)
    conditions.push(`${column(between.field)} >= ${parameter(between.from)}`);
  if (between?.to !== undefined)
    conditions.push(`${column(between.field)} < ${parameter(between.to)}`);
  if (between !== undefined) conditions.push(`${column(between.field)} is not null`);
  if (cursor !== undefined)
    conditions.push(`key ${newestFirst === true ? '<' : '>'} ${parameter(cursor)}`);
  const order = newestFirst === true ? 'desc' : 'asc';
  const text = `
    select c.position::text as position, c.parked, r.key, r.row
    from sentinel.rm_checkpoints c left join lateral (
      select key, row from ${viewName(definition.name)}
      ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
      order by key ${order} limit ${parameter(find.limit)}
    ) r on true
    where ${serving(definition)}
    order by r.key ${order}`;
  return { text, values };
};
